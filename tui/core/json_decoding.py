"""Decode JSON from the network, compare it, and make its text safe to show. Pure."""

from __future__ import annotations

import json
import marshal
import math
import re
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue
from pydantic_core import from_json

from tui.core.text import plain

_BAD_TEXT = ("hex escape", "surrogate", "unicode code point", "control character")
"""Errors of the strict parser about a single string; one bad file name must not hide a whole list of jobs."""

_LETTERS = re.compile("[\n -~\u00a1-\u00ac\u00ae-\u02ff\u0410-\u044f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fef]*")
"""Latin, Cyrillic, kana and Han, which `plain()` never changes."""

_SCALARS = frozenset({str, int, bool, type(None)})

_DEEPEST = 200
"""Deepest nesting that the strict parser accepts; recursive functions rely on it."""


def decode(body: bytes) -> JsonValue:
    """Return the decoded JSON of `body`, with NaN and infinity as text.

    Tolerates lone surrogates, invalid bytes and raw control characters. The strings are not safe to show: see
    `cleaned`.

    Raises:
        ValueError: `body` is no JSON, nests over 200 levels or holds a number of over 4,300 digits.
    """
    try:
        return finite(from_json(body))
    except ValueError as error:
        if not any(word in str(error) for word in _BAD_TEXT):
            raise
    try:
        value = json.loads(body.decode(errors="replace"), strict=False)
    except RecursionError as error:
        raise ValueError("recursion limit exceeded") from error
    if _nests_deeper(value, _DEEPEST):
        raise ValueError("recursion limit exceeded")
    return finite(value)


def repeats_a_name(body: bytes) -> bool:
    """Return whether an object in a valid JSON body has the same name twice: readers differ in which value they take."""
    is_repeated = False

    def seen(pairs: list[tuple[str, Any]]) -> None:
        nonlocal is_repeated
        is_repeated |= len({name for name, _ in pairs}) < len(pairs)

    json.loads(body.decode(errors="replace"), strict=False, object_pairs_hook=seen)
    return is_repeated


def is_plain(body: bytes) -> bool:
    """Return whether all strings of a valid JSON body are safe to show unchanged.

    True for ASCII without escapes and DEL. One check of the body replaces a check of each string. Applies only to
    bodies that the strict parser accepts: it rejects other control characters.
    """
    return body.isascii() and b"\\" not in body and b"\x7f" not in body


def finite(value: Any) -> JsonValue:  # noqa: ANN401  # the JSON border
    """Return `value` with text instead of NaN and infinity."""
    return value if _is_finite(value) else _worded(value)


def cleaned(value: Any) -> JsonValue:  # noqa: ANN401  # the JSON border
    """Return a decoded value that is safe to show: its strings are `plain()`."""
    if isinstance(value, str):
        return value if _LETTERS.fullmatch(value) else plain(value)
    if isinstance(value, dict):
        return cleaned_object(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    return value  # type: ignore[no-any-return]  # what is left of JSON: numbers, booleans and null


def cleaned_object(sent: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a decoded object that is safe to show, including names; the same object if nothing changes."""
    if _is_lettered(sent):
        fit = {name: item if type(item) in _SCALARS else cleaned(item) for name, item in sent.items()}
    else:
        fit = {plain(name): cleaned(item) for name, item in sent.items()}  # if names become equal, the last one wins
    return sent if fit == sent else fit


def json_text(value: JsonValue) -> str:
    """Return a JSON value for display: strings without quotes, everything else as JSON."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else json.dumps(value, ensure_ascii=False)


def looks_same(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> bool:
    """Return whether two objects look the same, including the order of names; Python's `==` treats 1, 1.0 and true as
    equal.
    """
    # Version 0 writes each value with its type, in order, and equal values always alike; it is the fastest that does.
    return one == other and marshal.dumps(dict(one), 0) == marshal.dumps(dict(other), 0)


def _is_lettered(sent: dict[str, JsonValue]) -> bool:
    """Whether no name and no string of this object needs cleaning; one check of all is faster than one of each."""
    return _LETTERS.fullmatch("".join([*sent, *[item for item in sent.values() if isinstance(item, str)]])) is not None


def _nests_deeper(value: JsonValue, levels: int) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(_nests_deeper(item, levels - 1) for item in items if isinstance(item, dict | list))


def _worded(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _worded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_worded(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _is_finite(value: JsonValue) -> bool:
    """Whether the value contains no NaN and no infinity at any depth."""
    if isinstance(value, float):
        return math.isfinite(value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = [item for item in items if type(item) not in _SCALARS and item]
    return not inner or all(map(_is_finite, inner))
