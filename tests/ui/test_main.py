import gc
import warnings

import pytest
from textual import events

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.domain.errors import JobNotFound, RateLimited, Unauthorised
from tui.domain.poll_policy import PollPolicy
from tui.history.views import RememberedView
from tui.ui.commands import LISTED
from tui.ui.widgets.job_detail import Tab

FIVE = {
    11: ["PENDING"],
    12: [job(12, "FAILED", messages=["UPC 1 not found", "UPC 2 not found"])],
    13: ["WORKING"],
    14: [job(14, "FAILED", messages=["timed out"])],
    15: ["SUCCESS"],
}
EXPIRED = Unauthorised("the token expired", remedy="renew it", host="api.test", http_status=401)


# type-ahead


async def test_keys_that_arrive_at_once_are_carried_out_in_order():
    async with desk(FIVE) as it:
        it.type_ahead("jjxka21-23\rG")
        await it.until(lambda: 23 in it.watched)
        await it.pilot.pause()

        assert it.watched == (11, 12, 14, 15, 21, 22, 23)
        assert it.input.value == ""


async def test_digits_behind_an_a_reach_the_input():
    async with desk(FIVE) as it:
        it.type_ahead("a4321")
        await it.until(lambda: it.input.value != "")
        await it.pilot.pause()

        assert it.input.value == "4321"
        assert it.screen.panes.current == "input"


async def test_letters_behind_a_slash_are_the_filter_and_those_behind_enter_are_keys_again():
    async with desk(FIVE) as it:
        it.type_ahead("/failed\rj")
        await it.settle()

        assert (it.jobs.visible_ids, it.jobs.cursor) == ((12, 14), 14)
        assert it.jobs.has_focus


async def test_each_x_takes_off_another_job():
    async with desk(FIVE) as it:
        it.type_ahead("jxxkx")
        await it.until(lambda: len(it.watched) == 2)

        assert (it.watched, it.jobs.cursor) == ((14, 15), 14)


async def test_x_behind_a_filter_takes_off_a_job_that_the_filter_shows():
    async with desk(FIVE) as it:
        it.type_ahead("/timed\rx")
        await it.until(lambda: len(it.watched) == 4)

        assert it.watched == (11, 12, 13, 15)


async def test_slash_behind_a_jump_filters_the_part_jumped_to():
    async with desk(FIVE) as it:
        it.type_ahead("3j2/failed")
        await it.settle()

        assert (it.jobs.filter_text, it.detail.needle) == ("failed", "")


async def test_letters_behind_a_jump_reach_the_part_jumped_to():
    async with desk({1: [job(1, messages=[f"line {number}" for number in range(50)])], 2: ["PENDING"]}) as it:
        it.type_ahead("3]G2j")
        await it.until(lambda: it.jobs.cursor == 2)
        await it.settle()

        assert it.screen.panes.current == "jobs"


async def test_help_opened_and_closed_at_once_swallows_no_key():
    async with desk(FIVE) as it:
        it.type_ahead("?")
        await it.until(lambda: it.app.screen is not it.screen)
        it.type_ahead("\x1bj")
        await it.until(lambda: it.app.screen is it.screen)
        await it.pilot.pause()

        assert it.jobs.cursor == 12


# failed jobs


async def test_e_skips_a_failed_job_that_the_server_no_longer_knows():
    gone = {11: [job(11, "FAILED"), JobNotFound("no such job")], 12: [job(12, "FAILED")]}
    async with desk(gone) as it:
        await it.until(lambda: it.screen.scene.watchlist[11].is_gone)
        await it.press("j", "e")

        assert it.jobs.cursor == 12


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [("e", 12), ("ee", 14), ("eee", 12), ("E", 14), ("EE", 12)],
    ids=["next", "second", "round", "previous", "before"],
)
async def test_e_walks_the_failed_jobs_in_a_circle(keys, cursor):
    async with desk(FIVE) as it:
        await it.press(*keys)

        assert (it.jobs.cursor, it.detail.job_id, it.detail.tab) == (cursor, cursor, Tab.WHY)


async def test_e_shows_why_the_job_failed():
    async with desk(FIVE) as it:
        await it.press("e")

        assert "2×  UPC ‹…› not found" in it.text


