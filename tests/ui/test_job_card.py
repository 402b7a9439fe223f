import pytest

from tests.support.factories import job
from tests.support.view_states import ASCII, DOWN, ENDED, LINKS, LOOK, NAMED, NOWHERE, UP, WORKED, after, later
from tui.ui.rendering.job_card import Grid, card_title, deck_line, grid_of, marked_after, reasons, values
from tui.ui.rendering.lines import Role, line_width, text_of

NONE = frozenset()


def card(tracked, link, differs, look, width, in_common=None):
    """The lines of a card, as the deck puts them together."""
    above = reasons(tracked, link, look, width, 12)
    return (*above, *values(tracked, link, look, width, differs=differs, in_common=in_common or {}))


FAILED = after(
    job(status="FAILED", **NAMED, **ENDED, messages=[f"UPC {number} not found at location W01" for number in range(12)])
)


def texts(lines):
    return [text_of(line) for line in lines]


@pytest.mark.parametrize("width", [20, 34, 60])
def test_card_is_within_its_width(width):
    assert max(map(line_width, card(FAILED, UP, NONE, LOOK, width))) <= width


def test_card_begins_with_the_causes_and_then_the_times():
    lines = texts(card(FAILED, UP, NONE, LOOK, 60))

    assert lines[0].startswith("12×  UPC ‹…› not found at location W01")
    assert [line.split()[0] for line in lines[1:6]] == ["waited", "ran", "items", "results", "finished"]


def test_card_says_how_many_results_are_missing():
    assert "results    2,991  7 fewer than items" in texts(card(FAILED, UP, NONE, LOOK, 60))


def test_success_is_shown_only_where_it_contradicts_the_status():
    odd = after(job(status="FAILED", **NAMED, **ENDED | {"success": True}))

    assert "success    true" in texts(card(odd, UP, NONE, LOOK, 60))
    assert not any(line.startswith("success") for line in texts(card(FAILED, UP, NONE, LOOK, 60)))


def test_waiting_job_says_so_and_has_no_empty_fields():
    lines = texts(card(after(job(**NAMED, added="2026-11-23T11:59:00Z")), UP, NONE, LOOK, 60))

    assert lines[0] == "waits for its start"
    assert [line.split()[0] for line in lines[1:]] == ["waiting", "added", "file", "tenant"]


def test_field_in_common_is_not_on_the_card():
    lines = texts(card(FAILED, UP, NONE, LOOK, 60, {"file": "inv_0930.csv"}))

    assert not any(line.startswith("file") for line in lines)


def test_title_has_type_and_location_unless_they_are_in_common():
    assert card_title(FAILED, {}, LOOK) == "REFRESH · W01"
    assert card_title(FAILED, {"type": "REFRESH"}, LOOK) == "W01"
    assert not card_title(after(), {}, LOOK)


@pytest.mark.parametrize("width", [20, 60, 120])
def test_line_above_the_cards_is_within_its_width(width):
    line = deck_line("6 pinned", {"file": "inv_0930.csv" * 20, "tenant": "4711"}, LOOK, width, has_marks=True)

    assert line_width(line) <= width
    assert text_of(line).startswith(" 6 pinned")


def test_each_differing_field_that_the_card_shows_is_marked():
    differs = frozenset({"file", "results", "items"})

    marked = [
        line
        for line in card(FAILED, UP, differs, LOOK, 34)
        if any(span.role is Role.DIFFERS and "≠" in span.text for span in line)
    ]

    assert {text_of(line).split()[0] for line in marked} == differs


@pytest.mark.parametrize(
    ("tracked", "link", "says"),
    [
        pytest.param(after("WORKING", DOWN), "up", "stale 0:31", id="stale"),
        pytest.param(after("WORKING", NOWHERE), "up", "gone", id="gone"),
        *(pytest.param(after("WORKING"), name, "stale 0:31", id=name) for name in LINKS if name != "up"),
        pytest.param(after(NOWHERE), "up", "no job 1 here; check the id and the", id="not-found"),
        pytest.param(after(DOWN), "up", "connection refused; try again; if it", id="no-answer"),
    ],
)
def test_trouble_is_said_first(tracked, link, says):
    first = card(tracked, LINKS[link], NONE, later(LOOK, 31), 38)[0]

    assert (text_of(first), first[0].role) == (says, Role.WARNING)


