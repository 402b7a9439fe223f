"""Parse every timestamp format that the API uses into aware UTC. Pure; returns None for bad text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

OLDEST_YEAR, NEWEST_YEAR = 1970, 2999
"""Years outside are placeholders (0001, 9999) that overflow in time zone arithmetic, so they stay text."""

_SPELLING = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(?:[Zz]|([+-])(\d\d):?(\d\d)?)?", re.ASCII
)

_LONGEST = 64
"""Characters; a longer text is no timestamp."""

_USUAL = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{1,9})?Z", re.ASCII)
"""The usual form, which `fromisoformat` parses equally, except for hour 24, which is invalid here."""


def parse(text: str) -> datetime | None:
    """Return the time in `text`, aware and in UTC; None if unreadable.

    Without a zone it means UTC; digits beyond microseconds are dropped (tui/api/README.md, Traps).
    """
    if _USUAL.fullmatch(text):
        return _usual(text)
    if len(text) > _LONGEST:
        return None
    match = _SPELLING.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes = match.groups()
    if not OLDEST_YEAR <= int(year) <= NEWEST_YEAR:
        return None
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), microsecond, zone)
    except ValueError:
        return None
    return moment.astimezone(UTC)


def _usual(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if OLDEST_YEAR <= moment.year <= NEWEST_YEAR else None