@pytest.mark.parametrize("size", [(59, 24), (61, 16), (20, 5)], ids=["59x24", "61x16", "20x5"])
@pytest.mark.parametrize(
    ("key", "cursor", "message"), [("e", 12, "UPC ‹…› not"), ("E", 14, "timed out")], ids=["next", "previous"]
)
async def test_e_shows_the_cause_where_one_part_at_a_time_is_shown(size, key, cursor, message):
    async with desk(FIVE, size=size) as it:
        await it.press(key)

        assert message in it.text
        assert (it.jobs.cursor, it.detail.has_focus) == (cursor, True)


async def test_e_shows_the_cause_alone_from_a_full_screen():
    async with desk(FIVE) as it:
        await it.press("f", "e")

        assert "2×  UPC ‹…› not found" in it.text
        assert it.detail.has_focus


async def test_e_without_a_failed_job_says_so_and_stays():
    async with desk({1: ["PENDING"], 2: ["SUCCESS"]}) as it:
        await it.press("e")

        assert "no failed job in the list" in it.lines[-1]
        assert it.jobs.cursor == 1


@pytest.mark.parametrize(
    ("scripts", "said"),
    [
        (FIVE, "2 failed jobs are hidden by the filter: esc clears it"),
        ({1: ["FAILED"], 2: ["SUCCESS"]}, "1 failed job is hidden by the filter: esc clears it"),
    ],
    ids=["two", "one"],
)
async def test_e_says_that_the_filter_hides_the_failed_jobs(scripts, said):
    async with desk(scripts) as it:
        await it.press("slash", *"success", "enter", "e")

        assert said in it.lines[-1]


@pytest.mark.parametrize("key", ["n", "N"])
@pytest.mark.parametrize("part", ["2", "4"], ids=["jobs", "deck"])
async def test_n_says_where_it_works_and_moves_nothing(part, key):
    async with desk(FIVE) as it:
        await it.press(part, key)

        assert "n and N need a search in the detail: 3, then /" in it.lines[-1]
        assert it.jobs.cursor == 11


# the end


async def test_search_for_late_jobs_that_never_started_leaves_no_coroutine():
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        async with desk(FIVE) as it:
            await it.until(it.has_answers)
            it.screen._late_again_s = 0.0
            it.screen._tick()
            it.screen.workers.cancel_all()
            await it.pilot.pause()
        gc.collect()

    assert [str(each.message) for each in warned if "never awaited" in str(each.message)] == []


# adding and taking off


async def test_taken_off_job_comes_back_by_undo_in_its_place():
    async with desk(FIVE) as it:
        await it.press("j", "x")
        await it.until(lambda: 12 not in it.watched)
        said = it.lines[-1]
        await it.press("u")
        await it.until(lambda: 12 in it.watched)

        assert "12 removed: u undoes it" in said
        assert "12 restored" in it.lines[-1]
        assert it.watched == tuple(FIVE)
        assert it.jobs.cursor == 12


async def test_ended_job_that_is_taken_off_in_a_pause_comes_back_with_all_that_was_known():
    async with desk({1: ["SUCCESS"]}) as it:
        await it.until(lambda: it.status(1) == "SUCCESS")
        await it.press("p")
        await it.press("x")
        await it.until(lambda: not it.screen.scene.watchlist)

        await it.press("u")
        await it.until(lambda: 1 in it.screen.scene.watchlist)
        await it.pilot.pause()

        assert it.status(1) == "SUCCESS"
        assert "SUCCESS" in it.text
        assert "not read" not in it.text


async def test_undo_without_anything_to_undo_says_so():
    async with desk(FIVE) as it:
        await it.press("u")

        assert "nothing to undo" in it.lines[-1]


async def test_job_that_is_taken_off_leaves_the_deck():
    async with desk(FIVE) as it:
        await it.press("m", "x")
        await it.until(lambda: 11 not in it.watched)

        assert it.screen.pinned == ()


@pytest.mark.parametrize("key", ["m", "x", "r", "enter"])
async def test_key_for_a_job_that_the_filter_leaves_none_for_says_so(key):
    async with desk(FIVE) as it:
        await it.press("slash", *"nowhere", "enter", key)

        assert "no job matches the filter: esc clears it" in it.lines[-1]
        assert it.jobs.has_focus