def test_job_that_is_asked_for_says_so():
    assert texts(card(after(), UP, NONE, LOOK, 38))[0].startswith("loading")


def test_unreadable_values_are_shown_as_they_came():
    text = "\n".join(
        texts(card(after(job(added="soon", itemCount="many", numResults=[1], success=3)), UP, NONE, LOOK, 38))
    )

    for value in ("soon", "many", "[1]", "3"):
        assert value in text


@pytest.mark.parametrize("tracked", [FAILED, after(), after("A" * 90, DOWN)], ids=["full", "unseen", "stale"])
def test_card_is_ascii_where_it_must(tracked):
    assert all(text.isascii() for text in texts(card(tracked, UP, frozenset({"type"}), ASCII, 20)))


def test_value_with_a_line_break_stays_on_its_line():
    assert not any("\n" in text for text in texts(card(after(job(type="a\nb", messages=["c\nd"])), UP, NONE, LOOK, 38)))


@pytest.mark.parametrize(
    ("pinned", "width", "height", "grid"),
    [
        pytest.param(1, 120, 24, Grid(1, 1), id="one"),
        pytest.param(2, 80, 12, Grid(2, 1), id="two-at-80x24"),
        pytest.param(6, 120, 24, Grid(3, 2), id="six-at-120x40"),
        pytest.param(4, 120, 24, Grid(2, 2), id="four-stand-in-a-square"),
        pytest.param(10, 200, 32, Grid(5, 2), id="ten-at-200x50"),
        pytest.param(8, 20, 24, Grid(1, 2), id="narrow"),
        pytest.param(0, 80, 24, Grid(1, 1), id="none"),
        pytest.param(2, 0, 0, Grid(1, 1), id="no-room"),
    ],
)
def test_cards_in_sight_have_the_room_that_they_need(pinned, width, height, grid):
    assert grid_of(pinned, width, height) == grid


@pytest.mark.parametrize(
    ("before", "after", "marked", "then"),
    [
        pytest.param((), (1,), None, 1, id="first"),
        pytest.param((1, 2), (1, 2, 3), 1, 3, id="newly-pinned"),
        pytest.param((1, 2, 3), (2, 3), 2, 2, id="other-unpinned"),
        pytest.param((1, 2, 3), (1, 3), 2, 3, id="falls-to-the-next"),
        pytest.param((1, 2, 3), (1, 2), 3, 2, id="last-falls-to-the-one-before"),
        pytest.param((1,), (), 1, None, id="none-left"),
    ],
)
def test_mark_stays_on_its_job_or_goes_to_a_new_one(before, after, marked, then):
    assert marked_after(before, after, marked) == then


def test_value_of_a_differing_field_has_the_colour_of_its_mark():
    lines = card(FAILED, UP, frozenset({"items"}), LOOK, 34)

    items, results = ([(span.text.strip(), span.role) for span in line[:3]] for line in lines[3:5])
    assert items == [("items", Role.LABEL), ("≠", Role.DIFFERS), ("2,998", Role.DIFFERS)]
    assert results == [("results", Role.LABEL), ("", Role.DIFFERS), ("2,991", Role.TEXT)]


def test_card_of_a_job_that_failed_reads_so():
    tracked = after(
        job(
            status="FAILED", **NAMED, **ENDED, messages=["UPC 1 not found", "UPC 2 not found", "Unexpected end of file"]
        )
    )

    assert [text.rstrip() for text in texts(card(tracked, UP, frozenset({"results"}), LOOK, 40))] == [
        "2×  UPC ‹…› not found",
        "1×  Unexpected end of file",
        "waited     1:30",
        "ran        1:30",
        "items      2,998  33.3/s",
        "results  ≠ 2,991  7 fewer than items",
        "finished   2026-11-23 11:59:00Z  1m ago",
        "started    2026-11-23 11:57:30Z  2m ago",
        "added      2026-11-23 11:56:00Z  4m ago",
        "file       inv_0930.csv",
        "tenant     4711",
    ]


def test_card_of_a_job_that_is_not_current_begins_with_a_warning_and_keeps_its_values():
    lines = card(after(job(status="WORKING", **NAMED, **WORKED), DOWN), UP, NONE, later(LOOK, 31), 38)

    assert [(span.text, span.role) for span in lines[0]] == [("stale 0:31", Role.WARNING)]
    assert "file       inv_0930.csv" in texts(lines)
