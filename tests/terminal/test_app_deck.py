"""Pinned jobs side by side."""

import re

import pytest

from tests.support.pty_app import PATIENCE_S, answer, go_to, is_listed, row


def card_titles(terminal):
    """Return the ids that head the cards in sight, row by row."""
    heads = "\n".join(line for line in terminal.lines if re.match(r"━ \d+ \S [A-Z]+ ━", line))
    return tuple(int(found) for found in re.findall(r"━ (\d+) \S [A-Z]", heads))


@pytest.fixture
def deck(jobdeck, queue):
    """The deck with these jobs pinned."""

    def begin(*job_ids):
        for job_id in job_ids:
            queue.put(job_id, answer(job_id, locationCode=f"W{job_id}", originalFilename="same.csv"))
        terminal = jobdeck(
            *map(str, job_ids), until=lambda it: all(row(job_id, "PENDING").search(it.text) for job_id in job_ids)
        )
        row_of_the_file = ["j"] if len(job_ids) > 1 else []
        terminal.press(*row_of_the_file, *["m", "j"] * len(job_ids))
        go_to(terminal, "deck")
        terminal.wait_for(lambda it: job_ids[-1] in card_titles(it), PATIENCE_S)
        return terminal

    return begin


def test_empty_deck_says_how_to_fill_it(jobdeck):
    terminal = jobdeck("101", until=is_listed(101))

    terminal.press("4")

    terminal.wait_for("Press m on a job to pin it", PATIENCE_S)


def test_two_pinned_jobs_change_live_side_by_side(deck, queue):
    terminal = deck(101, 102)

    queue.put(101, answer(101, "WORKING", itemCount=55))
    queue.put(102, answer(102, "FAILED", messages=["The upload was empty"]))

    terminal.wait_for(re.compile(r"^━ 101 ▶ WORKING ━+ 102 ✖ FAILED ━+$", re.MULTILINE), PATIENCE_S)
    terminal.wait_for(re.compile(r"^ items +≠ 55 +items +≠ 7 ", re.MULTILINE), PATIENCE_S)
    assert terminal.colour_of("▶ WORKING ━") == "brightblue"
    assert terminal.colour_of("✖ FAILED ━") == "red"


def test_equal_fields_stand_above_the_cards_and_differing_ones_on_them(deck):
    terminal = deck(101, 102)

    terminal.wait_for("2 pinned · in all: type REFRESH, file same.csv", PATIENCE_S)

    terminal.wait_for(re.compile(r"━ W101 ━━ 102 .*━ W102 ━"), PATIENCE_S)


def test_field_goes_above_the_cards_when_the_jobs_agree(deck, queue):
    terminal = deck(101, 102)

    queue.put(101, answer(101, locationCode="W102"))

    terminal.wait_for("in all: type REFRESH, location W102", PATIENCE_S)


def test_marked_card_is_told_without_colour(deck):
    terminal = deck(101, 102)

    terminal.press("h")

    terminal.wait_for(lambda it: it.cell(*it.find("101 · PENDING ━")).reverse, PATIENCE_S)
    assert not terminal.cell(*terminal.find("102 · PENDING ━")).reverse


def test_first_card_scrolls_into_sight_and_back(deck):
    terminal = deck(101, 102, 103)

    terminal.press("k")
    terminal.wait_for(lambda it: card_titles(it) == (101, 102), PATIENCE_S)
    terminal.press("j")

    terminal.wait_for(lambda it: card_titles(it) == (103,), PATIENCE_S)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_failed_job_is_compared_with_the_last_good_one_by_one_key(jobdeck, queue, size):
    queue.put(101, answer(101, "FAILED", messages=["The upload was empty"]))
    queue.put(102, answer(102, "SUCCESS"))
    terminal = jobdeck("101-102", size=size, until=row(101, "FAILED"))

    terminal.press("e", "2", "=")

    terminal.wait_for(lambda it: card_titles(it) == (101, 102), PATIENCE_S)
    terminal.wait_for("the last good job of this type", PATIENCE_S)
    assert terminal.find("The upload was empty")
    terminal.press("esc")
    terminal.wait_for(lambda it: card_titles(it) != (101, 102), PATIENCE_S)


def test_six_jobs_stand_side_by_side_at_120x40(jobdeck, queue):
    for job_id in range(101, 107):
        queue.put(job_id, answer(job_id, "FAILED", messages=[f"UPC {job_id} not found"]))
    terminal = jobdeck("101-106", size=(120, 40), until=row(106, "FAILED"))

    terminal.press("M")
    terminal.wait_for("Pin failed", PATIENCE_S)
    terminal.press("f")
    terminal.wait_for("pinned 6 jobs", PATIENCE_S)
    terminal.press("4")

    terminal.wait_for(lambda it: card_titles(it) == tuple(range(101, 107)), PATIENCE_S)
    assert terminal.text.count("UPC 10") >= 6


def test_card_is_unpinned_in_the_deck(deck):
    terminal = deck(101, 102, 103)

    terminal.press("h", "m")

    terminal.wait_for(lambda it: card_titles(it) == (101, 103), PATIENCE_S)


def test_wide_deck_shows_four_cards(jobdeck, queue):
    for job_id in range(101, 105):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck("101-104", size=(160, 40), until=row(104, "PENDING"))

    terminal.press("m", "j", "m", "j", "m", "j", "m", "4")

    terminal.wait_for(lambda it: card_titles(it) == (101, 102, 103, 104), PATIENCE_S)
