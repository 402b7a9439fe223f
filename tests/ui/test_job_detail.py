import asyncio
import gc
import re
import time
from contextlib import asynccontextmanager

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.ui.widgets import job_detail
from tui.ui.widgets.job_detail import Tab

LINES = [f"row {number}: UPC {number} not found" for number in range(1, 61)]
TWO = {
    1: [job(1, "FAILED", type="REFRESH", surprise="yes", messages=LINES)],
    2: [job(2, "SUCCESS", messages=["fine " * 60])],
}


def top(it):
    return it.detail.scroll_offset.y


@pytest.mark.parametrize(
    ("keys", "tab"),
    [
        ("]", Tab.MESSAGES),
        ("]]", Tab.TIMES),
        ("]]]", Tab.FIELDS),
        ("]]]]", Tab.HISTORY),
        ("[", Tab.RAW),
        ("[[", Tab.HISTORY),
        ("]" * 6, Tab.WHY),
    ],
)
async def test_brackets_turn_the_tabs(keys, tab):
    async with desk(TWO) as it:
        await it.press(*keys)

        assert it.detail.tab is tab
        assert f" {tab.value}" in it.text


@pytest.mark.parametrize(
    ("width", "head"),
    [
        (22, "━ 101 ✔ SUCCESS "),
        (38, "━ 101 ✔ SUCCESS ━  W  M  T  F  H  R  ━"),
        (40, "━ 101 ✔ SUCCESS ━  W  M 0  T  F  H  R  ━"),
        (53, "━ 101 ✔ SUCCESS ━━━━  Why  M 0  Tim  Fld  His  Raw  ━"),
        (59, "━ 101 ✔ SUCCESS ━  Why  Msgs 0  Times  Fields  Hist  Raw  ━"),
    ],
)
async def test_title_holds_the_status_whole_and_the_tabs_where_there_is_room(width, head):
    async with desk({101: [job(101, "SUCCESS")]}, size=(width, 24)) as it:
        await it.until(lambda: it.status(101) == "SUCCESS")
        await it.press("3")
        await it.pilot.pause()

        title = next(line for line in it.lines if "101 " in line)
        assert title.startswith(head)


async def test_tabs_show_fields_messages_and_json():
    async with desk(TWO) as it:
        overview = it.text
        await it.press("]")
        messages = it.text
        await it.press("]", "3", "G")

        assert "REFRESH" in overview
        assert "1 row 1: UPC 1 not found" in messages
        assert "]" in it.text.split("Raw")[1]


async def test_tab_stays_when_another_job_is_selected():
    async with desk(TWO) as it:
        await it.press("]", "j")

        assert it.detail.tab is Tab.MESSAGES
        assert "1 fine fine" in it.text


@pytest.mark.parametrize("keys", ["Gg", "jjjk" + "kk", "G" + "g"], ids=["G-g", "down-up", "end-home"])
async def test_detail_scrolls_there_and_back(keys):
    async with desk(TWO) as it:
        await it.press("]", "3", *keys)

        assert top(it) == 0


async def test_detail_scrolls_to_the_last_message():
    async with desk(TWO) as it:
        await it.press("]", "3", "G")

        assert "60 row 60" in it.text


async def test_space_scrolls_by_a_page_and_page_up_back():
    async with desk(TWO) as it:
        await it.press("]", "3", "space")
        down = top(it)
        await it.press("pageup")

        assert down > 3
        assert top(it) == 0


async def test_another_job_is_shown_from_its_top():
    async with desk({number: [job(number, "SUCCESS", messages=LINES)] for number in (1, 2)}) as it:
        await it.press("]", "3", "G", "2", "j")

        assert top(it) == 0


async def test_new_facts_leave_the_place_where_it_is():
    async with desk({1: [job(1, "WORKING", messages=LINES)]}) as it:
        await it.press("]", "3", *"jjjjj")

        await it.answered(1, job(1, "SUCCESS", messages=[*LINES, "row 61"]))
        await it.until(lambda: "Messages 61" in it.text)

        assert top(it) == 5


# while the selection moves


def shown(it):
    """The job whose fields are in the panel, by its title."""
    return int(re.findall(r"━ (\d+) [^j]", it.text)[-1])


MANY = {number: [job(number, "SUCCESS", messages=LINES)] for number in range(1, 6)}


async def test_job_that_is_passed_is_not_painted(monkeypatch):
    async with desk(MANY) as it:
        monkeypatch.setattr(job_detail, "REST_S", 60)
        await it.press("j", "j", "j")
        await it.until(lambda: (it.detail.job_id, shown(it)) == (4, 2))
        await it.settle()

        assert shown(it) == 2


async def test_job_on_which_the_selection_rests_is_painted():
    async with desk(MANY) as it:
        await it.press("j", "j", "j")
        await it.until(lambda: shown(it) == 4)

        assert it.detail.job_id == 4


