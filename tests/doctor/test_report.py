import json
import re
from datetime import UTC, datetime

import pytest

from tui.core.errors import ConfigError
from tui.doctor.checks import failed, ok, skipped, warning
from tui.doctor.report import Style, as_json, as_lines

LONG = warning(
    "clock",
    "this machine is 3 h behind the server",
    "set this machine's clock (NTP); by a wrong one good certificates look expired",
)


def test_lines_fit_and_stand_under_their_beginning():
    assert as_lines(LONG, Style(width=80, has_signs=True)) == (
        "! warning  clock          this machine is 3 h behind the server\n"
        "                          > set this machine's clock (NTP); by a wrong one good\n"
        "                            certificates look expired\n"
    )


@pytest.mark.parametrize("width", [0, 20, 40, 80, 200])
def test_no_line_is_longer_than_what_can_be_broken(width):
    lines = as_lines(LONG, Style(width=width)).splitlines()

    assert all(len(line) <= max(width, 26 + 20) for line in lines)


def test_a_pipe_gets_one_line_and_the_remedy_below():
    assert as_lines(LONG, Style()).splitlines() == [
        "warning  clock          this machine is 3 h behind the server",
        "                        > set this machine's clock (NTP); by a wrong one good certificates look expired",
    ]


def test_signs_differ_without_colour():
    checks = (ok("a", "x", ms=12.34), LONG, failed("a", ConfigError("x", "y")), skipped("a", "x"))

    signs = [
        [as_lines(check, Style(has_signs=True, is_ascii=is_ascii))[0] for check in checks] for is_ascii in (False, True)
    ]

    assert signs == [["✔", "!", "✖", "·"], ["+", "!", "x", "."]]


def test_colour_is_on_the_word_alone():
    line = as_lines(ok("dns", "x", ms=12.34), Style(has_signs=True, is_ascii=True, has_colour=True))

    assert line == "\x1b[32m+ ok       \x1b[0mdns            x (12 ms)\n"


def test_nothing_that_was_found_steers_the_terminal():
    assert "\x1b" not in as_lines(ok("dns", "a\x1b[2Jb\nc"), Style(width=80))


@pytest.mark.parametrize("width", [None, *range(30, 70)])
def test_nothing_that_was_found_commands_a_build_machine(width):
    check = warning(
        "call", "HTTP 500: ::error::x ##vso[task.complete] ::warning file=a::y ##[error]z " * 3, "ask ::error::support"
    )

    text = as_lines(check, Style(width=width))

    assert not re.search(r"^\s*::|##\w*\[", text, re.MULTILINE)
    assert "##" not in as_json([check], at=datetime(2026, 11, 23, tzinfo=UTC), code=0)


def test_json_is_one_object():
    text = as_json([ok("dns", "caf\u00e9", ms=12.34), LONG], at=datetime(2026, 11, 24, tzinfo=UTC), code=3)

    assert text.isascii()
    assert json.loads(text) == {
        "schema": 1,
        "at": "2026-11-24T00:00:00.000Z",
        "checks": [
            {"name": "dns", "state": "ok", "found": "café", "remedy": None, "ms": 12.3},
            {"name": "clock", "state": "warning", "found": LONG.found, "remedy": LONG.remedy, "ms": None},
        ],
        "exitCode": 3,
    }