async def test_key_for_a_job_in_an_empty_list_says_how_jobs_come():
    async with desk() as it:
        await it.press("escape", "enter")

        assert "no jobs yet: a adds some" in it.lines[-1]


# asking


async def test_r_asks_for_a_settled_job_again():
    async with desk({1: ["SUCCESS"], 2: ["SUCCESS"]}) as it:
        await it.until(lambda: it.screen.scene.watchlist.is_final)
        it.answer(1, "WORKING")
        it.answer(2, "WORKING")

        await it.press("r")
        await it.until(lambda: it.status(1) == "WORKING")

        assert it.status(2) == "SUCCESS"


async def test_capital_r_asks_for_all():
    async with desk({1: ["SUCCESS"], 2: ["SUCCESS"]}) as it:
        await it.until(lambda: it.screen.scene.watchlist.is_final)
        it.answer(1, "WORKING")
        it.answer(2, "WORKING")

        await it.press("R")

        await it.until(lambda: it.status(1) == it.status(2) == "WORKING")


async def test_p_pauses_and_goes_on():
    async with desk(FIVE) as it:
        await it.press("p")
        await it.until(lambda: it.screen.scene.snapshot.is_paused)
        paused = it.lines[0]
        asked = len(it.source.asked)
        it.answer(11, "SUCCESS")
        await it.press("j", "k", "R")
        still = len(it.source.asked)

        await it.press("p")
        await it.until(lambda: it.status(11) == "SUCCESS")

        assert "PAUSED" in paused
        assert still - asked <= 3
        assert "PAUSED" not in it.lines[0]


@pytest.mark.parametrize(
    ("keys", "interval_s", "said"),
    [
        ("-", 1.0, "each job every 1 s"),
        ("+", None, "automatic interval for each job"),
        ("++", 10.0, "each job every 10 s"),
    ],
    ids=["more", "less", "less-still"],
)
async def test_plus_and_minus_step_the_interval(keys, interval_s, said):
    async with desk(FIVE, policy=PollPolicy(interval_s=5.0 if "+" in keys else 2.0)) as it:
        await it.press(*({"+": "plus", "-": "minus"}[key] for key in keys))
        await it.until(lambda: it.screen.scene.snapshot.policy.interval_s == interval_s)

        assert said in it.lines[-1]


async def test_window_that_loses_the_focus_makes_asking_rarer():
    async with desk(FIVE) as it:
        it.app.post_message(events.AppBlur())
        await it.until(lambda: not it.screen.scene.snapshot.policy.is_attended)

        it.app.post_message(events.AppFocus())
        await it.until(lambda: it.screen.scene.snapshot.policy.is_attended)


# trouble


async def test_refused_token_is_explained_with_the_remedy():
    async with desk({1: ["PENDING"]}) as it:
        it.answer(1, EXPIRED)
        await it.until(lambda: "NOT AUTHORISED" in it.lines[0])
        await it.pilot.pause()

        told = "the token expired; renew it; then press R to try at once (not authorised by api.test, HTTP 401)"
        assert told in " ".join(it.text.split())


async def test_refused_token_is_tried_again_by_capital_r():
    async with desk({1: ["PENDING"]}) as it:
        it.answer(1, EXPIRED)
        await it.until(lambda: "NOT AUTHORISED" in it.lines[0])

        it.answer(1, "SUCCESS")
        await it.press("R")
        await it.until(lambda: it.status(1) == "SUCCESS")
        await it.pilot.pause()

        assert "NOT AUTHORISED" not in it.text
        assert "press R" not in it.text


async def test_token_that_is_missing_from_the_start_is_explained_until_something_is_read():
    async with desk(access_problem="no token: set KIBO_ACCESS_TOKEN") as it:
        await it.pilot.pause()
        before = it.text
        it.answer(1, "PENDING")
        it.type_ahead("1\r")
        await it.until(lambda: it.status(1) == "PENDING")
        await it.pilot.pause()

        assert "no token: set KIBO_ACCESS_TOKEN; then press R to try again" in before
        assert "no token" not in it.text


