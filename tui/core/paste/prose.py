"""Find job ids in sentences and logs: numbers that the text calls a job. Pure, linear in the text."""

from __future__ import annotations

import re

from tui.core.job_ids import DASH, LARGEST_ID, LONGEST_RANGE, RANGE_WORD, valid_id
from tui.core.paste.mentions import Mention, Prose, mention_of
from tui.core.paste.own_output import own_ids

SURE_DIGITS = 4
"""Fewest digits of a number that is an id rather than a count after "jobs", or that may be an id without a name.
"""

LOOK_BACK = 48
"""Characters before a number to search for its name."""

_ID = r"[1-9]\d{0,18}"

_ID_WORD = r"(?:ids?|no|nr|nbr|num|numbers?|nummern?|kennung(?:en)?)(?![^\W\d_])\.?"

_FILLER = (
    r"(?:is|are|was|were|ist|sind|with|mit|by|the|this|these|der|die|den|des|das|dem|has|have|hat|haben|new|neue|neuen|following|folgende[nr]?"
    r"|created|accepted|started|queued|submitted|scheduled|enqueued|added|angelegt|gestartet|erstellt|wurden?|and|und|under|unter|got|gets|its"
    r"|an?|as|als|for|of|für|from|von)(?![^\W_])"
)

_DONE = (
    r"(?:created|accepted|started|queued|submitted|scheduled|enqueued|added|failed|stuck|done|finished|angelegt|gestartet|erstellt"
    r"|fehlgeschlagen|fertig)"
)

_BULLET = r"(?:[-*+\u2022\u25aa\u25e6\u2013\u2014]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?"

_J = "(?-i:[jJ])"
"""The letter in both cases, as a set: the regex engine can search for it, but tries `(?i)j` at each character."""

