import pytest

from tests.support.factories import job
from tests.support.view_states import ASCII, DOWN, ENDED, LINKS, LOOK, NAMED, NOWHERE, UP, WORKED, after, later
from tui.ui.rendering.job_card import card, cards_in_sight, differing, marked_after
from tui.ui.rendering.lines import Role, line_width, text_of

NONE = frozenset()
FAILED = after(
    job(status="FAILED", **NAMED, **ENDED, messages=[f"UPC {number} not found at location W01" for number in range(12)])
)


def texts(lines):
    return [text_of(line) for line in lines]


@pytest.mark.parametrize("width", [20, 34, 60])
def test_card_is_within_its_width(width):
    assert max(map(line_width, card(FAILED, UP, NONE, LOOK, width))) <= width


def test_card_holds_the_fields_and_the_newest_messages():
    text = "\n".join(texts(card(FAILED, UP, NONE, LOOK, 60)))

    for value in (
        "REFRESH",
        "W01",
        "inv_0930.csv",
        "11:56:00Z",
        "1:30",
        "2,998",
        "2,991",
        "false",
        "messages 12",
        "UPC 11 not",
    ):
        assert value in text
    assert "UPC 1 not" not in text


@pytest.mark.parametrize("tracked", [FAILED, after(job(status="WORKING", **WORKED))], ids=["ended", "working"])
def test_unpinned_jobs_of_one_kind_do_not_differ(tracked):
    assert differing([tracked, tracked]) == NONE


def test_differing_fields_are_found():
    jobs = [after(job(**NAMED, itemCount=1)), after(job(2, **NAMED | {"locationCode": "W02"}, itemCount=2), job_id=2)]

    assert differing(jobs) == {"location", "items"}


def test_absent_field_differs_from_one_that_is_there():
    assert differing([after(job(success=None)), after(job(2, success=False), job_id=2)]) == {"success"}


def test_jobs_without_an_answer_differ_in_nothing():
    assert differing([after(), FAILED]) == NONE


def test_each_differing_field_that_the_card_shows_is_marked():
    differs = frozenset({"type", "location", "items"})

    marked = [
        line
        for line in card(FAILED, UP, differs, LOOK, 34)
        if any(span.role is Role.DIFFERS and "≠" in span.text for span in line)
    ]

    assert {text_of(line).split()[0] for line in marked} == differs


def test_every_compared_field_is_on_the_card():
    jobs = [after(job(tenantID=1)), after(job(2, tenantID=2), job_id=2)]

    lines = card(jobs[0], UP, differing(jobs), LOOK, 34)

    assert any("≠" in text for text in texts(lines))


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
    ("pinned", "room", "in_sight"),
    [(1, 120, 1), (3, 120, 3), (8, 120, 3), (8, 113, 2), (8, 80, 2), (8, 20, 1), (0, 80, 1), (2, 0, 1)],
)
def test_cards_in_sight_have_the_room_that_they_need(pinned, room, in_sight):
    assert cards_in_sight(pinned, room) == in_sight


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


def test_value_of_a_differing_field_has_the_colour_of_its_mark_and_no_other():
    lines = card(FAILED, UP, frozenset({"type", "items"}), LOOK, 34)

    fields = {text_of(line[:1]).strip(): [(span.text.strip(), span.role) for span in line] for line in lines[:12]}
    assert fields["type"] == [("type", Role.LABEL), ("≠", Role.DIFFERS), ("REFRESH", Role.DIFFERS)]
    assert fields["items"] == [("items", Role.LABEL), ("≠", Role.DIFFERS), ("2,998", Role.DIFFERS)]
    for label in fields.keys() - {"type", "items"}:
        (_, first), (mark, _), (_, last) = fields[label]
        assert (first, mark, last) == (Role.LABEL, "", Role.TEXT), label


def test_values_of_a_card_stand_below_each_other():
    lines = card(FAILED, UP, frozenset({"type"}), LOOK, 34)[:12]

    assert {line_width(line[:2]) for line in lines} == {11}


def test_card_of_a_job_that_failed_reads_so():
    tracked = after(
        job(status="FAILED", **NAMED, **ENDED, messages=["UPC 1 not found", "UPC 2 not found at any location"])
    )

    assert [text.rstrip() for text in texts(card(tracked, UP, frozenset({"location", "results"}), LOOK, 30))] == [
        "type       REFRESH",
        "location ≠ W01",
        "file       inv_0930.csv",
        "tenant     4711",
        "added      2026-11-23 11:56:0…",
        "started    2026-11-23 11:57:3…",
        "finished   2026-11-23 11:59:0…",
        "waited     1:30",
        "ran        1:30",
        "items      2,998",
        "results  ≠ 2,991",
        "success    false",
        "messages 2",
        "· UPC 1 not found",
        "· UPC 2 not found at any",
        "  location",
    ]


def test_card_of_a_job_that_is_not_current_begins_with_a_warning_and_keeps_its_values():
    lines = card(after(job(status="WORKING", **NAMED, **WORKED), DOWN), UP, NONE, later(LOOK, 31), 38)

    assert [(span.text, span.role) for span in lines[0]] == [("stale 0:31", Role.WARNING)]
    assert [text.split()[1] for text in texts(lines[1:4])] == ["REFRESH", "W01", "inv_0930.csv"]
