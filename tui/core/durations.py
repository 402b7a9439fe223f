"""Durations as text: parse those that people type, and format them for every place that shows one. Pure."""

from __future__ import annotations

import re

LONGEST_S = 366 * 86_400.0

_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60

_SECONDS = re.compile(r"\d{1,8}(?:\.\d{1,9})?|\.\d{1,9}", re.ASCII)

_UNITS = re.compile("".join(rf"(?:(\d{{1,8}}(?:\.\d{{1,9}})?){unit})?" for unit in "dhms"), re.ASCII)

_UNIT_S = (_DAY_S, _HOUR_S, _MINUTE_S, 1)


def parse_duration(text: str) -> float | None:
    """Return the seconds in `text`, such as `90`, `30s`, `1.5h` or `1h30m`, 0 to a year; None if it is no duration.

    A number alone means seconds. After a unit it is ambiguous, so `1h30` is no duration.
    """
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    elif text and (match := _UNITS.fullmatch(text)):
        seconds = sum(float(number) * unit_s for number, unit_s in zip(match.groups(default="0"), _UNIT_S, strict=True))
    else:
        return None
    return seconds if seconds <= LONGEST_S else None


def exact_duration(seconds: float) -> str:
    """Return a duration in the form of `parse_duration`, exact to a millisecond: `1h30m`, `0.5s`."""
    rest_ms, parts = round(seconds * 1000), []
    for name, unit_s in zip("dhm", _UNIT_S, strict=False):
        number, rest_ms = divmod(rest_ms, unit_s * 1000)
        parts += [f"{number}{name}"] if number else []
    parts += [f"{rest_ms / 1000:.10g}s"] if rest_ms or not parts else []
    return "".join(parts)


def duration(seconds: float, cells: int | None = None) -> str:
    """Return a duration as `0:43`, `1:02:03` or `2d 03:04`; a negative one counts as zero.

    With `cells` (5 or more) it has at most so many characters, and is less precise if necessary: `12h00`, `2d 12h`,
    `2d`.
    """
    whole_s = max(0, int(seconds))
    days, hours, minutes = whole_s // _DAY_S, whole_s % _DAY_S // _HOUR_S, whole_s % _HOUR_S // _MINUTE_S
    if whole_s < _HOUR_S:
        text = f"{minutes}:{whole_s % _MINUTE_S:02}"
    elif whole_s < _DAY_S:
        text = f"{hours}:{minutes:02}:{whole_s % _MINUTE_S:02}"
    else:
        text = f"{days}d {hours:02}:{minutes:02}"
    if cells is None or len(text) <= cells:
        return text
    with_hours = f"{days}d {hours:02}h"
    return with_hours if days and len(with_hours) <= cells else coarse_duration(whole_s)


def coarse_duration(seconds: float) -> str:
    """Return a duration that changes once a minute at most: `<1m`, `4m`, `2h05`, `3d`."""
    whole_s = max(0, int(seconds))
    if whole_s < _MINUTE_S:
        return "<1m"
    if whole_s < _HOUR_S:
        return f"{whole_s // _MINUTE_S}m"
    if whole_s < _DAY_S:
        return f"{whole_s // _HOUR_S}h{whole_s % _HOUR_S // _MINUTE_S:02}"
    return f"{whole_s // _DAY_S}d"


def rough_duration(seconds: float) -> str:
    """Return a duration for a sentence, in its largest whole unit: `50 s`, `42 min`, `3 h`, `12 d`; a negative one
    counts as zero.
    """
    whole_s = max(0, int(seconds))
    for unit_s, unit in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if whole_s >= unit_s:
            return f"{whole_s // unit_s} {unit}"
    return f"{whole_s} s"
