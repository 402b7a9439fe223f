"""Decode JSON from the network, compare it, and make its text safe to show. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue
from pydantic_core import from_json

from tui.core.text import plain

_BAD_TEXT = ("hex escape", "surrogate", "unicode code point", "control character")

"""Complaints of the strict parser about one string; a merchant's file name must not hide a whole list of jobs."""

_LETTERS = re.compile("[\n -~\u00a1-\u00ac\u00ae-\u02ff\u0410-\u044f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fef]*")

"""Latin, Cyrillic, kana and Han, which `plain()` leaves as they are, whatever stands beside them."""

_SCALARS = frozenset({str, int, bool, type(None)})

_DEEPEST = 200

"""Levels that the strict parser reads; nothing that walks through a value has to fear more."""


def decode(body: bytes) -> JsonValue:
    """Return the JSON value of `body` as it was sent; NaN and infinity, which JSON lacks, are words.

    Half a surrogate pair, a wrong byte or a raw control character spoils nothing. The strings are not fit to be shown:
    see `cleaned`.

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


def decode_strictly(body: bytes) -> JsonValue:
    """Return what `decode` does.

    Raises:
        ValueError: `body` is no JSON, or holds a string that `decode` alone can save.
    """
    return finite(from_json(body))


def is_plain(body: bytes) -> bool:
    """Return whether every string in JSON that the strict parser takes is fit to be shown as it is.

    There is nothing beyond ASCII in it, no escape and no DEL, and that parser takes no other control character: one
    look at the body
    spares one at each string. What `decode` alone can save is another matter.
    """
    return body.isascii() and b"\\" not in body and b"\x7f" not in body


def finite(value: Any) -> JsonValue:  # noqa: ANN401  # the JSON border
    """Return `value` with words in place of NaN and infinity."""
    return value if _is_finite(value) else _worded(value)


def cleaned(value: Any) -> JsonValue:  # noqa: ANN401  # the JSON border
    """Return a decoded value fit to be shown: its strings are `plain()`."""
    if isinstance(value, str):
        return value if _LETTERS.fullmatch(value) else plain(value)
    if isinstance(value, dict):
        return cleaned_object(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    return value  # type: ignore[no-any-return]  # what is left of JSON: numbers, booleans and null


def cleaned_object(sent: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a decoded object fit to be shown, names included; itself where it is so already."""
    if _is_lettered(sent):
        fit = {name: item if type(item) in _SCALARS else cleaned(item) for name, item in sent.items()}
    else:
        fit = {
            plain(name): cleaned(item) for name, item in sent.items()
        }  # of names that become equal the last one counts
    return sent if fit == sent else fit


def json_text(value: JsonValue) -> str:
    """Return a JSON value as a person reads it: strings bare, everything else as JSON."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else json.dumps(value, ensure_ascii=False)


def looks_same(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> bool:
    """Return whether two objects would be shown alike, order of names included; to Python alone 1, 1.0 and true are
    equal.
    """
    if one != other or [*one] != [*other]:
        return False
    for mine, yours in zip(one.values(), other.values(), strict=True):
        if mine is not yours and (
            type(mine) is not type(yours) or (type(mine) not in _SCALARS and repr(mine) != repr(yours))
        ):
            return False
    return True


def _is_lettered(sent: dict[str, JsonValue]) -> bool:
    """Whether neither a name nor a string of this object needs cleaning; one look at all of them is cheaper than one at
    each.
    """
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
    """Whether no number in this value, however deep, is NaN or infinite."""
    if isinstance(value, float):
        return math.isfinite(value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = [item for item in items if type(item) not in _SCALARS and item]
    return not inner or all(map(_is_finite, inner))