_LABEL = re.compile(
    rf"""
    {_J}ob(?:(?P<many>s(?![^\W\d_])|\(s\))|'s(?![^\W\d_]))?
    (?: (?P<named>[ \t_.-]{{0,3}}{_ID_WORD})
      | (?P<distant>(?:\s{{1,2}}{_FILLER}){{1,6}}+\s{{1,2}}{_ID_WORD})
      | (?P<reported>\s{_DONE}(?=\s?:))
      | (?P<words>(?:\s[^\W\d_]{{1,16}}+){{1,6}}+(?=\s?:))
      | (?![^\W\d_])
    )
    (?P<sign>[\s"'\\]{{0,4}}(?:
        [:=]=?>? | -> | \u2192 | [\u2013\u2014-](?=\s) | [,;|](?=[\s"]*\d+["\s]*$)
      | [.-](?<=job[.-])(?<![\w.-]job[.-])(?=\d{{3,}}(?![\w.-]))
      | (?<=\s)(?:is|are|was|were|ist|sind|lautet|lauten)(?=\s):? | (?<=\s)in(?=\s?\() | (?P<between>(?<=\s)(?:between|zwischen)(?=\s))
    )?)
    (?: (?P<bullet>[ \t]*\n[ \t>]*{_BULLET}["'`#*_]{{0,3}}) | [\s"'\\`#*_(\[{{<>]{{0,30}} )
    (?=\d)
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)

_URL = re.compile(r"/queue/(?P<url>\d{1,19})(?!\d)", re.ASCII)

_FOREIGN = frozenset({
    "cron", "print", "build", "jenkins", "gitlab", "github", "ci", "k8s", "kubernetes", "spark", "slurm", "airflow",
    "druck",
})  # fmt: skip
"""Words before "job" that mean a job of another program."""

_PREFIXES = (
    "inventory", "kibo", "queue", "upload", "import", "refresh", "adjust", "delete", "allocate", "bestands", "inventar",
    "lösch", "sync",
)  # fmt: skip
"""Words that may be joined with "job"."""

_OWNER = re.compile(r"([^\W\d_]{1,20})([ \t_.-]?)\Z")

_PLURAL = re.compile(r"(?:ids|numbers|nummern|kennungen)\.?$", re.IGNORECASE)

_COUNTED = re.compile(
    r"(?:total|number|count|anzahl|gesamt|insgesamt|summe)(?:[ \t]+(?:of|der|an))?[ \t]*$", re.IGNORECASE
)

_UNIT = (
    r"(?:(?:of|von)[ \t]+\d[\d.,]*+|(?:more|others?|weitere|items|rows|lines|results|messages|units|files|times|seconds|secs|minutes|mins"
    r"|hours|hrs|days|bytes|records|products|skus|upcs|stores|locations|warnings|errors|failures|pieces|pcs|retries|attempts"
    r"|artikeln?|zeilen|stück|positionen|sätzen?|datensätzen?|dateien|sekunden|minuten|stunden|tagen?|uhr|filialen|fehlern?|warnungen"
    r"|eur|euro|usd|gbp|chf|[kmg]i?b|m?s)(?![^\W_])|[€$£%]|°)"
)

_FILEEND = r"\.(?:csv|zip|txt|json|jsonl|log|xml|gz|done|dat|xlsx?|tsv|out|err|ya?ml|pdf|html?)(?![^\W_])"

END = (
    rf"(?:\.0{{1,2}}(?!\d))?(?![^\W_]|_\w|[%@])(?![.:]\d)(?!{_FILEEND})(?!/\d{{1,3}}(?!\d))(?!-\d\d?-\d)"
    r"(?:(?<=\d{4})|(?!,\d{3}(?!\d)))"
)

NO_DASH = rf"(?!{DASH}\d)"

NO_AMOUNT = rf"(?![ \t]{{0,3}}{_UNIT}(?![ \t]*[:=]?[ \t]*\d))"
"""Excludes amounts; `items 3000` after an id is the next label and its number."""

NO_COUNT = rf"{NO_AMOUNT}(?![ \t]{{0,3}}(?:jobs?|x)(?![^\W_]))"
"""Also excludes numbers of jobs and of times."""

_QUOTES = r"[\"'`#*_“”]{0,3}"

_GROUPED = r"[1-9]\d{0,2}(?:,\d{3})++(?![\d,])|[1-9]\d{0,2}(?:\.\d{3})++(?!\.?\d)|[1-9]\d{0,2}(?:'\d{3})++(?!'?\d)"

_PLAIN_DASH = rf"{DASH}(?={_ID})"

_WIDE_DASH = rf"[ \t]{{0,3}}(?:{DASH}|(?<=[ \t]){RANGE_WORD}(?=[ \t]))[ \t]{{0,3}}"


def _item(dash: str, *, amount: str) -> re.Pattern[str]:
    """Return the pattern of one number or range in a list; `alone` is an id before the number of an attempt."""
    number = r"[1-9]\d{0,39}"
    return re.compile(
        rf"{_QUOTES}(?:(?P<grouped>{_GROUPED})|(?P<first>{number})(?!\d)(?:{_QUOTES}{dash}{_QUOTES}(?P<last>{number})(?!\d))?)"
        rf"{END}{NO_DASH}{amount}{_QUOTES}|{_QUOTES}(?P<alone>{number})(?!\d){END}{amount}{_QUOTES}",
        re.ASCII | re.IGNORECASE,
    )


_ITEM_OF_ONE = _item(_PLAIN_DASH, amount=NO_AMOUNT)

_ITEM_OF_NAME = _item(_PLAIN_DASH, amount="")

_ITEM_OF_MANY = _item(_WIDE_DASH, amount=NO_COUNT)

_BETWEEN = re.compile(
    r"(?:[ \t]{0,3}\([^()\n]{0,60}\))?(?:\s{0,3}(?:[,;&/+|]|,?\s(?:and|or|und|oder|u\.|sowie|plus|et|&)(?=\s))){1,2}"
    r"[\s#\"'`(\[{*_]{0,9}(?=\d)",
    re.IGNORECASE,
)

_SIMPLE = re.compile(
    rf"{_J}ob(?<![^\W_]job){''.join(f'(?<!{word}[ _-]job)' for word in sorted(_FOREIGN))}(?:[ _-]?id)?[\"']?[ \t]?[:=]?[ \t]?[\"'#]?"
    rf"(?P<id>(?:(?<=[:=])|(?<=[:=] )|(?=\d{{4}}))[1-9]\d{{0,17}})(?!\d){END}{NO_DASH}{NO_AMOUNT}(?!{_WIDE_DASH}\d)"
    rf"(?!{_BETWEEN.pattern})",
    re.IGNORECASE | re.ASCII,
)
"""The usual form in logs: `job 884213` or `jobID=884213` without a list after it; a fast path, because it is frequent.
"""

_LIMITS = re.compile(rf"({_ID})[ \t]+(?:and|und)[ \t]+({_ID})(?!\w)", re.ASCII | re.IGNORECASE)
"""The limits after `between` in SQL and in sentences, both inclusive."""

_BLANK = re.compile(r"[)\]}*_`\"']{0,3}[ \t]{1,9}[\"'`#*_(\[{]{0,3}(?=\d)")

_NEXT_LINE = re.compile(rf"[^\n]{{0,300}}+\n[ \t>|]{{0,20}}(?:{_BULLET})?[\"'`#*_]{{0,3}}(?=\d)")

_REST_IS_BLANK = re.compile(r"[ \t]*$", re.MULTILINE)


def named(text: str) -> Prose:
    """Return the ids that a text calls a job, and those in jobdeck's own output."""
    prose = Prose()
    rest = own_ids(text, prose)
    prose.mentions.extend(
        Mention(url.start(), (job_id,)) for url in _URL.finditer(rest) if (job_id := valid_id(url["url"]))
    )

    def taken(label: re.Match[str]) -> str:
        """Add a label's id and return blanks of its length. Keeps no match objects: a text may have 200,000."""
        start, end = label.span()
        prose.mentions.append(Mention(start, (int(label[1]),)))
        return " " * (end - start)

    rest = _SIMPLE.sub(taken, rest)
    read_to = 0
    for label in _LABEL.finditer(rest):
        if label.start() >= read_to and _is_kibos(rest, label):
            read_to = _read_items(rest, label, prose)
    return prose


def _is_kibos(text: str, label: re.Match[str]) -> bool:
    """Whether the job belongs to the queue, not to another program."""
    start = label.start()
    if start == 0 or text[start - 1] in "\n\"'([{,;:|>=":
        return True
    before = text[max(0, start - 24) : start]
    word = _OWNER.search(before)
    if word is None:
        return not before[-1:].isdigit()
    if not word[2]:
        return word[1].lower().endswith(_PREFIXES)
    return word[1].lower() not in _FOREIGN


def _read_items(text: str, label: re.Match[str], prose: Prose) -> int:
    """Read the ids after a label; return the end position."""
    name = label["named"] or label["distant"]
    is_named = bool(name)
    is_many = bool(label["many"]) or (is_named and _PLURAL.search(name) is not None)
    if not is_many and label["words"]:
        return label.end()
    start = label.end()
    if label["between"] and (limits := _LIMITS.match(text, start)):
        _take_range(start, int(limits[1]), int(limits[2]), prose)
        return limits.end()
    pattern = _ITEM_OF_NAME if is_named and not is_many else _ITEM_OF_MANY if is_many else _ITEM_OF_ONE
    items = _items(text, start, pattern, is_many=is_many)
    if not items:
        return start
    has_line_break = "\n" in text[label.start() : start]
    is_clear = (
        is_named or ":" in label["sign"] or (is_many and len(items) > 1) or _REST_IS_BLANK.match(text, items[0].end())
    )
    if has_line_break and not is_clear:
        return start
    if is_many and not is_named and len(items) == 1 and _is_count(text, label, items[0]):
        return items[-1].end()
    _take(items, prose, is_many=is_many)
    return items[-1].end()


def _is_count(text: str, label: re.Match[str], item: re.Match[str]) -> bool:
    """Whether the only number after "jobs" is a count."""
    digits = item["first"] or item["alone"] or ""
    if item["last"] or item["grouped"]:
        return False
    before = text[max(0, label.start() - LOOK_BACK) : label.start()]
    return (
        len(digits) < SURE_DIGITS
        or _COUNTED.search(label["words"] or "") is not None
        or _COUNTED.search(before) is not None
    )


def _items(text: str, place: int, pattern: re.Pattern[str], *, is_many: bool) -> list[re.Match[str]]:
    """Return the numbers of a list, each about as long as the previous one; other numbers are no ids."""
    items: list[re.Match[str]] = []
    while item := pattern.match(text, place):
        if items and not _is_next(items[-1], item, is_many=is_many):
            break
        items.append(item)
        place = item.end()
        between = _BETWEEN.match(text, place)
        if between is None and is_many:
            between = _BLANK.match(text, place) or _NEXT_LINE.match(text, place)
        if between is None or (not is_many and "\n" in between[0]):
            break
        place = between.end()
        pattern = _ITEM_OF_MANY if is_many else _ITEM_OF_ONE
    return items


def _is_next(last: re.Match[str], item: re.Match[str], *, is_many: bool) -> bool:
    difference = abs(len(_digits(item)) - len(_digits(last)))
    return difference == 0 or (is_many and difference == 1)


def _digits(item: re.Match[str]) -> str:
    return item["first"] or item["alone"] or item["grouped"]


def _take(items: list[re.Match[str]], prose: Prose, *, is_many: bool) -> None:
    grouped = [item["grouped"] for item in items if item["grouped"]]
    is_list = is_many and len(grouped) < len(items)
    is_joined = not is_many or not any("," in text for text in grouped) or (len(grouped) > 1 and _are_near(grouped))
    for item in items:
        if item["grouped"]:
            _take_grouped(item, prose, is_list=is_list, is_joined=is_joined)
            continue
        first = int(item["first"] or item["alone"])
        last = max(first, int(item["last"])) if item["last"] else first  # a smaller number counts attempts
        _take_range(item.start(), first, last, prose, is_plain=last > first and f"{first}-{last}" in item[0])


def _take_grouped(item: re.Match[str], prose: Prose, *, is_list: bool, is_joined: bool) -> None:
    """Add a number in groups of three digits, which after "jobs" may also be a list of short ids.

    Args:
        item: The number.
        prose: Receives the ids.
        is_list: Whether neighbouring ids of three digits show that it is a list.
        is_joined: Whether it must be one number.
    """
    if is_list:
        prose.mentions.append(Mention(item.start(), tuple(map(int, re.split(r"\D", item["grouped"])))))
    elif not is_joined:
        prose.wrong.append(f"{item['grouped']}, which may be one job or several")
    elif job_id := valid_id(re.sub(r"\D", "", item["grouped"])):
        prose.mentions.append(Mention(item.start(), (job_id,)))


def _take_range(position: int, first: int, last: int, prose: Prose, *, is_plain: bool = False) -> None:
    if not (1 <= first <= LARGEST_ID and 1 <= last <= LARGEST_ID):
        prose.wrong.append(f"job {last}, which is out of range")
    elif not 0 <= last - first < LONGEST_RANGE:
        prose.wrong.append(f"range {first}-{last}, which holds {last - first + 1:,} ids")
    else:
        prose.mentions.append(mention_of(position, first, last, is_plain=is_plain))


def _are_near(grouped: list[str]) -> bool:
    """Whether grouped numbers have the same prefix, as related ids have."""
    leads = [int(re.split(r"\D", text)[0]) for text in grouped]
    return max(leads) - min(leads) <= 1