@pytest.mark.parametrize("keys", ["]", "3j", "3G", "w"], ids=["tab", "scrolls", "ends", "wraps"])
async def test_key_for_the_detail_paints_the_selected_job(monkeypatch, keys):
    async with desk(MANY) as it:
        monkeypatch.setattr(job_detail, "REST_S", 60)
        await it.press("j", "j", *keys)

        assert shown(it) == 3


async def test_new_facts_do_not_paint_a_job_that_is_passed(monkeypatch):
    async with desk({**MANY, 3: ["PENDING"]}) as it:
        monkeypatch.setattr(job_detail, "REST_S", 60)
        await it.press("j", "j")
        await it.until(lambda: (it.detail.job_id, shown(it)) == (3, 2))
        await it.answered(3, "FAILED")
        await it.settle()

        assert shown(it) == 2


# search


async def test_search_goes_to_the_first_match_and_n_to_the_next():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"upc 3", "enter")
        await it.settle()
        places = [top(it)]
        for key in ("n", "n", "N"):
            await it.press(key)
            places.append(top(it))

        assert places == [2, 29, 30, 29]
        assert it.detail.has_focus


async def test_search_from_the_overview_goes_to_the_messages():
    async with desk(TWO) as it:
        await it.press("3", "slash", *"row 50")
        await it.until(lambda: "row 50" in it.text)

        assert it.detail.tab is Tab.MESSAGES


async def test_search_given_up_leaves_nothing_marked():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"row", "escape")
        await it.settle()

        assert it.detail.needle == ""


async def test_n_goes_round():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"row 1:", "enter", "G", "n")

        assert top(it) == 0


async def test_search_says_what_comes_of_it_while_it_is_typed():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"upc 3")
        found = it.lines[-1]
        await it.press("z")
        await it.settle()

        assert "1 of 11" in found
        assert "no match for 'upc 3z'" in it.lines[-1]


async def test_search_says_in_the_bottom_line_which_match_it_is_at():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"upc 3", "enter")
        said = [it.lines[-1].strip()]
        for key in ("n", "n", "N"):
            await it.press(key)
            said.append(it.lines[-1].strip())

        assert said == ["1 of 11", "2 of 11", "3 of 11", "2 of 11"]


async def test_search_without_a_match_says_so_on_enter_and_on_n():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"zzz", "enter")
        entered = it.lines[-1].strip()
        await it.press("2", "f9", "3", "n")

        assert [entered, it.lines[-1].strip()] == ["no match for 'zzz'"] * 2


async def test_n_without_a_search_says_how_to_begin_one():
    async with desk(TWO) as it:
        await it.press("3", "n")

        assert "no search yet: / starts one" in it.lines[-1]


async def test_n_goes_on_through_matches_that_are_in_sight_at_the_end():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"row 5", "enter")
        places = []
        for _ in range(11):
            await it.press("n")
            places.append(int(it.lines[-1].split()[0]))

        assert places == [*range(2, 12), 1]


async def test_n_goes_on_from_where_the_text_was_scrolled_to():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"row 3", "enter", "n", "g", "n")

        assert "1 of 11" in it.lines[-1]


def looks(it, words):
    """The style of some words in the panel."""
    line = next(line for line in range(it.detail.size.height) if words in it.detail.render_line(line).text)
    strip = it.detail.render_line(line)
    start = strip.text.index(words)
    return next(iter(strip.crop(start, start + len(words)))).style


async def test_current_match_looks_unlike_the_others():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"row 5", "enter", "n")
        await it.settle()
        current, other = looks(it, "row 50"), looks(it, "row 51")
        await it.press("n")
        await it.settle()

        assert current.reverse
        assert other.reverse
        assert (current.bold, current.underline) != (other.bold, other.underline)
        assert looks(it, "row 51") == current


async def test_search_that_is_begun_again_replaces_the_last_words():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"row", "enter", "slash", *"upc")
        typed = it.prompt.value
        await it.press("enter", "slash", "end", *" 3", "enter")

        assert (typed, it.detail.needle) == ("upc", "upc 3")


async def test_n_from_the_overview_goes_to_the_messages():
    async with desk(TWO) as it:
        await it.press("]", "3", "slash", *"row 40", "enter", "[", "n")

        assert it.detail.tab is Tab.MESSAGES
        assert "1 of 1" in it.lines[-1]


async def test_search_of_the_detail_leaves_the_list_alone():
    async with desk(TWO) as it:
        await it.press("3", "slash", *"nowhere", "enter")

        assert it.jobs.visible_ids == (1, 2)


# wrapping


async def test_w_lets_long_lines_scroll_sideways_and_back():
    async with desk(TWO) as it:
        await it.press("j", "]")
        wrapped = it.detail.virtual_size
        await it.press("w")
        await it.settle()
        unwrapped = it.detail.virtual_size
        await it.press("w")
        await it.settle()

        assert (wrapped.height > 1, unwrapped.height, unwrapped.width > 250) == (True, 1, True)
        assert it.detail.virtual_size.height == wrapped.height