async def test_silence_that_the_server_asked_for_makes_rows_stale():
    async with desk({1: ["WORKING"], 2: ["SUCCESS"]}) as it:
        await it.until(lambda: it.screen.scene.watchlist[2].is_final)
        it.answer(1, RateLimited("slow down", retry_after_s=90, http_status=429))
        await it.until(lambda: "THROTTLED 1:" in it.lines[0])
        await it.pilot.pause()

        assert "stale 0:0" in it.row_of(1)
        assert "stale" not in it.row_of(2)


async def test_job_that_vanishes_says_gone_and_keeps_its_status():
    async with desk({1: ["WORKING"]}) as it:
        it.answer(1, JobNotFound("no job 1", http_status=404))
        await it.until(lambda: "gone" in it.row_of(1))

        assert "WORKING" in it.row_of(1)
        assert "gone: the server no longer knows this job" in it.text


async def test_production_is_said_in_the_top_line():
    async with desk(FIVE, environment="tp1") as it:
        assert "PRODUCTION TP1" in it.lines[0]


# looking


async def test_t_walks_the_kinds_of_times():
    async with desk({1: [job(1, added="2026-11-23T11:56:00Z")]}, size=(149, 40)) as it:
        headings = []
        for _ in range(3):
            await it.press("t")
            headings.append(next(line for line in it.lines if "STATUS" in line))

        assert ["ADDED Z" in heading for heading in headings] == [False, False, True]
        assert ["AGE" in heading for heading in headings] == [False, True, False]


async def test_help_names_the_part_in_focus_and_goes_away():
    async with desk(FIVE) as it:
        await it.press("3", "question_mark")
        helped = it.text
        await it.press("q")

        assert "in this pane: detail" in helped
        assert it.app.screen is it.screen
        assert it.app.is_running


async def test_palette_offers_every_action_by_name():
    async with desk(FIVE, size=(80, 50)) as it:
        await it.press("colon")
        await it.until(lambda: "Theme: choose one" in it.text)
        offered = it.text
        await it.press("escape")

        assert it.app.screen is it.screen
        assert [key.title for key in LISTED if key.title[0].upper() + key.title[1:] not in offered] == [
            "all actions by name"
        ]


async def test_action_chosen_in_the_palette_is_carried_out():
    async with desk(FIVE) as it:
        await it.press("ctrl+p")
        await it.until(lambda: it.app.screen is not it.screen)
        await it.press(*"pauseorresume")
        await it.until(lambda: "Pause or resume polling" in it.text)
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.screen)

        await it.until(lambda: it.screen.scene.snapshot.is_paused)


async def test_note_gives_way_to_the_keys_of_the_next_part():
    async with desk(FIVE) as it:
        await it.press("u", "3")

        assert "[ ] tab" in it.lines[-1]


async def test_removed_job_that_is_typed_again_while_paused_keeps_what_was_known_and_undo_has_nothing_left():
    async with desk({1: ["SUCCESS"], 2: ["WORKING"]}) as it:
        await it.until(lambda: "SUCCESS" in it.row_of(1))
        await it.press("p", "x")
        await it.until(lambda: it.watched == (2,))

        await it.press("a", "1", "enter")
        await it.until(lambda: it.watched == (2, 1))
        await it.settle()

        assert "SUCCESS" in it.row_of(1)
        await it.press("u")
        assert "nothing to undo" in it.lines[-1]


async def test_late_job_is_marked_and_l_goes_to_it():
    hour = {"type": "REFRESH", "added": "2026-11-23T11:00:00Z", "started": "2026-11-23T11:00:30Z"}
    ended = {job_id: [job(job_id, "SUCCESS", finished="2026-11-23T11:01:00Z", **hour)] for job_id in range(11, 17)}
    late = {7: [job(7, "PENDING", type="REFRESH", added="2026-11-23T10:59:00Z")]}
    async with desk({**ended, **late}, view=RememberedView()) as it:
        await it.until(lambda: "! 1 late" in it.text)
        await it.press("G", "L")

        assert it.jobs.cursor == 7
        assert it.jobs.visible_ids[0] == 7
        assert "! PENDING" in it.row_of(7)
        assert "× the usual" in it.row_of(7)


async def test_l_without_a_late_job_says_so():
    async with desk(FIVE) as it:
        await it.press("L")

        assert "no late job" in it.lines[-1]


async def test_help_has_its_title():
    async with desk(FIVE) as it:
        await it.press("question_mark")

        assert "─ Help ─" in it.text
