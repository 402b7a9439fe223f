"""Pinned jobs side by side."""

import re

import pytest

from tests.support.pty_app import PATIENCE_S, answer, go_to, is_listed, row


def card_titles(terminal):
    """Return the ids that head the cards in sight, left to right."""
    line = next((line for line in terminal.lines if re.match(r"━ \d+ \S \w+ ━.* \d+ \S \w+ ━", line)), "")
    return tuple(int(found) for found in re.findall(r"━ (\d+) \S ", line))


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
        terminal.wait_for(lambda it: card_titles(it) == job_ids[-2:], PATIENCE_S)
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
    terminal.wait_for(re.compile(r"^ items +≠ 55 +items +≠ 7 *$", re.MULTILINE), PATIENCE_S)
    assert terminal.colour_of("▶ WORKING ━") == "brightblue"
    assert terminal.colour_of("✖ FAILED ━") == "red"


def test_only_differing_fields_are_marked(deck):
    terminal = deck(101, 102)

    terminal.wait_for(re.compile(r"location ≠ W101 +location ≠ W102\b"), PATIENCE_S)

    assert re.search(r"type +REFRESH +type +REFRESH\b", terminal.text)
    assert re.search(r"file +same.csv +file +same.csv\b", terminal.text)
    assert (
        terminal.colour_of("W101   ") != terminal.colour_of("same.csv") or terminal.cell(*terminal.find("≠ W101")).bold
    )


def test_mark_goes_when_the_fields_agree(deck, queue):
    terminal = deck(101, 102)
    terminal.wait_for("location ≠ W101", PATIENCE_S)

    queue.put(101, answer(101, locationCode="W102"))

    terminal.wait_for(re.compile(r"location   W102 +location   W102\b"), PATIENCE_S)


def test_messages_of_both_jobs_can_be_scrolled_to(deck, queue):
    terminal = deck(101, 102)

    queue.put(101, answer(101, "FAILED", messages=["first reason"]))
    queue.put(102, answer(102, "FAILED", messages=["other reason"]))
    terminal.wait_for(re.compile(r"✖ FAILED ━+ 102 ✖ FAILED"), PATIENCE_S)
    terminal.press("ctrl+d")

    terminal.wait_for(re.compile(r"· first reason +.*· other reason"), PATIENCE_S)


def test_marked_card_is_told_without_colour(deck):
    terminal = deck(101, 102)

    terminal.press("h")

    terminal.wait_for(lambda it: it.cell(*it.find("101 · PENDING ━")).reverse, PATIENCE_S)
    assert not terminal.cell(*terminal.find("102 · PENDING ━")).reverse


def test_first_card_scrolls_into_sight_and_back(deck):
    terminal = deck(101, 102, 103)

    terminal.press("h", "h")
    terminal.wait_for(lambda it: card_titles(it) == (101, 102), PATIENCE_S)
    terminal.press("l", "l")

    terminal.wait_for(lambda it: card_titles(it) == (102, 103), PATIENCE_S)


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