LONG = {1: [job(1, "FAILED", messages=[f"row {number}: {'word ' * (number % 40)}end" for number in range(1, 2001)])]}


def on_top(it):
    """The message whose line is the first in the panel."""
    return it.detail.render_line(0).text.strip().split()[0]


@pytest.mark.parametrize("row", [1, 700, 1999])
async def test_w_keeps_the_message_on_top_and_the_match(row):
    async with desk(LONG) as it:
        await it.press("]", "3", "slash", *f"row {row}:", "enter")
        await it.settle()
        seen = []
        for _ in range(3):
            seen.append((f"row {row}:" in it.text, on_top(it)))
            await it.press("w")
            await it.settle()

        assert all(is_in_sight for is_in_sight, _ in seen)
        assert row == 1999 or {top for _, top in seen} == {str(row)}


async def test_w_keeps_the_message_on_top_without_a_search():
    async with desk(LONG) as it:
        await it.press("]", "3", *["space"] * 9)
        await it.settle()
        before = it.detail.text.paragraph_at(top(it))
        await it.press("w")
        await it.settle()
        after = it.detail.text.paragraph_at(top(it))
        await it.press("w")
        await it.settle()

        assert before == after == it.detail.text.paragraph_at(top(it)) > 5


async def test_another_width_keeps_the_message_on_top():
    async with desk(LONG) as it:
        await it.press("]", "3", "slash", *"row 700:", "enter")
        await it.pilot.resize_terminal(60, 24)
        await it.settle()
        narrow = on_top(it)
        await it.pilot.resize_terminal(140, 24)
        await it.settle()

        assert [narrow, on_top(it)] == ["700", "700"]


async def test_detail_of_no_job_is_empty():
    async with desk() as it:
        await it.press("3", "]", "G", "w", "n")

        assert it.detail.tracked is None
        assert it.app.is_running


# a hundred thousand messages

GAP_S = 0.2
"""Longest time that the loop may be busy with one thing: of this thread alone, as other programs may have the processor."""
HUGE = {
    1: [job(1, "FAILED", messages=[f"row {number}: err, err and err" for number in range(100_000)])],
    2: ["PENDING"],
}


@asynccontextmanager
async def watched_loop():
    """Collect the seconds of work between two turns of the loop; what earlier tests left behind is not swept in them."""
    gaps = []
    gc.freeze()  # as the program does at its start

    async def watch():
        last_s = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            gaps.append(time.thread_time() - last_s)
            last_s = time.thread_time()

    watching = asyncio.create_task(watch())
    yield gaps
    watching.cancel()
    gc.unfreeze()


@pytest.mark.parametrize("key", ["]", "["], ids=["messages", "raw"])
async def test_loop_goes_on_while_a_huge_text_is_read_and_searched(key):
    async with desk(HUGE) as it, watched_loop() as gaps:
        await it.press("3", key)
        assert "row 0: err" in it.text or key == "[", "the begin is shown before the end is known"
        await it.press("slash", *"err")
        await it.until(lambda: not it.detail.is_busy)
        await it.press("enter", "N")

        assert len(it.detail.text.matches) == 300_000
        assert "300,000 of 300,000" in it.lines[-1]
        assert max(gaps) < GAP_S


async def test_newest_search_alone_is_carried_to_its_end():
    async with desk(HUGE) as it:
        await it.press("3", "]")
        await it.until(lambda: not it.detail.is_busy)

        for needle in ("r", "ro", "row", "err", "row 99999:"):
            it.detail.needle = needle
        await it.until(lambda: not it.detail.is_busy)

        assert len(it.detail.text.matches) == 1
        assert "row 99999: err" in it.text


async def test_keys_behind_a_long_search_are_carried_out_after_it():
    async with desk(HUGE) as it:
        it.type_ahead("3]/row 9999\rnnn")

        await it.until(lambda: "4 of 11" in it.lines[-1])
        assert "row 99992: err" in it.text


async def test_end_of_a_huge_text_is_reached_however_early_it_is_asked_for():
    async with desk(HUGE) as it:
        it.type_ahead("3]G")

        await it.until(lambda: "row 99999: err" in it.text)


async def test_newer_facts_of_a_huge_job_are_shown_though_they_come_all_the_time():
    async with desk({1: [job(1, "WORKING", messages=HUGE[1][0].messages)]}) as it:
        await it.press("3", "]")
        for number in range(3):
            it.answer(
                1,
                *[job(1, "WORKING", messages=[f"look {number}.{again}", *HUGE[1][0].messages]) for again in range(20)],
            )
            await it.until(lambda number=number: f"look {number}." in it.text)
