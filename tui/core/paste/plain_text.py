"""Normalise text: escapes, unusual blanks and quotes, comments, bullets, markup.

Pure, linear in the text.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from tui.core.job_ids import LONGEST_RANGE

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*+[ -/]*+[@-~]|\][^\x07\x1b\n]*+(?:\x07|\x1b\\)?|[@-Z\\^_])")

_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)

_ALIKE = str.maketrans({
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a", "'"),
    **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"), "\uff1a": ":", "\uff0c": ",", "\uff1b": ";", "\u3001": ",",
})  # fmt: skip

_GROUPING_SPACE = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))", re.ASCII)

_ENTITY = re.compile(r"&(?:quot|nbsp|amp|lt|gt|apos|#\d{1,6}|#x[0-9a-f]{1,6});", re.IGNORECASE)

_PERCENT = re.compile(r"%(?:22|7b|3a|3d|2c|5b)", re.IGNORECASE)


def normalised(text: str) -> str:
    """Return the text without terminal escapes and invisible characters, with ASCII blanks, quotes and line ends."""
    text = _ESCAPES.sub("", text.replace("\r\n", "\n")) if "\x1b" in text else text.replace("\r\n", "\n")
    if not text.isascii():
        text = _GROUPING_SPACE.sub("'", text).translate({**_ALIKE, **_INVISIBLE})
    elif not text.isprintable():
        text = text.translate(_ALIKE)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text).replace("\u00a0", " ")
    return unquote(text) if "%" in text and _PERCENT.search(text) else text


_COMMENT = re.compile(r"(?:^|(?<=\s))#(?![<\[{])[^\n]*", re.MULTILINE)

_HASHED = re.compile(r"\s*#\d+(?:[\s,;]+#\d+)*\s*", re.ASCII)


def without_comments(text: str) -> str:
    """Return the text with blanks instead of comments, so that positions stay. `#884213 #884214` is no comment."""
    if "#" not in text or (_HASHED.fullmatch(text) and "\n" not in text.strip()):
        return text
    return _COMMENT.sub(lambda comment: " " * len(comment[0]), text)


def without_opening_letter(text: str) -> str:
    """Return the text without `a` or `i` before its first digit: keys that open the input."""
    return re.sub(r"^\s*[ai](?=\d)", "", text)


_SLASHED = re.compile(r"\s*\d{5,19}(?:\s*/\s*\d{5,19})+\s*", re.ASCII)


def without_slashes(text: str) -> str:
    """Return `884213/884214` with blanks; any text unchanged whose numbers are not as long as each other and near."""
    if not _SLASHED.fullmatch(text):
        return text
    numbers = re.findall(r"\d+", text)
    is_near = max(map(int, numbers)) - min(map(int, numbers)) < LONGEST_RANGE
    return text.replace("/", " ") if is_near and len(set(map(len, numbers))) == 1 else text


_DECORATION = re.compile(
    r"""
      # bullets, numbers and boxes before an item
      ^[ \t>]*(?:[-*+\u2022\u25aa\u25e6]|\d{1,3}[.)])[ \t]+(?:\[[ x]\][ \t]+)?
    | \A[^\d\n]{1,60}:[ \t]*\n                                                  # a title
    | [\[\](){}<>"'`\#*_|] | ~~ | [.!?]+(?=\s|$) | :(?=\s*$)
    | (?<!\S)(?:and|und|or|oder|&)(?!\S)
    """,
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)


def undecorated(text: str) -> str:
    """Return the text without bullets, brackets, quotation marks and words between list items."""
    return "" if len(text) > 200_000 else _DECORATION.sub(" ", text)


_HTML_TAG = re.compile(
    r"<(?P<close>/?)(?:[\w-]{1,40}:)?(?P<name>[A-Za-z][\w.-]{0,60})(?P<attributes>\s[^<>]*+)?/?>|<[?!][^<>]*+>"
)

_CELLS, _BLOCKS = (
    frozenset({"td", "th"}),
    frozenset({"tr", "p", "div", "li", "br", "ul", "ol", "table", "h1", "h2", "h3", "h4", "pre"}),
)

_AROUND_CELLS = re.compile(r"\s*+(</?(?:t[dhr]|thead|tbody|tfoot|table)(?:\s[^<>]*+)?>)\s*+", re.IGNORECASE)
"""A tag of a table and the line breaks around it, which would end the row."""

_NAMELESS = frozenset({
    "long", "int", "integer", "string", "value", "item", "b", "i", "u", "em", "strong", "code", "span", "a", "font",
    "html", "body",
    "tbody", "thead", "tfoot",
})  # fmt: skip


_OBJECT = re.compile(r"\b((?:inventory|kibo|queue|refresh|adjust)?job[{\[]\s*[\"']?)id(?=[\"']?\s*[:=])", re.IGNORECASE)


def with_named_ids(text: str) -> str:
    """Return the text with `Job{jobID=884213` for `Job{id=884213`, as Java and metrics print an object."""
    return _OBJECT.sub(r"\1jobID", text)


def without_tags(text: str) -> str:
    """Return XML and HTML as names and values: `<jobID>884213</jobID>` becomes ` jobID: 884213; `; tables get tabs."""
    if "</" not in text and "/>" not in text:
        return text
    return _HTML_TAG.sub(_written_tag, _AROUND_CELLS.sub(r"\1", text))


def _written_tag(tag: re.Match[str]) -> str:
    name = (tag["name"] or "").lower()
    if name in _CELLS:
        return "\t" if tag["close"] else ""
    if name in {"tr", "li"} and tag["close"]:
        return ""  # the next one begins a line; an empty line would end a table or a list
    if name in _BLOCKS:
        return "\n"
    has_link = re.search(r"/(?:queue|jobs)/\d", tag["attributes"] or "") is not None
    if not has_link and (not name or name in _NAMELESS):
        return "; " if tag["close"] and name in {"long", "int", "integer", "string", "value", "item"} else " "
    if tag["close"]:
        return "; "
    return (
        f" {tag['name']} {tag['attributes']} "
        if tag["attributes"] and "=" in tag["attributes"]
        else f" {tag['name']}: "
    )
