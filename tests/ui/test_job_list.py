import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.support.app_harness import Desk, SpyApp, desk
from tests.support.factories import job
from tui.core.clock import SystemClock
from tui.domain.commands import TrackJobs, UntrackJobs
from tui.domain.errors import JobNotFound
from tui.history.views import RememberedView
from tui.ui.app_context import AppContext
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place
from tui.ui.rendering.view_state import ASCII_GLYPHS

FIVE = {job_id: ["PENDING"] for job_id in (11, 12, 13, 14, 15)}
MANY = {job_id: ["PENDING"] for job_id in range(101, 201)}
MIXED = {
    1: [job(1, "FAILED", type="REFRESH", locationCode="W01", messages=["UPC 1 not found"])],
    2: [job(2, "SUCCESS", type="REFRESH", locationCode="W02")],
    3: [job(3, "WORKING", type="ADJUST", locationCode="W01")],
    4: [JobNotFound("no job 4", http_status=404)],
}


# moving


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        pytest.param("j", 12, id="j"),
        pytest.param("jjk", 12, id="k"),
        pytest.param("k", 11, id="stops-at-the-first"),
        pytest.param("G", 15, id="G"),
        pytest.param("Gj", 15, id="stops-at-the-last"),
        pytest.param("Gg", 11, id="g"),
    ],
)
async def test_letters_move_the_cursor(keys, cursor):
    async with desk(FIVE) as it:
        await it.press(*keys)

        assert (it.jobs.cursor, it.detail.job_id) == (cursor, cursor)


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [(["down"], 12), (["down", "up"], 11), (["end"], 15), (["end", "home"], 11)],
    ids=["down", "up", "end", "home"],
)
async def test_arrows_move_the_cursor(keys, cursor):
    async with desk(FIVE) as it:
        await it.press(*keys)

        assert it.jobs.cursor == cursor


async def test_pages_move_the_cursor_and_back():
    async with desk(MANY) as it:
        await it.press("pagedown")
        page = it.jobs.cursor
        await it.press("ctrl+d")
        further = it.jobs.cursor
        await it.press("ctrl+u", "pageup")

        assert 101 < page < further
        assert it.jobs.cursor == 101
        assert len(it.watched) == 100


@pytest.mark.parametrize("keys", ["G", "Gg", "jjjjjjjjjjjj"])
async def test_cursor_is_always_in_sight(keys):
    async with desk(MANY) as it:
        await it.press(*keys)

        assert it.row_of(it.jobs.cursor)


async def test_header_stays_in_sight():
    async with desk(MANY) as it:
        await it.press("G")

        assert any("STATUS" in line and "JOB" in line for line in it.lines)


async def test_click_moves_the_cursor():
    async with desk(FIVE) as it:
        await it.pilot.click("#jobs", offset=(10, 4))
        await it.pilot.pause()

        assert it.jobs.cursor == 13


async def test_enter_opens_the_detail():
    async with desk(FIVE) as it:
        await it.press("j", "enter")

        assert (it.screen.panes.current, it.detail.job_id) == ("detail", 12)
        assert it.detail.has_focus


# the selection follows the job


async def test_new_rows_never_move_the_cursor():
    async with desk(FIVE) as it:
        await it.press("j", "j")
        row = it.row_of(13), it.lines.index(it.row_of(13))

        it.thread.tell(TrackJobs(tuple(range(20, 60))))
        await it.until(lambda: len(it.watched) == 45)
        await it.pilot.pause()

        assert it.jobs.cursor == 13
        assert (it.row_of(13), it.lines.index(it.row_of(13))) == row


async def test_cursor_follows_its_job_when_rows_above_go():
    async with desk(FIVE) as it:
        await it.press("j", "j")

        it.thread.tell(UntrackJobs((11, 12)))
        await it.until(lambda: it.watched == (13, 14, 15))

        assert (it.jobs.cursor, it.detail.job_id) == (13, 13)


@pytest.mark.parametrize(("keys", "next_job"), [("j", 13), ("G", 14)], ids=["in-the-middle", "at-the-end"])
async def test_cursor_takes_the_place_of_a_job_that_goes(keys, next_job):
    async with desk(FIVE) as it:
        await it.press(*keys)
        gone = it.jobs.cursor

        await it.press("x")
        await it.until(lambda: gone not in it.watched)
        await it.pilot.pause()

        assert (it.jobs.cursor, it.detail.job_id) == (next_job, next_job)


async def test_last_job_taken_off_leaves_a_hint():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("x")
        await it.until(lambda: it.watched == ())
        await it.pilot.pause()

        assert it.jobs.cursor is None
        assert "No jobs yet." in it.text
        assert "Type or paste job ids or a file name above, then press enter" in it.text


@pytest.mark.parametrize("keys", ["jkgG", "eEmrRptw[]xu", "|f\x1b", "1\x1b234"])
async def test_keys_are_harmless_on_an_empty_list(keys):
    async with desk() as it:
        await it.press("escape")
        it.type_ahead(keys)
        await it.pilot.pause()

        assert it.app.bug is None
        assert it.app.is_running


# what is painted


