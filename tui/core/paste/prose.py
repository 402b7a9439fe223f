"""Find job ids in sentences and logs: numbers that the text calls a job. Pure, linear in the text."""

from __future__ import annotations

import re

from tui.core.job_ids import DASH, FOREIGN_URL, LARGEST_ID, LONGEST_RANGE, RANGE_WORD, valid_id
from tui.core.paste.mentions import Mention, Prose, mention_of
from tui.core.paste.own_output import own_ids

SURE_DIGITS = 4
"""Fewest digits of a number that is an id rather than a count after "jobs", or that may be an id without a name.
"""

LOOK_BACK = 48
"""Characters before a number to search for its name."""

NEAR = 100
"""Largest difference of short ids in a list of blanks."""

LONGEST_ADDRESS = 300
"""Characters before the path of a URL to search for its host."""

_ID = r"[1-9]\d{0,18}"

_ID_WORD = r"(?:ids?|no|nr|nbr|num|numbers?|nummern?|kennung(?:en)?)(?![^\W\d_])\.?"

_FILLER = (
    r"(?:is|are|was|were|ist|sind|with|mit|where|by|the|this|these|der|die|den|des|das|dem|has|have|hat|haben|new|neue|neuen|following|folgende[nr]?"
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
    (?P<sign>[\s"'\\*`]{{0,4}}(?:
        [:=]=?>? | -> | \u2192 | [\u2013\u2014-](?=\s) | [,;|](?=[\s"]*\d+["\s]*$)
      | [.-](?<=job[.-])(?<![\w.-]job[.-])(?=\d{{3,}}(?![\w.-]))
      | (?<=\s)(?:is|are|was|were|ist|sind|lautet|lauten)(?=\s):? | (?<=\s)in(?=\s?\()
      | (?P<between>(?<=\s)(?:between|zwischen|from|von|del?|des|entre|desde)(?=\s))
    )?)
    (?: (?P<bullet>[ \t]*\n[ \t>]*{_BULLET}["'`#*_]{{0,3}}) | [\s"'\\`#*_(\[{{<>]{{0,30}} )
    (?=\d)
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)

_URL = re.compile(
    r"(?:/queue/(?P<queue>\d{1,19})(?!\d)|(?<![\w#-])(?:jobs|(?<!/)job)/(?P<jobs>[1-9]\d{3,18})(?![\w-]))",
    re.ASCII | re.IGNORECASE,
)

_FOREIGN = frozenset({
    "cron", "print", "build", "jenkins", "gitlab", "github", "ci", "k8s", "kubernetes", "spark", "slurm", "airflow",
    "druck", "hudson", "actions", "teamcity", "bamboo", "circleci", "travis", "buildkite", "databricks", "hadoop", "yarn",
    "sidekiq", "celery",
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
    r"(?:total|number|count|anzahl|gesamt|insgesamt|summe)(?:[ \t]+(?:of|der|an))?[ \t]*$"
    r"|^[ \t]*(?:per|pro|par|por|today|heute|processed|imported|completed|running|remaining|left|verarbeitet)(?![^\W_])",
    re.IGNORECASE,
)

_UNIT = (
    r"(?:(?:of|von)[ \t]+\d[\d.,]*+|(?:more|others?|weitere|items|rows|lines|results|messages|units|files|times|seconds|secs|minutes|mins"
    r"|hours|hrs|days|bytes|records|products|skus|upcs|stores|locations|warnings|errors|failures|pieces|pcs|retries|attempts"
    r"|articles?|art[íi]culos?|articoli|lignes|l[íi]neas|filas|minutos|heures|horas|jours|d[íi]as|secondes|segundos|fichiers|archivos"
    r"|magasins|tiendas|erreurs|errores|produits|productos|unit[ée]s|unidades|pi[èe]ces|piezas|commandes|pedidos|orders|customers|kunden|bestellungen"
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

_BLANK_GROUPS = re.compile(r"(?:[ ]\d{3})+(?![\w.,:/%-]*\w)", re.ASCII)
"""Groups of three digits after the first one to three: one number in French, or several."""

_GROUPED = r"[1-9]\d{0,2}(?:,\d{3})++(?![\d,])|[1-9]\d{0,2}(?:\.\d{3})++(?!\.?\d)|[1-9]\d{0,2}(?:'\d{3})++(?!'?\d)"

_PLAIN_DASH = rf"{DASH}(?={_ID})"

_RANGE_WORD = rf"(?:bis (?:einschlie(?:ß|ss)lich|einschl\.|inkl\.|inklusive|zum?)|{RANGE_WORD}|à|al?|hasta)"

_WIDE_DASH = rf"[ \t]{{0,3}}(?:{DASH}|(?<=[ \t]){_RANGE_WORD}(?=[ \t]))[ \t]{{0,3}}"


def _item(dash: str, *, amount: str) -> re.Pattern[str]:
    """Return the pattern of one number or range in a list; `alone` is an id before the number of an attempt."""
    number = r"[1-9]\d{0,39}"
    return re.compile(
        rf"{_QUOTES}(?:(?P<grouped>{_GROUPED})(?:{dash}(?P<end>{_GROUPED}))?|(?P<first>{number})(?!\d)(?:{_QUOTES}{dash}{_QUOTES}(?P<last>{number})(?!\d))?)"
        rf"{END}{NO_DASH}{amount}{_QUOTES}|{_QUOTES}(?P<alone>{number})(?!\d){END}{amount}{_QUOTES}",
        re.ASCII | re.IGNORECASE,
    )


_ITEM_OF_ONE = _item(_PLAIN_DASH, amount=NO_AMOUNT)

_ITEM_OF_NAME = _item(_PLAIN_DASH, amount="")

_ITEM_OF_MANY = _item(_WIDE_DASH, amount=NO_COUNT)

_BETWEEN = re.compile(
    r"(?:[ \t]{0,3}\([^()\n]{0,60}\))?(?:\s{0,3}(?:[,;&/+|]|,?\s(?:and|or|und|oder|u\.|sowie|plus|et|y|e|en|&)(?=\s))){1,2}"
    r"[\s#\"'`(\[{*_]{0,9}(?=\d)",
    re.IGNORECASE,
)

_SIMPLE = re.compile(
    rf"{_J}ob(?<![^\W_]job){''.join(f'(?<!{word}[ _.-]job)' for word in sorted(_FOREIGN))}(?:[ _-]?id)?[\"']?[ \t]?[:=]?[ \t]?[\"'#]?"
    rf"(?P<id>(?:(?<=[:=])|(?<=[:=] )|(?=\d{{4}}))[1-9]\d{{0,17}})(?!\d){END}{NO_DASH}{NO_AMOUNT}(?!{_WIDE_DASH}\d)"
    rf"(?!{_BETWEEN.pattern})",
    re.IGNORECASE | re.ASCII,
)
"""The usual form in logs: `job 884213` or `jobID=884213` without a list after it; a fast path, because it is frequent.
"""

_LIMITS = re.compile(rf"({_ID})[ \t]+(?:and|und|y|et|{_RANGE_WORD})[ \t]+({_ID})(?![\w.]*\w)", re.ASCII | re.IGNORECASE)
"""The limits after `between` in SQL and in sentences, both inclusive."""

_BLANK = re.compile(r"[)\]}*_`\"']{0,3}[ \t]{1,9}[\"'`#*_(\[{]{0,3}(?=\d)")

_AND = r"(?:and|or|und|oder|et|y|e|en|&)"

_QUALIFIER = re.compile(
    rf"(?:[:=]?[ \t]{{1,3}}[^\s,;!?()]{{1,20}}(?<!\.)|=[^\s,;!?()]{{1,20}}){{1,5}}?(?:[,;]?[ \t]{{1,3}}{_AND}|[,;])[ \t]{{1,3}}#?(?=\d)"
    r"|[:=][ \t]{0,3}[^\s\d,;!?()]{1,20}[ \t]{1,3}(?=\d)",
    re.IGNORECASE,
)
"""Words about one id, and the separator before the next one."""

_NEXT_LINE = re.compile(rf"[^\n]{{0,300}}+\n[ \t>|]{{0,20}}(?:{_BULLET})?[\"'`#*_]{{0,3}}(?=\d)")

_REST_IS_BLANK = re.compile(r"[ \t]*$", re.MULTILINE)


def named(text: str) -> Prose:
    """Return the ids that a text calls a job, and those in jobdeck's own output."""
    prose = Prose()
    rest = own_ids(text, prose)
    prose.mentions.extend(
        Mention(url.start(), (job_id,))
        for url in _URL.finditer(rest)
        if (url["queue"] or not _is_foreign_url(rest, url.start()))
        and (job_id := valid_id(url["queue"] or url["jobs"]))
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
    before = text[max(0, label.start() - 24) : label.start()]
    word = _OWNER.search(before)
    if word is None:
        return not before[-1:].isdigit()
    if not word[2]:
        return word[1].lower().endswith(_PREFIXES)
    return word[1].lower() not in _FOREIGN


def _is_foreign_url(text: str, end: int) -> bool:
    """Whether the word before `end` is the address of another program's jobs."""
    before = text[max(0, end - LONGEST_ADDRESS) : end]
    return FOREIGN_URL.search(re.split(r"[\s\"'<>()]", before)[-1]) is not None


def _read_items(text: str, label: re.Match[str], prose: Prose) -> int:
    """Read the ids after a label; return the end position."""
    name = label["named"] or label["distant"]
    is_many = bool(label["many"]) or (bool(name) and _PLURAL.search(name) is not None)
    if not is_many and label["words"]:
        return label.end()
    start = label.end()
    if label["between"] and (end := _read_limits(text, start, label["between"], prose)) is not None:
        return end
    pattern = _ITEM_OF_NAME if name and not is_many else _ITEM_OF_MANY if is_many else _ITEM_OF_ONE
    items = _items(text, start, pattern, is_many=is_many)
    if not items or not _is_of_label(text, label, items, is_named=bool(name), is_many=is_many):
        return start
    is_count = is_many and not name and len(items) == 1 and _is_count(text, label, items[0])
    if doubtful := _grouped_by_blanks(text, items, is_many=is_many):
        prose.wrong.append(f"{doubtful}, which may be one job or several")
    elif not is_count:
        _take(items, prose, is_many=is_many)
    return items[-1].end()


def _read_limits(text: str, start: int, word: str, prose: Prose) -> int | None:
    """Read `between 5 and 8` or `from 884213 to 884215`; return the end position, or None if a list may follow.

    Args:
        text: The text.
        start: Where the first number begins.
        word: The word before it.
        prose: Receives the ids.
    """
    is_sure = word.lower() in {"between", "zwischen"}
    limits = _LIMITS.match(text, start)
    if limits and (is_sure or len(limits[1]) > SURE_DIGITS):  # "from 2025 to 2026" are years
        _take_range(start, int(limits[1]), int(limits[2]), prose)
        return limits.end()
    return None if is_sure else start


def _is_of_label(text: str, label: re.Match[str], items: list[re.Match[str]], *, is_named: bool, is_many: bool) -> bool:
    """Whether the numbers after a label belong to it."""
    if label[0][-1:] in "bB" and len(_digits(items[0])) < SURE_DIGITS:  # Job4 is a name
        return False
    is_clear = (
        is_named or ":" in label["sign"] or (is_many and len(items) > 1) or _REST_IS_BLANK.match(text, items[0].end())
    )
    return bool(is_clear) or "\n" not in text[label.start() : label.end()]


def _grouped_by_blanks(text: str, items: list[re.Match[str]], *, is_many: bool) -> str:
    """Return the first number that may go on after a blank, such as `884 213`; empty if there is none.

    After "jobs", numbers of three digits between blanks alone are a list of short ids if they are near each other.
    """
    runs: dict[int, str] = {}
    end = -1
    for item in items:
        groups = _BLANK_GROUPS.match(text, item.end()) if item.start() > end and len(_digits(item)) <= 3 else None
        if groups:
            runs[item.start()] = text[item.start() : groups.end()]
            end = groups.end()
    if not runs:
        return ""
    first = next(iter(runs.values()))
    numbers = list(map(int, first.split()))
    is_list = is_many and len(runs) == 1 and len(numbers) >= len(items) and max(numbers) - min(numbers) <= NEAR
    return "" if is_list else first


def _is_count(text: str, label: re.Match[str], item: re.Match[str]) -> bool:
    """Whether the only number after "jobs" is a count."""
    digits = item["first"] or item["alone"] or ""
    if item["last"] or item["grouped"]:
        return False
    if label["sign"] == "=":  # jobs=884213 items=3000
        return True
    before = text[max(0, label.start() - LOOK_BACK) : label.start()]
    return (
        len(digits) < SURE_DIGITS
        or _COUNTED.search(label["words"] or "") is not None
        or _COUNTED.search(before) is not None
    )


def _items(text: str, position: int, pattern: re.Pattern[str], *, is_many: bool) -> list[re.Match[str]]:
    """Return the numbers of a list, each about as long as the previous one; other numbers are no ids."""
    items: list[re.Match[str]] = []
    while item := pattern.match(text, position):
        if items and not _is_next(items[-1], item, is_many=is_many):
            break
        items.append(item)
        position = item.end()
        between = _BETWEEN.match(text, position)
        if between is None and is_many:
            between = (
                _BLANK.match(text, position) or _qualifier(text, position, item) or _NEXT_LINE.match(text, position)
            )
        if between is None or (not is_many and "\n" in between[0]):
            break
        position = between.end()
        pattern = _ITEM_OF_MANY if is_many else _ITEM_OF_ONE
    return items


def _qualifier(text: str, position: int, item: re.Match[str]) -> re.Match[str] | None:
    """Return the words between an id and the next one in `884213 in store 1707, 884214 failed`; None if none follows.

    The next number must be as long as this one and near it; a number among the words must not be as long.
    """
    digits = item["last"] or item["first"] or item["alone"]
    words = _QUALIFIER.match(text, position) if digits and len(digits) > SURE_DIGITS else None
    if words is None or any(len(number) == len(digits) for number in re.findall(r"\d+", words[0])):
        return None
    following = re.match(r"\d+", text[words.end() : words.end() + 20])
    is_next = following is not None and len(following[0]) == len(digits)
    return words if is_next and following and abs(int(following[0]) - int(digits)) < LONGEST_RANGE else None


def _is_next(last: re.Match[str], item: re.Match[str], *, is_many: bool) -> bool:
    difference = abs(len(_digits(item)) - len(_digits(last)))
    return difference == 0 or (is_many and difference == 1)


def _digits(item: re.Match[str]) -> str:
    return item["first"] or item["alone"] or item["grouped"]


def _take(items: list[re.Match[str]], prose: Prose, *, is_many: bool) -> None:
    grouped = [item["grouped"] for item in items if item["grouped"] and not item["end"]]
    is_list = is_many and len(grouped) < len(items)
    is_joined = not is_many or not any("," in text for text in grouped) or (len(grouped) > 1 and _are_near(grouped))
    for item in items:
        if item["end"]:
            first, last = (int(re.sub(r"\D", "", item[name])) for name in ("grouped", "end"))
            _take_range(item.start(), first, last, prose, is_plain=False)
        elif item["grouped"]:
            _take_grouped(item, prose, is_list=is_list, is_joined=is_joined)
        if item["grouped"]:
            continue
        first = int(item["first"] or item["alone"])
        last = int(item["last"]) if item["last"] else first
        if last < first and is_many:  # jobs 884213-15: only the digits that differ
            last = int(f"{str(first)[: -len(item['last'])]}{item['last']}")
        last = max(first, last)  # a smaller number counts attempts
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
