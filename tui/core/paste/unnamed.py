"""Find possible ids among numbers without a name, and exclude dates, amounts and other numbers.

Pure, linear in the text.
"""

from __future__ import annotations

import itertools
import re

from tui.core.job_ids import DASH, LONGEST_RANGE, NotAJob
from tui.core.paste.mentions import Mention, Prose, blanked, mention_of
from tui.core.paste.own_output import LEVELS
from tui.core.paste.prose import END, LOOK_BACK, NO_COUNT, NO_DASH, SURE_DIGITS

MOST_UNNAMED = 1_000
"""Most numbers without a name that may be ids; a text with more is other data."""

_OTHER_NUMBERS = re.compile(
    r"""
      (?<!\w)\w{1,20}+:(?://|\\)\S++ | (?<![^\s@])[^\s@]{1,64}+@\S++          # URLs, paths, addresses of mail
    | [A-Z]{2}\d\d(?:[ ]?\d{4}){2,7}+(?:[ ]?\d{1,4})?                       # bank accounts
    | (?<!\S)[^\s,;]{1,255}?\.(?:csv|tsv|txt|zip|t?gz|7z|jsonl?|xml|xlsx?|done|log|pdf)\b       # files
    # telephones
    | (?:\+|\b00)\d[\d ()/.-]{6,20} | \(?\b0\d{1,5}\)?[ /-]{1,3}\d[\d /-]{3,14} | \(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b
    | \b\d{1,5}[ ](?:[A-Z][\w.]{0,20}[ ]){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Drive|Way)\b
    | \b[A-Z]{2}[ ]\d{5}\b | \b\d{5}[ ][A-ZÄÖÜ][a-zäöüß]{2,30}            # where people live
    | HTTP/[\d.]{1,3}"[ ]\d{3}[ ]\d{1,12} | \b(?:GET|POST|PUT|PATCH|DELETE|HEAD)[ ]\S++[ ]\d{3}[ ]\d{1,12}\b
    | \[\d{1,9}\] | \b(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)[ ]{1,3}\d{1,9}[ ]---   # processes and threads
    """,
    re.VERBOSE,
)

_ALONE = re.compile(
    rf"(?<![\w.:/\\+\-])(?<![.,]\d)(?P<first>[1-9]\d{{3,10}})(?:{DASH}(?P<last>[1-9]\d{{3,10}}))?(?![\w/\\\-]){END}{NO_DASH}"
    rf"(?![ \t]{{1,3}}(?:{LEVELS})\b){NO_COUNT}",
    re.ASCII | re.IGNORECASE,
)

_LONG_NUMBER = re.compile(rf"\d{{{SURE_DIGITS}}}\d*+", re.ASCII)

MOMENT = re.compile(r"(?:19|20)\d\d|20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2})?|1[5-9]\d{8}", re.ASCII)
"""A year, a date, or a time in seconds since 1970."""

