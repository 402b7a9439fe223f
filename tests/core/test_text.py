import json
import re
import unicodedata
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.core.text import (
    _IGNORABLE,
    _escaped,
    count,
    inert,
    one_line,
    plain,
    rfc3339,
    same_name,
    without_commands,
    without_commands_in_json,
)

ANYTHING = st.text(st.characters(exclude_categories=()))

IGNORABLE = [
    chr(code)
    for first, last in (
        (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
        (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
]  # fmt: skip
"""Default_Ignorable_Code_Point as DerivedCoreProperties.txt of Unicode 17.0 lists it."""


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param("\x1b]52;c;eA==\x07", r"\x1b]52;c;eA==\x07", id="osc52"),
        pytest.param("\x9b2J", r"\x9b2J", id="c1"),
        pytest.param("a\x00\x7f", r"a\x00\x7f", id="nul-del"),
        pytest.param("\u202egpj", r"\u202egpj", id="rlo"),
        pytest.param("a\u200bb\ufeff", r"a\u200bb\ufeff", id="zero-width"),
        pytest.param("\ud800", r"\ud800", id="half-surrogate"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag"),
        pytest.param("a\r\nb\nc\rd", "a\nb\nc\\x0dd", id="line-breaks"),
        pytest.param("a\tb\u00a0c", "a b c", id="blanks"),
        pytest.param("e" + "\u0301" * 1000, "\u00e9" + "\u0301" * 3, id="thousand-marks"),
        pytest.param("❤\ufe0f", r"❤\ufe0f", id="variation-selector"),
        pytest.param("W\u034f01", r"W\u034f01", id="grapheme-joiner"),
        pytest.param("W\u17b4\u180b\U000e0100", r"W\u17b4\u180b\U000e0100", id="ignorable-marks"),
        pytest.param("W\u3164\uffa0\u115f", r"W\u3164\uffa0\u115f", id="fillers"),
        pytest.param("\u034f\u0301", r"\u034f\u0301", id="mark-on-an-escape"),
        pytest.param("a\n\u0301", "a\n\\u0301", id="mark-on-a-line-break"),
        pytest.param("\u1160\u11a8", r"\u1160\u11a8", id="vowels-without-a-consonant"),
        pytest.param("\u110c\u1162\u1100\u1169.csv", "재고.csv", id="decomposed-hangul"),
        pytest.param("Zu\u0308rich \u03b1\u0313\u0300\u0345", "Zürich ᾂ", id="decomposed-letters"),
        pytest.param("[@click=app.quit]x[/]", "[@click=app.quit]x[/]", id="markup-is-literal"),
        pytest.param("Zürich 倉庫", "Zürich 倉庫", id="letters"),
    ],
)
def test_plain_makes_text_harmless(sent, shown):
    assert plain(sent) == shown


@given(ANYTHING)
def test_plain_leaves_nothing_unprintable_but_line_breaks(sent):
    assert plain(sent).replace("\n", "").isprintable()


@given(ANYTHING)
def test_plain_is_idempotent(sent):
    once = plain(sent)

    assert plain(once) == once


def test_every_character_that_a_terminal_may_show_as_nothing_is_visible():
    hidden = [character for character in IGNORABLE if plain(f"W{character}01") != f"W{_escaped(character)}01"]

    assert hidden == []


def test_the_table_of_ignorable_characters_is_the_standards():
    listed = [chr(code) for code in range(0x110000) if _IGNORABLE.match(chr(code))]

    assert listed == IGNORABLE


@given(ANYTHING)
def test_composed_and_decomposed_text_look_alike(sent):
    composed, decomposed = (unicodedata.normalize(form, sent) for form in ("NFC", "NFD"))

    assert plain(decomposed) == plain(composed)
    assert same_name(decomposed, composed)


def test_a_million_marks_are_cut_before_they_are_sorted():
    assert plain("e" + "\u0301\u0323" * 500_000) == "\u1eb9" + "\u0323" * 3


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        pytest.param("\u110c\u1162\u1100\u1169.csv", "\u110c\u1162\u1100\u1169.csv", id="decomposed"),
        pytest.param("\u06cc\u200c\u062e", "\u06cc\u200c\u062e", id="joiners"),
        pytest.param("❤\ufe0f 1\ufe0f\u20e3", "❤\ufe0f 1\ufe0f\u20e3", id="emoji"),
        pytest.param("a\u00a0\tb\r\nc", "a\u00a0\tb\nc", id="blanks"),
        pytest.param("e" + "\u0301" * 1000, "e" + "\u0301" * 1000, id="thousand-marks"),
        pytest.param("\x1b]52;c;eA==\x07\x9b\x7f\x00\r", r"\x1b]52;c;eA==\x07\x9b\x7f\x00\x0d", id="controls"),
        pytest.param("\u202egpj\u2066\u2028", r"\u202egpj\u2066\u2028", id="reordering"),
        pytest.param("\ud800", r"\ud800", id="half-surrogate"),
    ],
)
def test_inert_alters_nothing_but_what_acts(sent, written):
    assert inert(sent) == written