async def test_only_the_row_of_a_changed_job_is_painted_anew():
    async with desk(FIVE) as it:
        await it.settle()

        await it.answered(13, "FAILED")
        await it.pilot.pause()

        assert {getattr(region, "y", region) for region in it.jobs.refreshed} == {3}


async def test_changed_job_out_of_sight_paints_no_row():
    async with desk(MANY) as it:
        await it.answered(180, "FAILED")
        await it.settle()

        await it.answered(190, "FAILED")
        await it.pilot.pause()

        assert it.jobs.refreshed == ()


async def test_moving_the_cursor_paints_two_rows():
    async with desk(FIVE) as it:
        await it.settle()

        await it.press("j")

        assert {getattr(region, "y", region) for region in it.jobs.refreshed} == {1, 2}


async def test_nothing_is_sent_while_nothing_changes():
    async with desk({1: ["PENDING"], 2: ["SUCCESS"], 3: ["FAILED"]}) as it:
        await it.until(lambda: it.screen.scene.watchlist[3].is_final and it.screen.scene.watchlist[2].is_final)
        await it.settle()
        asked = len(it.source.asked)

        for _ in range(5):
            it.screen._tick()
            await it.pilot.pause()
        await it.until(lambda: len(it.source.asked) > asked + 3)

        assert it.app.sent == ""


# before anything is known


@asynccontextmanager
async def before_any_news(job_ids, **options):
    """The app as it is first painted: its monitor never begins."""
    clock = SystemClock()

    @asynccontextmanager
    async def opened():
        await asyncio.Event().wait()
        yield

    thread = MonitorThread(opened)
    app = SpyApp(AppContext(monitor=thread, place=Place("sandbox", "t4711"), clock=clock, job_ids=job_ids, **options))
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            yield Desk(pilot, app, None, thread)
    finally:
        assert thread.stop()


async def test_first_screen_counts_the_jobs_that_were_given():
    async with before_any_news(tuple(range(1, 10_001))) as it:
        assert "━ 10,000 jobs ━" in it.text
        assert "No jobs yet." not in it.text
        assert "loading 10,000 jobs …" in it.text


async def test_first_screen_is_ascii_where_it_must():
    async with before_any_news((1,), glyphs=ASCII_GLYPHS) as it:
        assert "loading 1 job ~" in it.text
        assert it.text.isascii()


async def test_jobs_that_were_given_and_taken_off_are_not_awaited_again():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("x")
        await it.until(lambda: it.watched == ())
        await it.pilot.pause()

        assert "No jobs yet." in it.text
        assert "━ 0 jobs ━" in it.text


# the filter


async def test_filter_shows_as_you_type_what_matches():
    async with desk(MIXED) as it:
        await it.press("slash", "w", "0", "1")

        assert it.jobs.visible_ids == (1, 3)
        assert "/w01 ━" in it.text
        assert "━ 2 of 4 jobs ━" in it.text


async def test_filter_stands_after_enter_and_goes_with_escape():
    async with desk(MIXED) as it:
        await it.press("slash", *"failed", "enter")
        kept = it.jobs.visible_ids
        has_focus = it.jobs.has_focus
        await it.press("escape")

        assert (kept, has_focus) == ((1,), True)
        assert it.jobs.visible_ids == (1, 2, 3, 4)


async def test_title_says_what_is_filtered_for_and_is_sent_once():
    async with desk({11: ["PENDING"], 12: ["PENDING"]}) as it:
        await it.press("slash", *"11 pending", "enter")
        await it.settle()
        titled = it.text
        asked = len(it.source.asked)
        await it.until(lambda: len(it.source.asked) > asked + 3)
        sent = it.app.sent
        await it.press("escape")

        assert "Jobs  as given · /11 pending ━" in titled
        assert sent == ""
        assert "━ 2 jobs ━" in it.text


async def test_title_takes_markup_for_what_it_is():
    async with desk(MIXED) as it:
        await it.press("slash", *"[b]w02", "enter")

        assert "· /[b]w02 ━" in it.text


async def test_long_filter_is_cut_in_the_title_as_the_width_changes():
    async with desk(MIXED, size=(120, 24)) as it:
        await it.press("slash", *"x" * 70, "enter")
        whole = it.text
        await it.pilot.resize_terminal(70, 24)
        await it.settle()

        assert f"/{'x' * 70} ━" in whole
        assert "xx… ━" in it.text


async def test_filter_that_is_begun_again_replaces_the_last_words():
    async with desk(MIXED) as it:
        await it.press("slash", *"failed", "enter", "slash", *"w02", "enter")

        assert it.jobs.filter_text == "w02"


async def test_escape_in_the_prompt_gives_the_filter_up():
    async with desk(MIXED) as it:
        await it.press("slash", *"w02", "escape")

        assert it.jobs.visible_ids == (1, 2, 3, 4)
        assert it.jobs.has_focus


async def test_a_mistake_in_the_filter_is_named_and_keeps_the_last_good_one():
    async with desk(MIXED) as it:
        await it.until(it.has_answers)
        await it.press("slash", *"loc:w01", "space", *"status:x")

        assert it.jobs.visible_ids == (1, 3)
        assert "no status 'x'" in it.lines[-1]

        await it.press("enter")

        assert it.jobs.visible_ids == (1, 3)
        assert "no status 'x'" in it.lines[-1]


