"""Whether a letter that opened the input as a key was the first letter of a file name. Pure."""

from __future__ import annotations

import re

from tui.core.paste import extract_ids

OPENERS = frozenset({"a", "i"})

"""Letters that open the input."""

_STARTS = "inv item import inbound adj all avail archive"

"""How names of files begin that begin with one of these letters."""

_WORDS = (
    "inv item import inbound adj all avail archive kibo stock store refresh replace upload update file feed data delta full "
    "test job loc qty quantity export product price sku store wms erp sap daily night hour store_inventory"
)

"""How names of files begin."""

_FIRST = re.compile("|".join(_STARTS.split()), re.IGNORECASE)

_WHOLE = re.compile(rf"[\W\dA-Z]|(?i:{'|'.join(_WORDS.split())})")

_SHORTEST = 5

"""Characters of a name that arrives at once and is no keys."""


def is_first_letter(letter: str, text: str) -> bool:
    """Return whether `letter` and `text` begin like the name of a file, and `text` alone does not: `i` and
    `nv_0930.csv`.
    """
    return bool(letter and text and _FIRST.match(letter + text) and not _WHOLE.match(text))


def may_lack_letter(text: str) -> bool:
    """Return whether a name may lack its first letter: it begins with a small letter, and with no word that
    is known.
    """
    return bool(text) and _WHOLE.match(text) is None


def is_name(text: str) -> bool:
    """Return whether characters that arrived at once, where letters are keys, are the name of a file: a paste without
    brackets.
    """
    if len(text) < _SHORTEST or text[0] in "/:" or len(re.findall(r"\w", text)) < _SHORTEST - 1:
        return False
    if not extract_ids(text).file_pattern:
        return False
    return text[0] not in OPENERS or is_first_letter(text[0], text[1:]) or may_lack_letter(text[1:])
