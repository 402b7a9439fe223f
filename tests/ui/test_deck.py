import re
from contextlib import asynccontextmanager

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tests.support.view_states import ENDED as TIMES
from tests.ui.test_random_keys import clicks
from tui.ui.widgets.deck import Card

THREE = {
    11: [job(11, "FAILED", type="REFRESH", locationCode="W01", originalFilename="a.csv", messages=["UPC 1 not found"])],
    12: [job(12, "SUCCESS", type="REFRESH", locationCode="W02", originalFilename="b.csv")],
    13: ["WORKING"],
}


def cards(it):
    return [card.job_id for card in it.deck.query(Card)]


WORDS = [" ".join(chr(97 + (place * 7 + step) % 26) * 5 for step in range(place + 1)) for place in range(30)]
"""Messages without a common cause."""

ENDED = {number: [job(number, "SUCCESS", locationCode=f"W0{number}")] for number in range(1, 9)}


def in_sight(it):
    """Ids in the titles of the cards that are on the screen, row by row."""
    headings = "\n".join(line for line in it.lines if re.search(r"^━ \d+ \S \w+ ━", line))
    return tuple(int(found) for found in re.findall(r"━ (\d+) \S [A-Z]", headings))


@asynccontextmanager
async def ended_desk(*keys, size=(120, 40)):
    """Eight jobs of which no news comes any more, in the layout with the deck, after these keys."""
    async with desk(ENDED, size=size) as it:
        await it.until(lambda: it.screen.scene.watchlist.is_final)
        await it.press("vertical_line", "vertical_line", *keys)
        await it.settle()
        yield it


async def test_empty_deck_says_how_to_fill_it():
    async with desk(THREE) as it:
        await it.press("4")
        await it.settle()

        assert "No pinned jobs. Press m on a job" in it.text


async def test_m_pins_and_unpins():
    async with desk(THREE) as it:
        await it.press("m")
        pinned, said = it.screen.pinned, it.lines[-1]
        await it.press("m")

        assert pinned == (11,)
        assert "11 pinned, 1 job on the deck: 4 shows it" in said
        assert it.screen.pinned == ()
        assert "11 unpinned" in it.lines[-1]


async def test_pinned_jobs_stand_side_by_side_in_the_order_of_pinning():
    async with desk(THREE, size=(120, 40)) as it:
        await it.press("j", "m", "k", "m", "4")
        await it.until(lambda: cards(it) == [12, 11])
        await it.settle()

        heading = next(line for line in it.lines if "12 ✔ SUCCESS" in line and "━" in line)
        assert "11 ✖ FAILED" in heading


async def test_differing_fields_are_marked():
    async with desk(THREE, size=(120, 40)) as it:
        await it.press("m", "j", "m", "4")
        await it.until(lambda: cards(it) == [11, 12])
        await it.settle()

        file = next(line for line in it.lines if "a.csv" in line and "b.csv" in line)
        assert file.count("≠") == 2


async def test_card_shows_a_change_of_status_as_it_comes():
    async with desk(THREE, size=(120, 40)) as it:
        await it.press("G", "m", "4")
        await it.until(lambda: cards(it) == [13])

        await it.answered(13, job(13, "FAILED", messages=["timed out"]))
        await it.until(lambda: "timed out" in it.text)

        assert any("13 ✖ FAILED" in line and "━" in line for line in it.lines)


async def test_keys_are_about_the_current_card():
    async with desk(THREE, size=(120, 40)) as it:
        await it.press("m", "j", "m", "j", "m", "4")
        await it.until(lambda: len(cards(it)) == 3)
        walked = [it.deck.current]
        for key in ("l", "h", "h", "h", "l"):
            await it.press(key)
            walked.append(it.deck.current)
        await it.press("m")
        await it.until(lambda: len(cards(it)) == 2)

        assert walked == [13, 13, 12, 11, 11, 12]
        assert it.screen.pinned == (11, 13)
        assert it.deck.current == 13


@pytest.mark.parametrize("size", [(80, 24), (59, 24), (20, 5)], ids=["80x24", "59x24", "20x5"])
async def test_card_that_does_not_fit_is_scrolled_to(size):
    async with desk(THREE, size=size) as it:
        await it.press("m", "j", "m", "j", "m", "4", "l", "l")
        await it.until(lambda: len(cards(it)) == 3)
        await it.settle()
        last = it.deck.query(Card).last()

        assert it.deck.region.overlaps(last.region)
        assert it.app.is_running


async def test_cards_scroll_together():
    many = {number: [job(number, "FAILED", **TIMES | {"messages": WORDS})] for number in (1, 2)}
    async with desk(many) as it:
        await it.press("m", "j", "m", "4")
        await it.until(lambda: len(cards(it)) == 2)
        await it.settle()
        await it.press("ctrl+d")

        assert [card.scroll_offset.y > 0 for card in it.deck.query(Card)] == [True, True]


# jobs of which no news comes


async def test_new_card_shows_its_job_though_no_news_comes():
    async with ended_desk("m", "j", "m") as it:
        assert in_sight(it) == (1, 2)
        assert "━ W01 ━" in it.text
        assert "━ W02 ━" in it.text


