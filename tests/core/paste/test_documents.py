import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.job_ids import NotAJob
from tui.core.paste.documents import CUT_OFF, decoded, documents

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\u2028\u2029"), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)
OBJECTS = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4)


@given(st.lists(OBJECTS, min_size=1, max_size=3), st.sampled_from([None, 1, 2]))
def test_json_between_other_text_is_read_as_json(values, indent):
    text = "".join(f"answer: {json.dumps(value, indent=indent)} in 12 ms\n" for value in values)

    assert [document.value for document in documents(text)] == values


@given(st.lists(OBJECTS, min_size=1, max_size=3))
def test_what_looks_like_json_is_read_as_what_it_says(values):
    text = "\n".join(
        f"answer: {json.dumps(value)[:-1]},}} in 12 ms" for value in values
    )  # a comma at its end is no JSON

    assert [document.value for document in documents(text)] == values


@given(
    st.dictionaries(
        st.text("abcXYZ_", min_size=1), st.none() | st.booleans() | st.integers(-(10**17), 10**17), min_size=1
    )
)
def test_the_repr_of_python_is_read(value):
    (document,) = documents(f"got {value!r} in 12 ms")

    assert document.value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("{ jobID: 5, ok: true }", {"jobID": 5, "ok": True}, id="javascript"),
        pytest.param("{jobID:5 tenantID:7}", {"jobID": 5, "tenantID": 7}, id="go"),
        pytest.param('{"jobID"=>5}', {"jobID": 5}, id="ruby"),
        pytest.param("{jobID=5, x=None}", {"jobID": 5, "x": None}, id="java"),
        pytest.param('{"jobID": 5.0}', {"jobID": 5}, id="whole-number-with-a-point"),
        pytest.param('{"jobID": 5.5}', {"jobID": "5.5"}, id="fraction"),
        pytest.param('{"a": [1, 2', {"a": [1, f"2{CUT_OFF}"]}, id="cut-off-in-a-number"),
        pytest.param('{"a": "xy', {"a": f"xy{CUT_OFF}"}, id="cut-off-in-a-text"),
        pytest.param('{"a": 1, "b"', {"a": 1}, id="cut-off-at-a-key"),
        pytest.param('{"a": 1, ...}', {"a": 1}, id="elided"),
        pytest.param("{a: 2026-11-29T09:30:03.000Z, b: 1}", {"a": "2026-11-29T09:30:03.000Z", "b": 1}, id="moment"),
    ],
)
def test_other_notations(text, value):
    (document,) = documents(f"x {text}")

    assert document.value == value


@pytest.mark.parametrize("text", ["[4711]", "[INFO]", "{}", "{884213}", "[x] {y}", "no bracket"])
def test_what_has_no_key_is_no_document(text):
    assert list(documents(text)) == []


def test_a_text_of_json_alone_is_decoded_as_such():
    assert decoded('{"a": 1}\n') == ({"a": 1},)
    assert decoded('{"a": 1}\n\n[2]\n') == ({"a": 1}, [2])
    assert decoded('{"a": 1}{"a": 2}') is None
    assert decoded("x") is None


def test_brackets_without_end_are_refused():
    with pytest.raises(NotAJob):
        list(documents("{a {" * 20_000))
