import re
from contextlib import asynccontextmanager

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tests.ui.test_random_keys import clicks
from tui.ui.widgets.deck import Card

THREE = {
    11: [job(11, "FAILED", type="REFRESH", locationCode="W01", messages=["UPC 1 not found"])],
    12: [job(12, "SUCCESS", type="REFRESH", locationCode="W02")],
    13: ["WORKING"],
}


def cards(it):
    return [card.job_id for card in it.deck.query(Card)]


ENDED = {number: [job(number, "SUCCESS", locationCode=f"W0{number}")] for number in range(1, 9)}


def in_sight(it):
    """Ids in the titles of the cards that are on the screen, left to right."""
    heading = next((line for line in it.lines if re.search(r"^━ \d+ \S \w+ ━", line)), "")
    return tuple(int(found) for found in re.findall(r"━ (\d+) [^o]", heading))


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

        location = next(line for line in it.lines if "W01" in line and "W02" in line)
        assert location.count("≠ W0") == 2


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
    long = {1: [job(1, messages=["m"] * 40)], 2: [job(2, messages=["n"] * 40)]}
    async with desk(long) as it:
        await it.press("m", "j", "m", "4")
        await it.until(lambda: len(cards(it)) == 2)
        await it.settle()
        await it.press("j", "j", "k")

        assert [card.scroll_offset.y for card in it.deck.query(Card)] == [1, 1]


# jobs of which no news comes


async def test_new_card_shows_its_job_though_no_news_comes():
    async with ended_desk("m", "j", "m") as it:
        assert in_sight(it) == (1, 2)
        assert any("≠ W01" in line and "≠ W02" in line for line in it.lines)


async def test_other_cards_still_show_their_jobs_when_one_is_unpinned():
    async with ended_desk("m", "j", "m", "j", "m", "k", "m") as it:
        assert in_sight(it) == (1, 3)
        assert sum("≠ W0" in line for line in it.lines) == 1


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
    long = {number: [job(number, "SUCCESS", messages=["m"] * 40)] for number in (1, 2)}
    async with desk(long, size=(120, 30)) as it:
        await it.until(lambda: it.screen.scene.watchlist.is_final)
        await it.press("m", "4")
        await it.settle()
        await it.press("j", "j", "2", "j", "m")
        await it.until(lambda: len(cards(it)) == 2)
        await it.settle()

        assert it.deck.query(Card).first().scroll_offset.y == 2


# which card the keys are about


async def test_newly_pinned_card_is_marked_and_in_sight():
    async with ended_desk("m", "j", "m", "j", "m", "j", "m", "j", "m") as it:
        assert in_sight(it) == (3, 4, 5)
        assert it.deck.current == 5


async def test_newly_pinned_card_is_in_sight_when_the_deck_is_gone_to():
    async with desk(THREE) as it:
        await it.press("m", "j", "m", "j", "m", "4")
        await it.settle()

        assert in_sight(it) == (12, 13)


async def test_mark_stays_on_its_job_when_another_is_unpinned():
    async with ended_desk("m", "j", "m", "j", "m", "4", "h", "2", "g", "m") as it:
        assert it.screen.pinned == (2, 3)
        assert it.deck.current == 2


async def test_cards_say_their_place_where_not_all_fit():
    async with ended_desk("m", "j", "m", "j", "m") as it:
        all_fit = it.text
        await it.press("j", "m")
        await it.settle()

        assert " of 3" not in all_fit
        assert [place for place in range(1, 5) if f" {place} of 4 " in it.text] == [2, 3, 4]


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