async def test_other_cards_still_show_their_jobs_when_one_is_unpinned():
    async with ended_desk("m", "j", "m", "j", "m", "k", "m") as it:
        assert in_sight(it) == (1, 3)
        assert "━ W02 ━" not in it.text


async def test_card_shows_its_job_when_the_deck_comes_back():
    async with ended_desk("m", "vertical_line", "j", "m", "vertical_line", "vertical_line") as it:
        assert in_sight(it) == (1, 2)


async def test_cards_show_their_jobs_when_the_deck_is_the_only_part():
    async with ended_desk("m", "j", "m", size=(59, 24)) as it:
        await it.press("4")
        await it.settle()

        assert in_sight(it) == (2,)


async def test_job_that_is_unpinned_and_pinned_at_once_is_the_last_card():
    async with ended_desk("m", "j", "m", "j", "m", "g") as it:
        it.type_ahead("mm")
        await it.until(lambda: it.screen.pinned == (2, 3, 1))
        await it.settle()

        assert in_sight(it) == (2, 3, 1)


async def test_cards_stay_scrolled_when_another_is_pinned():
    many = {number: [job(number, "FAILED", **TIMES | {"messages": WORDS})] for number in (1, 2)}
    async with desk(many, size=(80, 24)) as it:
        await it.until(lambda: it.screen.scene.watchlist.is_final)
        await it.press("m", "4")
        await it.settle()
        await it.press("ctrl+d")
        scrolled = it.deck.query(Card).first().scroll_offset.y
        await it.press("2", "j", "m")
        await it.until(lambda: len(cards(it)) == 2)
        await it.settle()

        assert it.deck.query(Card).first().scroll_offset.y == scrolled > 0


# which card the keys are about


async def test_newly_pinned_card_is_marked_and_in_sight():
    async with ended_desk("m", "j", "m", "j", "m", "j", "m", "j", "m") as it:
        assert it.deck.current == 5
        assert 5 in in_sight(it)


async def test_newly_pinned_card_is_in_sight_when_the_deck_is_gone_to():
    async with desk(THREE) as it:
        await it.press("m", "j", "m", "j", "m", "4")
        await it.settle()

        assert in_sight(it) == (13,)


async def test_mark_stays_on_its_job_when_another_is_unpinned():
    async with ended_desk("m", "j", "m", "j", "m", "4", "h", "2", "g", "m") as it:
        assert it.screen.pinned == (2, 3)
        assert it.deck.current == 2


async def test_line_above_the_cards_says_which_is_marked_where_not_all_fit():
    async with ended_desk("m", "j", "m", size=(80, 24)) as it:
        all_fit = it.text
        await it.press("j", "m")
        await it.settle()

        assert " 2 pinned" in all_fit
        assert " card 3 of 3" in it.text


async def test_six_jobs_stand_in_two_rows_and_keys_go_from_row_to_row():
    async with ended_desk(*"mjmjmjmjmjm4") as it:
        await it.settle()
        assert in_sight(it) == (1, 2, 3, 4, 5, 6)
        walked = [it.deck.current]
        for key in "khljkl":
            await it.press(key)
            walked.append(it.deck.current)

        assert walked == [6, 3, 2, 3, 6, 3, 4]


async def test_fields_in_which_all_jobs_agree_stand_above_the_cards_alone():
    same = {number: [job(number, "SUCCESS", locationCode="W01", originalFilename="same.csv")] for number in (1, 2)}
    async with desk(same, size=(120, 40)) as it:
        await it.press("m", "j", "m", "4")
        await it.until(lambda: "in all: location W01, file same.csv" in it.text)

        assert it.text.count("same.csv") == 1


async def test_x_in_the_deck_takes_off_the_job_of_the_marked_card():
    async with ended_desk("m", "j", "m", "j", "j", "4", "h", "x") as it:
        await it.until(lambda: len(it.watched) == 7)

        assert "1 removed" in it.lines[-1]
        assert 1 not in it.watched
        assert it.screen.pinned == (2,)
        assert it.jobs.cursor == 4


async def test_r_in_the_deck_asks_for_the_job_of_the_marked_card():
    async with ended_desk("m", "j", "m", "j", "j") as it:
        for job_id in ENDED:
            it.answer(job_id, "WORKING")

        await it.press("4", "r")
        await it.until(lambda: it.status(2) == "WORKING")

        assert [it.status(job_id) for job_id in (1, 4)] == ["SUCCESS", "SUCCESS"]


async def test_enter_in_the_deck_opens_the_job_of_the_marked_card():
    async with ended_desk("m", "j", "m", "j", "j", "4", "enter") as it:
        assert it.detail.has_focus
        assert (it.jobs.cursor, it.detail.job_id) == (2, 2)
        assert "━ 2 ✔ SUCCESS" in it.text


async def test_enter_in_the_deck_clears_a_filter_that_hides_the_job():
    async with ended_desk("m", "slash", "W", "0", "5", "enter", "4", "enter") as it:
        assert (it.jobs.cursor, it.detail.job_id, it.jobs.filter_text) == (1, 1, "")
        assert "filter cleared" in it.lines[-1]


