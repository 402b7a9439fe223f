"""Parse durations such as `90`, `30s`, `1.5h` and `1h30m`. Pure."""

from __future__ import annotations

import re

LONGEST_S = 366 * 86_400.0

_SECONDS = re.compile(r"\d{1,8}(?:\.\d{1,9})?|\.\d{1,9}", re.ASCII)

_UNITS = re.compile("".join(rf"(?:(\d{{1,8}}(?:\.\d{{1,9}})?){unit})?" for unit in "dhms"), re.ASCII)

_UNIT_S = (86_400, 3_600, 60, 1)


def parse_duration(text: str) -> float | None:
    """Return the seconds in `text`, 0 to a year; None if it is no duration.

    A number alone means seconds. After a unit it is ambiguous, so `1h30` is no duration.
    """
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    elif text and (match := _UNITS.fullmatch(text)):
        seconds = sum(float(number) * unit_s for number, unit_s in zip(match.groups(default="0"), _UNIT_S, strict=True))
    else:
        return None
    return seconds if seconds <= LONGEST_S else None


def spelled(seconds: float) -> str:
    """Return a duration in the form of `parse_duration`, exact to a millisecond: `1h30m`, `0.5s`."""
    rest_ms, parts = round(seconds * 1000), []
    for name, unit_s in zip("dhm", _UNIT_S, strict=False):
        number, rest_ms = divmod(rest_ms, unit_s * 1000)
        parts += [f"{number}{name}"] if number else []
    parts += [f"{rest_ms / 1000:.10g}s"] if rest_ms or not parts else []
    return "".join(parts)