_OTHER_LABEL = re.compile(
    r"""(?:(?<![^\W\d_])(?:upc|ean|gtin|isbn|sku|barcode|artikel|art|[^\W\d_]{2,30}(?:nummer|nr)|items?|rows?|zeilen?|lines?|col(?:umn)?|spalte|page|seite
    |tenant|mandant|site|store|filial(?:e|en|nr)|location|loc|markt|ports?|pid|tid|thread|proze(?:ss|ß)|process|bestellung|auftrag|error|fehler|chapter|kapitel|section
    |orders?|po|invoice|rechnung|customer|kunden?|account|konto|commande|pedido|ordine|facture|factura|fattura|client(?:e)?
    |magasin|tienda|boutique|negozio|winkel|article|art[íi]culo|articolo|produit|producto|livraison|etag|runtime|interval|transaction|iban|blz|bic|ticket|case|incident|issue|inc|pr|mr
    |build|version|release|rev(?:ision)?|commit|took|dur(?:ation)?|elapsed|timeout|after|nach|ext|tel(?:efon)?|phone|fax|mobile?|handy|call
    |ruf|durchwahl|plz|zip|postcode|hrb|ust|raum|room|total|anzahl|count|number|quantity|qty|menge|amount|size|length|bytes|status|code|exit
    |event|http|https|sprint|user|usr|eur|usd|gbp|chf|year|jahr|line|zeit|time|epoch|correlation|request|session|trace|settings|location
    |(?:cron|print|build|druck|jenkins|gitlab|ci|spark|hudson|actions|teamcity|bamboo|databricks)[ -]?job
    |job[\s_-]?(?:type|count|size|name|step|class|limit|total|priority)
    |job(?!s\b)[a-z]+
    |(?:number|count|total)\sof\sjobs|jobs=|jobs[ ](?:done|processed|completed|imported|running|today|per[ ][a-z]+)
    |serial|model|tracking|shipment|sendung|parcel|batch|charge|lot|cluster|node|shard|partition|offset
    |attempt|versuch)s?\.?
    (?:[\s_-]?(?:id|number|nummer|no|nr|n\.?[º°])\.?)?["']?\s?[:=\#]?\s?["'\#(]?
    |[A-Za-z]{2,30}[\s_-]id["']?\s?[:=\#]?\s?["'\#]?
    |(?-i:[a-z]{2,30}I[dD]s?)["']?\s?[:=\#]?\s?["'\#]?
    |\d\s(?:of|von)\s
    |[€$£]\s?
    |\b(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*\.?(?:\s\d{1,2}(?:[a-z]{2})?)?,?\s
    |:\d\d(?:[ ](?-i:[A-Z]{3,4}))?[ ])$""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words before a number that is no id."""

_MARKUP = re.compile(r"[*`]")
"""Emphasis between a label and its number."""

_AMOUNT_BEFORE = re.compile(r"\d[ \t]{1,3}[^\W\d_]{1,30}\.?[ \t]?\n$")
"""An amount at the end of the previous line: its unit does not name the next number."""

_WORD_BEFORE = re.compile(r"([^\W\d_][\w.-]{0,30})[\s:=#\"'(]{0,4}$")

_NUMBER = re.compile(r"(?<![\w.:/\\+\-])\d{3,19}(?![\w/\\\-%])(?![.:,]\d)", re.ASCII)

_GROUPED = re.compile(r"(?<![\w.,'])[1-9]\d{0,2}(?:[,.']\d{3}){1,6}(?!\d)", re.ASCII)
"""A number in groups of three digits."""


def unnamed(text: str) -> Prose:
    """Return the numbers in a text that may be ids without a name.

    Raises:
        NotAJob: There are too many numbers.
    """
    total = sum(1 for _ in itertools.islice(_LONG_NUMBER.finditer(text), 10 * MOST_UNNAMED + 1))
    if total == 0:
        return Prose()
    if total > 10 * MOST_UNNAMED:
        raise _too_many()
    text = blanked(text, [other.span() for other in _OTHER_NUMBERS.finditer(text)])
    found: list[Mention] = []
    for number in _ALONE.finditer(text):
        if len(found) > MOST_UNNAMED:
            raise _too_many()
        before = _MARKUP.sub("", text[max(0, number.start() - LOOK_BACK) : number.start()])
        if MOMENT.fullmatch(number["first"]) or (_OTHER_LABEL.search(before) and not _AMOUNT_BEFORE.search(before)):
            continue
        first, last = int(number["first"]), int(number["last"] or number["first"])
        if not 0 <= last - first < LONGEST_RANGE or len(number["first"]) != len(number["last"] or number["first"]):
            continue
        found.append(mention_of(number.start(), first, last))
    return Prose(_alike(found))


def _too_many() -> NotAJob:
    return NotAJob("too many numbers that nothing calls a job: give a list of ids, or a table with a column jobID", 1)


def other_numbers(text: str, taken: frozenset[int], most: int) -> tuple[int, list[tuple[str, str]]]:
    """Return the count of numbers that are no ids, and the first ones with the preceding word.

    Args:
        text: The text outside documents and tables.
        taken: The ids.
        most: Number of examples.
    """
    grouped = (number for number in _GROUPED.finditer(text) if int(re.sub(r"\D", "", number[0])) in taken)
    text = blanked(text, [number.span() for number in grouped])
    total = 0
    examples: list[tuple[str, str]] = []
    for number in _NUMBER.finditer(text):
        if int(number[0]) in taken:
            continue
        total += 1
        if len(examples) < most:
            before = _WORD_BEFORE.search(text[max(0, number.start() - LOOK_BACK) : number.start()])
            examples.append((before[1] if before else "", number[0]))
    return total, examples


def _alike(found: list[Mention]) -> list[Mention]:
    """Return the numbers with the most frequent length, or else the longest ones: related ids have similar values."""
    lengths = [len(str(mention.job_ids[0])) for mention in found]
    usual = max(set(lengths), key=lambda length: (lengths.count(length), length), default=0)
    nearby = {mention.job_ids[0] for mention, length in zip(found, lengths, strict=True) if length == usual}
    low, high = min(nearby, default=0) - LONGEST_RANGE, max(nearby, default=0) + LONGEST_RANGE
    return [
        mention
        for mention, length in zip(found, lengths, strict=True)
        if length == usual or low <= mention.job_ids[0] <= high
    ]