async def test_tab_completes_the_filter_from_what_occurs():
    async with desk(MIXED) as it:
        await it.until(it.has_answers)
        it.type_ahead("/lo\tw\t")
        await it.until(lambda: it.prompt.value == "loc:W0")
        await it.press("tab")

        assert "loc:W01 loc:W02" in it.lines[-1]
        assert it.prompt.has_focus


async def test_a_slow_pattern_is_refused_before_it_holds_the_keys_back():
    async with desk({1: [job(1, "FAILED", messages=["a" * 300] * 300)]}) as it:
        await it.until(it.has_answers)
        it.type_ahead("/msg:/a*a*[ab]?b/\r")

        await it.until(lambda: "takes too long for these jobs" in it.lines[-1])
        assert it.jobs.filter_text == ""


async def test_filter_that_matches_nothing_says_so():
    async with desk(MIXED) as it:
        await it.press("slash", *"nowhere")

        assert it.jobs.cursor is None
        assert "no job matches 'nowhere'" in it.text
        assert "esc clears the filter" in it.text


async def test_cursor_stays_on_its_job_while_it_matches():
    async with desk(MIXED) as it:
        await it.press("j", "j", "slash", *"w01", "enter")
        filtered = it.jobs.cursor
        await it.press("escape")

        assert (filtered, it.jobs.cursor) == (3, 3)


async def test_job_that_begins_to_match_appears():
    async with desk(MIXED) as it:
        await it.press("slash", *"failed", "enter")

        await it.answered(3, "FAILED")
        await it.until(lambda: it.jobs.visible_ids == (1, 3))

        assert it.jobs.cursor == 1


# the order


async def test_s_offers_the_orders_and_the_title_says_the_chosen_one():
    async with desk(MIXED) as it:
        await it.press("s", *"location", "enter")
        await it.settle()

        assert it.jobs.visible_ids == (1, 3, 2, 4)
        assert "Jobs  by location ━" in it.text


async def test_capital_s_turns_the_order_round():
    async with desk(MIXED, view=RememberedView()) as it:
        await it.press("S")

        assert it.jobs.visible_ids == (2, 3, 4, 1)
        assert "attention last" in it.text


async def test_cursor_stays_on_its_job_in_any_order():
    async with desk(MIXED) as it:
        await it.press("j", "j", "s", *"status", "enter", "S")

        assert (it.jobs.cursor, it.detail.job_id) == (3, 3)


async def test_row_of_the_selected_job_stays_until_the_selection_leaves_it():
    async with desk({job_id: ["PENDING"] for job_id in range(101, 141)}, view=RememberedView()) as it:
        await it.press("G")
        await it.answered(140, "FAILED")
        await it.answered(139, "FAILED")
        await it.until(lambda: it.jobs.visible_ids[0] == 139)
        held = it.jobs.visible_ids[-1]
        await it.press("g")
        await it.until(lambda: it.jobs.visible_ids[:2] == (139, 140))

        assert held == 140
        assert it.jobs.cursor == 139


async def test_cursor_follows_its_job_when_other_rows_move():
    async with desk({job_id: ["PENDING"] for job_id in range(101, 141)}, view=RememberedView()) as it:
        await it.press("j")
        await it.answered(140, "FAILED")
        await it.until(lambda: it.jobs.visible_ids[0] == 140)

        assert it.jobs.cursor == 102
        assert it.row_of(102)


async def test_no_row_moves_right_after_a_key():
    async with desk(FIVE, view=RememberedView()) as it:
        await it.press("j")
        await it.answered(14, "FAILED")

        assert it.jobs.visible_ids == (11, 12, 13, 14, 15)


async def test_rows_move_when_facts_change_and_the_view_stays_at_the_top():
    async with desk(FIVE, view=RememberedView()) as it:
        await it.answered(14, "FAILED")
        await it.until(lambda: it.jobs.visible_ids[0] == 14)

        assert it.jobs.visible_ids == (14, 11, 12, 13, 15)
        assert it.jobs.cursor == 14


async def test_filter_and_order_go_together():
    async with desk(MIXED, view=RememberedView()) as it:
        await it.press("S", "slash", *"w0", "enter")

        assert it.jobs.visible_ids == (2, 3, 1)
        assert "Jobs  attention last · /w0 ━" in it.text


@pytest.mark.parametrize(
    ("size", "leaps"), [((80, 24), False), ((160, 24), True)], ids=["list alone", "detail beside the list"]
)
async def test_list_leaps_only_where_the_detail_stands_beside_it(size, leaps):
    """A terminal scrolls whole lines for nothing, and has each of a part of them sent anew."""
    async with desk(MANY, size=size) as it:
        rows = it.jobs.size.height - 1
        await it.press(*["j"] * (rows - 1))

        assert (it.jobs.outer_size.width < it.screen.outer_size.width) is leaps
        assert it.jobs.scroll_offset.y == (1 + min(rows // 2, rows - 3) if leaps else 1)
