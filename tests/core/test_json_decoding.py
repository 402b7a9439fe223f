"""The short cuts of decoding against the plain way: whatever arrives, both must give the same."""

import json
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.json_decoding import _LETTERS, cleaned, decode, is_plain, looks_same
from tui.core.text import plain

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["a.csv", "Zürich\r\n", "row 7\n", "\x7f", "\x1b[c", "\ufe0f", "東京", "e\u0301" * 5, '"\\/']
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**30, -0.0, math.inf, math.nan])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def slowly_cleaned(value):
    match value:
        case str():
            return plain(value)
        case dict():
            return {plain(name): slowly_cleaned(item) for name, item in value.items()}
        case list():
            return [slowly_cleaned(item) for item in value]
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
    return value


@given(JSON, st.booleans())
def test_what_is_decoded_is_cleaned_as_a_whole(value, is_ascii):
    body = json.dumps(value, ensure_ascii=is_ascii).encode(errors="surrogatepass")

    assert repr(cleaned(decode(body))) == repr(slowly_cleaned(json.loads(body.decode(errors="replace"), strict=False)))


@given(JSON)
def test_body_that_is_plain_needs_no_cleaning(value):
    body = json.dumps(value).encode()

    assert not is_plain(body) or repr(decode(body)) == repr(slowly_cleaned(json.loads(body)))


@pytest.mark.parametrize(
    "body", [b'["a\x7fb"]', b'{"a\\u001bb": 1}', '["\u202e"]'.encode()], ids=["DEL", "ESC", "bidi"]
)
def test_no_short_cut_passes_what_must_be_cleaned(body):
    assert not is_plain(body)


@pytest.mark.parametrize("body", [b"[[1e999]]", b'[{"a": {"b": [-1e999]}}]', b'{"a\\ud83d": NaN}'])
def test_numbers_that_json_lacks_become_words(body):
    assert "inf" not in repr(decode(body))
    json.dumps(decode(body), allow_nan=False)


@given(JSON.filter(lambda value: value == value and "inf" not in repr(value) and "nan" not in repr(value)))
def test_everything_else_is_decoded_as_it_was_sent(value):
    assert repr(decode(json.dumps(value).encode())) == repr(value)


def test_nesting_has_an_end_for_text_that_the_strict_parser_refuses():
    body = b'{"a": "\\ud83d", "b": ' + b"[" * 500 + b"]" * 500 + b"}"

    with pytest.raises(ValueError, match="recursion"):
        decode(body)


def test_letters_that_are_passed_unseen_need_no_cleaning():
    passed = [chr(code) for code in range(sys.maxunicode) if _LETTERS.fullmatch(chr(code))]

    assert [character for character in passed if plain(character) != character] == []
    assert plain("".join(passed)) == "".join(passed)


@given(JSON, JSON)
def test_objects_look_the_same_if_they_are_written_the_same(one, other):
    one, other = decode(json.dumps({"a": one}).encode()), decode(json.dumps({"a": other}).encode())

    assert looks_same(one, other) == (json.dumps(one) == json.dumps(other))
    assert looks_same(one, decode(json.dumps(one).encode()))


@pytest.mark.parametrize(
    "body",
    [b"", b'{"a": 1', b"{} x", b"\xef\xbb\xbf{}", b'{"a": %s}' % (b"9" * 5_000), b"[" * 100_000, b'{"a":"\\ud800","b":' + b"[" * 100_000, b"<html>"],
    ids=["empty", "cut", "trailing", "bom", "5000-digits", "deep", "deep-after-surrogate", "html"],
)  # fmt: skip
def test_what_is_no_json_is_a_value_error(body):
    with pytest.raises(ValueError, match=r"line \d+ column \d+|recursion limit exceeded"):
        decode(body)


@pytest.mark.parametrize(("levels", "is_read"), [(200, True), (201, False)])
def test_two_hundred_levels_are_the_most_where_the_strict_parser_refuses_text(levels, is_read):
    body = b"[" * levels + b'"\\ud83d"' + b"]" * levels

    if is_read:
        assert repr(decode(body)).count("[") == levels
    else:
        with pytest.raises(ValueError, match="recursion limit exceeded"):
            decode(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"NaN", "NaN"),
        (b"[1e999, -1e999, 0.0]", ["Infinity", "-Infinity", 0.0]),
        (b'{"a": [{"b": NaN}], "c": []}', {"a": [{"b": "NaN"}], "c": []}),
    ],
)
def test_each_number_that_json_lacks_has_its_word(body, value):
    assert decode(body) == value
