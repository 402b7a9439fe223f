import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.job_ids import NotAJob
from tui.core.paste.documents import CUT_OFF, cut_off_at, decoded, documents

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


@pytest.mark.parametrize("text", ['{"a": 1}\n5', '{"a": 1}\n{"a"', '{"a": 1', "[1]\n\nx", "", " 5", "[" * 100_000])
def test_a_text_with_anything_beside_json_is_not_decoded(text):
    assert decoded(text) is None


@pytest.mark.parametrize(
    ("text", "index"),
    [
        pytest.param('{"a": "x', 7, id="in-a-text"),
        pytest.param('\n{"a": "x \n', 8, id="with-blanks-around"),
        pytest.param('{"a": tr', 7, id="in-true"),
        pytest.param('[{"a": nul', 9, id="in-null"),
        pytest.param('{"a": 1', 6, id="behind-a-number"),
        pytest.param('{"a": ', 4, id="before-a-value"),
        pytest.param('{"a": tx', None, id="another-word"),
        pytest.param('{"a": 1} x', None, id="something-behind"),
        pytest.param('{"a": 1}', None, id="whole"),
        pytest.param('x {"a": "', None, id="something-before"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_end_of_json_that_is_cut_off_is_found(text, index):
    assert cut_off_at(text) == index


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("{a: }", {"a": None}, id="no-value-at-the-end"),
        pytest.param("{a: , b: 1}", {"a": None, "b": 1}, id="no-value"),
        pytest.param("{a: 1]", {"a": 1}, id="wrong-bracket"),
        pytest.param("{a: [1}", {"a": [1]}, id="wrong-bracket-in-a-list"),
        pytest.param("{a: {b: 1}, c: 2}", {"a": {"b": 1}, "c": 2}, id="nested"),
        pytest.param("{a: 1 {b: 2}", {"a": 1}, id="object-without-a-key"),
        pytest.param("{a: http://x, b: 2}", {"a": "http", "b": 2}, id="address"),
        pytest.param("{a: x\n: y, b: 2}", {"a": "x"}, id="separator-on-the-next-line"),
        pytest.param("{a: x y, b: 2}", {"a": "x", "b": 2}, id="two-words"),
        pytest.param("{a: x\ny, b: 2}", {"a": "x"}, id="word-on-the-next-line"),
        pytest.param("{a: x\ny: 2}", {"a": "x", "y": 2}, id="key-on-the-next-line"),
        pytest.param("{a: [1 2]}", {"a": [1, 2]}, id="blank-in-a-list"),
        pytest.param("{a: [1 2\n3]}", {"a": [1, 2]}, id="next-line-in-a-list"),
        pytest.param("{a: [1,\n2]}", {"a": [1, 2]}, id="comma-and-next-line-in-a-list"),
        pytest.param("{a: [1,,2]}", {"a": [1, 2]}, id="two-commas-in-a-list"),
        pytest.param("{a: [x: y, z]}", {"a": ["x", "y", "z"]}, id="separator-in-a-list"),
        pytest.param("{x y z a: 1}", {"a": 1}, id="three-words-before-a-key"),
        pytest.param('{"a": "x', {"a": f"x{CUT_OFF}"}, id="cut-off-text"),
        pytest.param('{"a": "', {"a": CUT_OFF}, id="cut-off-at-a-quote"),
        pytest.param("{a: 5 \n", {"a": f"5{CUT_OFF}"}, id="cut-off-number-with-blanks"),
        pytest.param("{a: 5 }", {"a": 5}, id="number"),
        pytest.param("{'a': 'it\\'s'}", {"a": "it's"}, id="escaped-quote"),
        pytest.param("{'a': 'x\ty\\n'}", {"a": "x\ty\n"}, id="tab-and-escape"),
        pytest.param('{a: "x\\u00e4"}', {"a": "x\u00e4"}, id="escaped-letter"),
        pytest.param(
            "{a: True, b: nil, c: undefined, d: false}", {"a": True, "b": None, "c": None, "d": False}, id="words"
        ),
    ],
)
def test_what_is_odd_is_read_as_far_as_it_makes_sense(text, value):
    first = next(documents(f"x {text}"))

    assert (first.value, first.start) == (value, 2)


@pytest.mark.parametrize("text", ["{: 1}", "{a:: 1}", "{w x y z a: 1}", "[1: {]", "{a}", "[[]]"])
def test_what_makes_no_sense_is_no_document(text):
    assert list(documents(text)) == []


@pytest.mark.parametrize(("text", "span"), [("x {a: 1} y", (2, 8)), ('{"a": 1}', (0, 8)), ("{a: 1] y", (0, 5))])
def test_a_document_has_its_place_in_the_text(text, span):
    (document,) = documents(text)

    assert (document.start, document.end) == span


@pytest.mark.parametrize(("depth", "count"), [(100, 1), (101, 0)])
def test_a_hundred_brackets_in_a_row_are_the_most(depth, count):
    brackets = depth - 1

    assert len(list(documents("[" * brackets + '{"a": 1}' + "]" * brackets))) == count


@pytest.mark.parametrize(("depth", "count"), [(100, 1), (101, 2)])
def test_what_looks_like_json_is_read_a_hundred_levels_deep(depth, count):
    assert len(list(documents("{a: " * depth + "1" + "}" * depth))) == count


@pytest.mark.parametrize("most", ["{a} " * 10_000, "[" + "1," * 149_999 + "1"], ids=["brackets", "tokens"])
def test_brackets_and_words_have_a_limit(most):
    assert list(documents(most)) == []
    with pytest.raises(NotAJob, match="too many brackets") as refused:
        list(documents(most + " ]{a}"))
    assert refused.value.position == (1 if most.startswith("[") else len(most) + 3)