async def test_e_in_the_deck_shows_the_failed_job_and_later_keys_are_about_it():
    async with desk(THREE) as it:
        await it.press("G", "m", "4", "e", "x")
        await it.until(lambda: len(it.watched) == 2)

        assert it.watched == (12, 13)


async def test_enter_opens_the_card_that_was_marked_when_it_was_pressed():
    async with ended_desk("m", "j", "m", "4") as it:
        it.type_ahead("h\rl")
        await it.until(lambda: it.screen.panes.current == "detail")

        assert it.jobs.cursor == 1


@pytest.mark.parametrize("key", ["m", "x", "r", "enter", "h", "l", "j", "k"])
async def test_key_on_an_empty_deck_says_that_there_is_nothing(key):
    async with desk(THREE) as it:
        await it.press("4", key)

        assert "no job on the deck" in it.lines[-1]
        assert it.watched == tuple(THREE)


async def test_empty_deck_offers_no_key_for_a_card():
    async with desk(THREE) as it:
        await it.press("4")
        empty = it.lines[-1]
        await it.press("f9", "2", "m", "4")
        await it.until(lambda: "m unpin" in it.lines[-1])

        assert "esc back" in empty
        assert "unpin" not in empty
        assert "card" not in empty


async def test_m_right_behind_an_x_pins_the_job_that_stands_there_now():
    async with desk(THREE) as it:
        it.type_ahead("xm4")
        await it.until(lambda: len(it.watched) == 2)
        await it.settle()

        assert it.screen.pinned == (12,)
        assert "━ 12 " in it.text


# the list


async def test_list_marks_pinned_jobs():
    async with ended_desk("m", "j", "m", "m") as it:
        assert "◆     1 " in it.row_of(1)
        assert "◆" not in it.row_of(2)


async def test_pinning_paints_the_row_of_the_job_alone():
    async with desk(THREE) as it:
        await it.settle()
        await it.press("m")
        await it.pilot.pause()

        assert {region.y for region in it.jobs.refreshed if region != "everything"} == {1}
        assert "everything" not in it.jobs.refreshed


async def test_click_on_a_card_that_has_just_gone_does_no_harm():
    async with desk(THREE) as it:
        await it.press("m", "j", "m", "4")
        card = it.deck.query(Card).last().region

        it.deck.query(Card).last().remove()
        for event in clicks(card.x + 3, card.y + 3, 2):
            it.app.post_message(event)
        await it.settle()

        assert it.app.bug is None


# comparing

KIND = {"type": "REFRESH", "locationCode": "W01"}
HISTORY = {
    1: [job(1, "FAILED", **KIND, messages=["UPC 1 not found"])],
    2: [job(2, "SUCCESS", **KIND, finished="2026-11-23T10:00:00Z")],
    3: [job(3, "SUCCESS", **KIND, finished="2026-11-23T11:00:00Z")],
    4: [job(4, "FAILED", type="ADJUST", locationCode="W01")],
}


async def test_one_key_shows_a_failed_job_beside_the_last_good_one_of_its_kind():
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("equals_sign")
        await it.until(lambda: in_sight(it) == (1, 3))
        await it.settle()

        assert it.deck.current == 1
        assert "the last good job of this type and" in it.text


async def test_esc_returns_from_a_comparison_to_what_was_before():
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("j", "m", "k", "equals_sign", "escape")

        assert it.screen.pinned == (2,)
        assert it.screen.panes.current == "jobs"
        assert it.screen.panes.layout_name == "split"
        assert it.jobs.cursor == 1


async def test_good_job_is_compared_with_the_last_failed_one():
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("j", "equals_sign")

        assert it.screen.pinned == (2, 1)


async def test_comparison_without_a_good_job_says_so():
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("G", "equals_sign")

        assert "no good job of this type and location is watched" in it.lines[-1]
        assert it.screen.panes.current == "jobs"


async def test_marked_jobs_are_compared():
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("space", "j", "space", "equals_sign")

        assert it.screen.pinned == (1, 3)


async def test_pins_made_in_a_comparison_stay():
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("equals_sign", "l", "m", "escape")

        assert it.screen.pinned == (1,)


async def test_session_remembers_the_pins_and_the_layout_before_a_comparison():
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("j", "m", "k", "equals_sign")

        assert it.screen.remembered.pinned == (2,)
        assert it.screen.remembered.layout == "split"


# pinning many


@pytest.mark.parametrize(
    ("letter", "pinned"), [("f", (1, 4)), ("m", (1, 2)), ("l", (1, 2, 3, 4)), ("n", ())], ids="fmln"
)
async def test_menu_pins_many_at_once(letter, pinned):
    async with desk(HISTORY, size=(80, 24)) as it:
        await it.press("space", "space", "m", "M", letter)
        await it.until(lambda: it.screen.pinned == pinned)

        assert it.app.screen is it.screen


async def test_menu_says_how_many_it_left_out():
    async with desk({number: ["FAILED"] for number in range(1, 41)}) as it:
        await it.press("M", "f")

        assert len(it.screen.pinned) == 24
        assert "pinned 24 of 40 jobs" in it.lines[-1]