@given(ANYTHING)
def test_inert_is_idempotent_and_can_be_encoded(sent):
    once = inert(sent)

    assert inert(once) == once
    assert not set(once) & set(map(chr, (*range(9), *range(11, 32), *range(127, 160))))
    once.encode()


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("inv.csv", "inv.csv", True),
        ("inv.csv", "inv.CSV", False),
        ("재고.csv", "\u110c\u1162\u1100\u1169.csv", True),
        ("재고.csv", "재.csv", False),
        (None, "a", False),
        ("a", None, False),
        (None, None, True),
    ],
)
def test_names_are_the_same_composed_or_not(one, other, is_same):
    assert same_name(one, other) is is_same


@given(ANYTHING)
def test_the_width_of_plain_text_is_that_of_its_characters(sent):
    line = one_line(sent)

    assert cell_len(line) == sum(cell_len(character) for character in line)


@given(ANYTHING)
def test_one_line_has_no_line_break(sent):
    assert "\n" not in one_line(sent)


@pytest.mark.parametrize(("number", "shown"), [(0, "0 jobs"), (1, "1 job"), (1204, "1,204 jobs")])
def test_count(number, shown):
    assert count(number, "job") == shown


def test_a_moment_is_written_in_utc_with_milliseconds():
    moment = datetime(2026, 11, 23, 10, 33, 27, 120_999, tzinfo=timezone(timedelta(hours=1)))

    assert rfc3339(moment) == "2026-11-23T09:33:27.120Z"


COMMAND_LIKE = st.lists(st.sampled_from(["#", "##", "vso", "[", "\\", '"', "teamcity", "x]", "\n"])).map("".join)


@pytest.mark.parametrize(
    ("given_text", "safe"),
    [
        ("##vso[task.complete]", r"\x23#vso[task.complete]"),
        ("a ###[error]", r"a #\x23#[error]"),
        ("##teamcity[x] ##[group]", r"\x23#teamcity[x] \x23#[group]"),
        ("## heading [1]", "## heading [1]"),
        ("#1 [x]", "#1 [x]"),
    ],
    ids=str,
)
def test_a_command_to_a_build_machine_is_broken_up(given_text, safe):
    assert without_commands(given_text) == safe


@given(COMMAND_LIKE)
def test_no_command_to_a_build_machine_is_left(hostile):
    assert re.search(r"##[A-Za-z]*\[", without_commands(hostile)) is None
    assert without_commands(without_commands(hostile)) == without_commands(hostile)


@given(COMMAND_LIKE | ANYTHING)
def test_json_without_commands_means_the_same(hostile):
    encoded = without_commands_in_json(json.dumps({hostile: [hostile]}))

    assert json.loads(encoded) == {hostile: [hostile]}
    assert re.search(r"##[A-Za-z]*\[", encoded) is None


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("\xa0", " "),
        ("\x80", "\\x80"),
        ("\xff", "\xff"),
        ("\u0600", "\\u0600"),
        ("\uffff", "\\uffff"),
        ("\U00010000\U000e0001", "\U00010000\\U000e0001"),
        ("\U0001f1e5", "\\U0001f1e5"),
        ("\U0001f1e6", "\\U0001f1e6"),
        ("\U0001f1ff", "\\U0001f1ff"),
        ("\U0001f200", "\U0001f200"),
        ("\U0001f3fa", "\U0001f3fa"),
        ("\U0001f3fb", "\\U0001f3fb"),
        ("\U0001f3ff", "\\U0001f3ff"),
        ("\U0001f400", "\U0001f400"),
        ("1\u20e3", "1\\u20e3"),
        ("\u1160", "\\u1160"),
        ("\u11ff", "\\u11ff"),
        ("\u1200", "\u1200"),
        ("\ud7a3", "\ud7a3"),
        ("\ud7b0", "\\ud7b0"),
        ("\ud7fb", "\\ud7fb"),
        ("x\u0316\u0316\u0316", "x\u0316\u0316\u0316"),
        ("x\u0316\u0316\u0316\u0316y\u0316", "x\u0316\u0316\u0316y\u0316"),
        ("\u0316", "\\u0316"),
        ("x\n\u0316", "x\n\\u0316"),
        ("\x1b\u0316", "\\x1b\\u0316"),
    ],
    ids=ascii,
)
def test_the_first_and_the_last_of_each_range_of_characters_are_escaped(sent, shown):
    assert plain(sent) == shown
