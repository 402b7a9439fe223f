"""Decide whether the key that opened the input was the first letter of a file name. Pure."""

from __future__ import annotations

import re

from tui.core.paste import extract_ids
from tui.ui.commands import keys_of

OPENERS = frozenset(keys_of("jobs.add"))
"""Letters that open the input."""

_STARTS = "inv item import inbound adj all avail archive"
"""Common starts of file names with one of these letters."""

_WORDS = (
    "inv item import inbound adj all avail archive kibo stock store refresh replace upload update file feed data delta "
    "full test job loc qty quantity export product price sku store wms erp sap daily night hour store_inventory"
)
"""Common starts of file names."""

_FIRST = re.compile("|".join(_STARTS.split()), re.IGNORECASE)

_WHOLE = re.compile(rf"[\W\dA-Z]|(?i:{'|'.join(_WORDS.split())})")

_SHORTEST = 5
"""Minimum characters of a name that arrives in one piece."""


def is_first_letter(letter: str, text: str) -> bool:
    """Return whether `letter` plus `text` looks like a file name and `text` alone does not: `i` and `nv_0930.csv`."""
    return bool(letter and text and _FIRST.match(letter + text) and not _WHOLE.match(text))


def may_lack_letter(text: str) -> bool:
    """Return whether the first letter of a name may be missing: it starts in lower case and with no known word."""
    return bool(text) and _WHOLE.match(text) is None


def is_name(text: str) -> bool:
    """Return whether characters that arrived together are a file name, pasted without brackets, and not keys."""
    if len(text) < _SHORTEST or text[0] in "/:" or len(re.findall(r"\w", text)) < _SHORTEST - 1:
        return False
    if not extract_ids(text).file_pattern:
        return False
    return text[0] not in OPENERS or is_first_letter(text[0], text[1:]) or may_lack_letter(text[1:])
