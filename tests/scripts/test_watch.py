"""The whole engine over a simulated queue, on a clock of its own."""

import asyncio
from contextlib import aclosing

import pytest

from tests.support.factories import ScriptedSource, job
from tests.support.queue_source import QueueSource, QuickClock
from tui.cli.exit_codes import exit_after_wait
from tui.cli.follow import end_notes
from tui.core.errors import ConfigError
from tui.domain.errors import BadAnswer, JobNotFound, RateLimited, Unauthorised, Unreachable
from tui.monitor.monitor import Monitor
from tui.scripts.formats import as_markdown, as_table, job_lines
from tui.scripts.json_output import record
from tui.scripts.stderr_messages import problems
from tui.scripts.wait_state import Plan, Reason
from tui.scripts.watch import Watching
from tui.simulator.queue import SimJob

DOWN = Unreachable("refused the connection")
UNAUTHORIZED = Unauthorised("the token was rejected", http_status=401)
MISSING = JobNotFound("none", http_status=404)


class Run:
    """One watch at work, and what it told."""

    def __init__(self, source, clock, plan, job_ids):
        self.clock = clock
        self.watching = Watching(Monitor(source, clock, roll=lambda: 0.5), clock, plan)
        self.events = []
        self.task = asyncio.ensure_future(self._take(job_ids))

    async def _take(self, job_ids):
        async with aclosing(self.watching.events(job_ids)) as events:
            async for event in events:
                self.events.append(event)

    async def until_over(self, *, within_s):
        """Let time pass until it is over, and return after how many seconds that was."""
        for second in range(within_s + 1):
            if self.task.done():
                self.task.result()
                return second
            await self.clock.advance(1)
        raise AssertionError(f"not over within {within_s} s: {self.watching.progress}")

    @property
    def told(self):
        return [f"{event.kind} {event.reading.job_id if event.reading else ''}".strip() for event in self.events]

    @property
    def ending(self):
        assert self.watching.outcome is not None
        return self.watching.outcome.reason, exit_after_wait(self.watching.outcome)


@pytest.fixture
def clock():
    return QuickClock()


@pytest.fixture
async def watched(clock):
    """Starts a watch; all of them end with the test."""
    runs = []

    def start(source, *job_ids, **plan):
        runs.append(Run(source, clock, Plan(**plan), job_ids))
        return runs[-1]

    yield start
    for run in runs:
        run.task.cancel()
    await asyncio.gather(*(run.task for run in runs), return_exceptions=True)


@pytest.fixture
def queue(clock):
    return lambda *jobs, **options: QueueSource(jobs, clock, **options)


@pytest.fixture
def scripted(clock):
    return lambda **scripts: ScriptedSource(clock, {int(name[1:]): lines for name, lines in scripts.items()})


def ending_at(job_id, end_s, *, status="SUCCESS", added_s=-5.0, file=None):
    return SimJob(
        job_id=job_id, added_s=added_s, start_s=max(0.0, added_s), end_s=end_s, status=status, original_filename=file
    )


async def test_it_is_over_when_the_last_job_has_ended(watched, queue):
    run = watched(queue(ending_at(1, 10), ending_at(2, 20)), 1, 2)

    took_s = await run.until_over(within_s=60)

    assert 20 <= took_s <= 24
    assert run.ending == (Reason.ENDED, 0)
    assert run.told == ["snapshot 1", "snapshot 2", "changed 1", "changed 2", "done"]
    assert run.events[-1].counts == {"SUCCESS": 2}


async def test_jobs_that_have_ended_end_it_with_their_first_reading(watched, queue):
    run = watched(queue(ending_at(1, -2), ending_at(2, -2, status="FAILED")), 1, 2)

    assert await run.until_over(within_s=5) <= 1
    assert run.ending == (Reason.ENDED, 1)


async def test_any_is_content_with_the_first(watched, queue):
    run = watched(queue(ending_at(1, 10), ending_at(2, 500)), 1, 2, is_any=True)

    assert await run.until_over(within_s=60) <= 14
    assert run.ending == (Reason.FIRST, 0)
    assert [tracked.job_id for tracked in run.watching.unended] == [2]


async def test_fail_fast_ends_with_the_first_failure(watched, queue):
    run = watched(
        queue(ending_at(1, 5), ending_at(2, 10, status="FAILED"), ending_at(3, 500)), 1, 2, 3, is_fail_fast=True
    )

    assert await run.until_over(within_s=60) <= 14
    assert run.ending == (Reason.FAILED, 1)


async def test_a_timeout_ends_it_on_time_with_what_is_known(watched, queue):
    run = watched(queue(ending_at(1, 5), ending_at(2, 500)), 1, 2, timeout_s=30.0)

    assert await run.until_over(within_s=60) == 30
    assert run.ending == (Reason.TIMED_OUT, 124)
    assert [reading.job.status for reading in run.watching.readings()] == ["SUCCESS", "WORKING"]


LOOK = {"timeout_s": 0.0, "is_start_given": True, "settle_s": 0.0}


@pytest.mark.parametrize(
    ("ends", "code"),
    [([-2, -2], 0), ([-2, 500], 124), ([500, 500], 124)],
    ids=["all ended", "one goes on", "all go on"],
)
async def test_one_look_reads_each_job_and_waits_for_nothing(watched, queue, ends, code):
    run = watched(queue(*(ending_at(number, end_s) for number, end_s in enumerate(ends, 1))), 1, 2, **LOOK)

    assert await run.until_over(within_s=5) <= 1
    assert run.ending[1] == code
    assert run.told == ["snapshot 1", "snapshot 2", "done"]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ([MISSING], 5),
        ([DOWN, "SUCCESS"], 0),
        ([DOWN] * 9, 3),
        ([UNAUTHORIZED] * 9, 4),
        ([RateLimited("slow", retry_after_s=60)] * 3, 3),
    ],
    ids=["not found", "one failure", "unreachable", "refused", "silence"],
)
async def test_one_look_that_shows_no_job_says_why(watched, scripted, script, code):
    run = watched(scripted(_1=script), 1, **LOOK)

    assert await run.until_over(within_s=40) <= 35
    assert run.ending[1] == code


async def test_one_look_at_a_job_that_fails_alone_is_no_timeout(watched, scripted):
    odd = BadAnswer("odd")
    run = watched(scripted(_1=["WORKING"] * 40, _2=[odd] * 40), 1, 2, **LOOK)

    await run.until_over(within_s=40)

    assert run.ending == (Reason.TIMED_OUT, 3)


@pytest.mark.parametrize(("end_s", "code"), [(-2, 0), (500, 124)], ids=["ended", "goes on"])
async def test_one_look_at_a_file(watched, queue, end_s, code):
    run = watched(
        queue(ending_at(1, -2, file="inv.csv"), ending_at(2, end_s, file="inv.csv")), files=("inv.csv",), **LOOK
    )

    assert await run.until_over(within_s=10) <= 5
    assert run.ending[1] == code
    assert run.events[-1].counts.total() == 2


async def test_one_look_at_a_file_that_does_not_exist(watched, queue):
    run = watched(queue(ending_at(1, -2)), files=("none.csv",), **LOOK)

    assert await run.until_over(within_s=10) <= 5
    assert run.ending == (Reason.NO_FILE, 5)


async def test_a_signal_ends_it_at_once(watched, clock, queue):
    run = watched(queue(ending_at(1, 500)), 1)
    await clock.advance(7)

    run.watching.interrupt()
    await clock.advance(0)

    assert run.task.done()
    assert run.ending == (Reason.INTERRUPTED, 130)
    assert run.told[-1] == "done"


async def test_a_fresh_404_is_asked_again_before_it_counts(watched, scripted):
    run = watched(scripted(_1=[MISSING, MISSING, "PENDING", "SUCCESS"]), 1)

    await run.until_over(within_s=60)

    assert run.ending == (Reason.ENDED, 0)
    assert run.told == ["snapshot 1", "changed 1", "done"]


async def test_a_job_that_does_not_exist_ends_with_5(watched, scripted):
    run = watched(scripted(_1=[MISSING], _2=["SUCCESS"]), 1, 2)

    assert 30 <= await run.until_over(within_s=60) <= 32
    assert run.ending == (Reason.ENDED, 5)
    assert run.told == ["snapshot 2", "error 1", "done"]
    assert end_notes(run.watching) == ("to wait for a job that does not exist yet, give --wait-for-start, such as 60s",)


async def test_a_job_that_comes_late_is_waited_for(watched, queue):
    run = watched(queue(ending_at(1, 90, added_s=70)), 1, start_s=120.0)

    assert 90 <= await run.until_over(within_s=200) <= 95
    assert run.ending == (Reason.ENDED, 0)
    assert run.told == ["snapshot 1", "changed 1", "done"]


async def test_a_job_that_never_comes_is_waited_for_no_longer_than_asked(watched, scripted):
    source = scripted(_1=[MISSING])
    run = watched(source, 1, start_s=120.0)

    assert 120 <= await run.until_over(within_s=200) <= 121
    assert run.ending == (Reason.ENDED, 5)
    assert end_notes(run.watching) == ()
    assert 20 <= len(source.asked) <= 27


async def test_a_job_that_never_comes_is_given_up_sooner_if_told_so(watched, scripted):
    run = watched(scripted(_1=[MISSING], _2=["SUCCESS"]), 1, 2, start_s=3.0, is_start_given=True)

    assert 3 <= await run.until_over(within_s=60) <= 4
    assert run.ending == (Reason.ENDED, 5)
    assert run.told == ["snapshot 2", "error 1", "done"]


async def test_a_job_that_vanishes_is_told_and_ends_with_5(watched, queue):
    run = watched(queue(SimJob(job_id=1, vanishes_s=10)), 1)

    await run.until_over(within_s=120)

    assert run.ending == (Reason.ENDED, 5)
    assert run.told == ["snapshot 1", "gone 1", "done"]
    assert run.events[-1].counts == {"GONE": 1}


@pytest.mark.parametrize("form", [as_table, as_markdown], ids=["table", "markdown"])
async def test_a_job_that_is_gone_is_shown_as_gone_and_keeps_its_last_status_in_json(watched, queue, form):
    run = watched(queue(SimJob(job_id=1, vanishes_s=10)), 1)

    await run.until_over(within_s=120)

    (reading,) = run.watching.readings()
    assert "GONE" in form([reading])
    assert "PENDING" not in form([reading])
    assert record(reading)["status"] == "PENDING"


async def test_a_refused_token_ends_it_at_once(watched, scripted):
    run = watched(scripted(_1=[UNAUTHORIZED]), 1)

    assert await run.until_over(within_s=5) <= 1
    assert run.ending == (Reason.UNAUTHORIZED, 4)
    assert run.told == ["error", "done"]


@pytest.mark.parametrize("status", ["Success", "CANCELLED", None])
async def test_an_end_with_an_unknown_status_is_over_after_one_confirmation_and_no_success(watched, scripted, status):
    end = job(1, status, finished="2026-11-23T12:00:07Z")
    source = scripted(_1=["WORKING", end])
    run = watched(source, 1)

    assert await run.until_over(within_s=60) <= 12
    assert run.ending == (Reason.ENDED, 1)
    assert len(source.asked) == 3
    assert [event.counts for event in run.events if event.counts] == ([{status: 1}] if status else [])
    assert "not a success" in "".join(end_notes(run.watching))


async def test_a_job_that_vanished_ends_a_wait_with_5_and_its_last_state(watched, scripted):
    run = watched(scripted(_1=["WORKING", MISSING], _2=["SUCCESS"]), 1, 2)

    assert await run.until_over(within_s=120) <= 60
    assert run.ending == (Reason.ENDED, 5)
    assert [tracked.status for tracked in run.watching.jobs()] == ["WORKING", "SUCCESS"]


async def test_all_jobs_denied_at_once_is_no_verdict_on_any_of_them(watched, scripted):
    run = watched(scripted(_1=["WORKING", *[MISSING] * 2, "SUCCESS"], _2=["WORKING", *[MISSING] * 2, "SUCCESS"]), 1, 2)

    await run.until_over(within_s=900)

    assert run.ending == (Reason.ENDED, 0)
    assert not [event for event in run.events if event.kind == "gone"]


async def test_all_jobs_denied_for_too_long_end_a_wait_with_3(watched, scripted):
    run = watched(scripted(_1=["WORKING", MISSING], _2=["WORKING", MISSING]), 1, 2)

    assert 590 <= await run.until_over(within_s=900) <= 620
    assert run.ending == (Reason.GIVEN_UP, 3)
    assert "answers 'no such job' for jobs that it described before" in "".join(end_notes(run.watching))


async def test_all_jobs_denied_at_once_is_told_once_for_all_of_them(watched, scripted):
    run = watched(scripted(**{f"_{n}": ["WORKING", MISSING] for n in range(1, 7)}), *range(1, 7))

    for _ in range(300):
        await run.clock.advance(1)

    (told,) = [event for event in run.events if event.kind == "error"]
    assert told.tracked is None
    assert str(told.error).startswith(
        "the API answers 'no such job' for jobs that it described before: not believed yet; wait, or remove"
    )


async def test_all_jobs_denied_at_the_end_are_one_problem(watched, scripted):
    run = watched(scripted(**{f"_{n}": ["WORKING", MISSING] for n in range(1, 5)}), *range(1, 5))

    for _ in range(300):
        await run.clock.advance(1)

    (line,) = problems(run.watching.readings())
    assert line.startswith("1-4: the API answers 'no such job' for jobs that it described before")


async def test_a_token_refused_later_has_two_minutes_to_be_renewed_and_a_last_try(watched, scripted):
    source = scripted(_1=["WORKING", UNAUTHORIZED])
    run = watched(source, 1)

    over_s = await run.until_over(within_s=180)

    refusals_s = [moment_s for moment_s, _ in source.asked][1:]
    assert run.ending == (Reason.UNAUTHORIZED, 4)
    assert [round(moment_s - refusals_s[0]) for moment_s in refusals_s] == [0, 40, 80, 120]
    assert over_s >= 120


async def test_a_token_that_is_rejected_for_a_while_harms_no_wait(watched, scripted):
    run = watched(scripted(_1=["WORKING", UNAUTHORIZED, UNAUTHORIZED, "SUCCESS"]), 1)

    await run.until_over(within_s=180)

    assert run.ending == (Reason.ENDED, 0)


async def test_nobody_there_is_known_within_seconds(watched, scripted):
    source = scripted(_1=[DOWN])
    run = watched(source, 1)

    assert await run.until_over(within_s=60) <= 10
    assert run.ending == (Reason.UNREACHED, 3)
    assert len(source.asked) == 5
    assert run.told == ["error 1", "error", "done"]


async def test_an_outage_is_survived(watched, scripted):
    run = watched(scripted(_1=["WORKING", *[DOWN] * 7, "SUCCESS"]), 1)

    await run.until_over(within_s=600)

    assert run.ending == (Reason.ENDED, 0)
    assert run.told == ["snapshot 1", "error 1", "error", "changed 1", "done"]


async def test_nothing_but_failure_is_given_up_after_10_minutes(watched, scripted):
    run = watched(scripted(_1=["WORKING", DOWN]), 1)

    assert 600 <= await run.until_over(within_s=700) <= 605
    assert run.ending == (Reason.GIVEN_UP, 3)


async def test_a_timeout_lets_an_outage_be_borne_for_longer_and_the_outage_decides_the_code(watched, scripted):
    run = watched(scripted(_1=["WORKING", DOWN]), 1, timeout_s=1000.0)

    assert await run.until_over(within_s=1100) == 1000
    assert run.ending == (Reason.TIMED_OUT, 3)


async def test_a_long_silence_that_is_asked_for_is_no_failure(watched, scripted):
    run = watched(scripted(_1=["WORKING", RateLimited("slow down", retry_after_s=900), "SUCCESS"]), 1)

    await run.until_over(within_s=1000)

    assert run.ending == (Reason.ENDED, 0)


async def test_silence_that_is_asked_for_for_ever_is_given_up(watched, scripted):
    run = watched(scripted(_1=["WORKING", RateLimited("slow down", retry_after_s=900)]), 1)

    await run.until_over(within_s=2500)

    assert run.ending == (Reason.GIVEN_UP, 3)


async def test_silence_that_is_asked_for_is_kept_and_told_once(watched, scripted):
    source = scripted(_1=["WORKING", RateLimited("slow down", retry_after_s=60), "SUCCESS"])
    run = watched(source, 1)

    await run.until_over(within_s=120)

    assert source.times(1) == [0, 2, 62]
    assert run.told == ["snapshot 1", "error", "changed 1", "done"]


async def test_a_job_that_alone_keeps_failing_counts_as_ended(watched, scripted):
    source = scripted(_1=["WORKING", BadAnswer("odd")], _2=["WORKING"])
    run = watched(source, 1, 2, is_any=True)

    await run.until_over(within_s=900)

    assert run.ending == (Reason.FIRST, 3)
    assert len(source.times(1)) == 11


async def test_a_setting_that_became_unusable_ends_it(watched, clock, scripted):
    run = watched(scripted(_1=[ConfigError("the token file is open to others", "chmod it")]), 1)

    await clock.advance(2)

    with pytest.raises(ConfigError, match="open to others"):
        run.task.result()


async def test_late_jobs_of_a_file_are_watched_to_their_end(watched, queue):
    source = queue(
        ending_at(1, 10, file="inv.csv"), ending_at(2, 60, added_s=25, file="inv.csv"), ending_at(3, 500, file="other.csv"),
        ending_at(4, 70, status="FAILED", added_s=50, file="inv.csv"),
    )  # fmt: skip
    run = watched(source, files=("inv.csv",), settle_s=30.0)

    took_s = await run.until_over(within_s=200)

    assert 80 <= took_s <= 100
    assert run.ending == (Reason.ENDED, 1)
    assert [reading.job_id for reading in run.watching.readings()] == [1, 2, 4]
    assert [line for line in run.told if line.startswith("snapshot")] == ["snapshot 1", "snapshot 2", "snapshot 4"]


@pytest.mark.parametrize(
    ("name", "kept"), [("inv.csv", "inv.csv"), ("caf\u00e9", "cafe\u0301"), ("cafe\u0301", "caf\u00e9")], ids=ascii
)
async def test_a_file_that_comes_late_is_waited_for_in_each_unicode_form(watched, queue, name, kept):
    run = watched(queue(ending_at(1, 45, added_s=40, file=kept)), files=(name,), start_s=60.0, settle_s=5.0)

    assert 45 <= await run.until_over(within_s=200) <= 70
    assert run.ending == (Reason.ENDED, 0)


async def test_a_file_that_never_comes_ends_with_5(watched, queue):
    run = watched(queue(ending_at(1, 10, file="other.csv")), files=("inv.csv",), start_s=60.0)

    assert await run.until_over(within_s=200) == 60
    assert run.ending == (Reason.NO_FILE, 5)


async def test_a_file_whose_list_cannot_be_read_is_given_up(watched, scripted):
    source = scripted()
    source.list_trouble = BadAnswer("no such call", http_status=400)
    run = watched(source, files=("inv.csv",), start_s=60.0)

    assert await run.until_over(within_s=900) == 600
    assert run.ending == (Reason.GIVEN_UP, 3)


async def test_jobs_and_a_file_are_both_waited_for(watched, queue):
    run = watched(queue(ending_at(1, 100), ending_at(2, 10, file="inv.csv")), 1, files=("inv.csv",), settle_s=5.0)

    assert 100 <= await run.until_over(within_s=200) <= 125
    assert run.ending == (Reason.ENDED, 0)
    assert [tracked.job_id for tracked in run.watching.jobs()] == [1, 2]


async def test_many_jobs_are_followed_with_few_requests(watched, queue):
    source = queue(*(ending_at(job_id, 60 + job_id / 10, file=f"f{job_id % 5}") for job_id in range(1, 301)))
    run = watched(source, *range(1, 301))

    await run.until_over(within_s=200)

    assert run.ending == (Reason.ENDED, 0)
    assert len(source.asked) < 150
    assert run.told.count("done") == 1
    assert len([line for line in run.told if line.startswith("snapshot")]) == 300


@pytest.mark.parametrize(
    "trouble", [UNAUTHORIZED, RateLimited("slow down", retry_after_s=60)], ids=lambda error: error.kind
)
async def test_a_job_that_the_connection_kept_from_being_read_says_why(watched, scripted, trouble):
    run = watched(scripted(_1=["WORKING"], _2=[trouble]), 1, 2, timeout_s=20.0)

    await run.until_over(within_s=60)

    assert [reading.error for reading in run.watching.readings()] == [None, trouble.record]
    assert job_lines(run.watching.jobs()).splitlines()[1] == f"2  not read  {trouble}"


async def test_job_that_restarts_after_its_success_is_noticed_before_success_is_reported(watched, queue):
    source = queue(ending_at(1, 5), ending_at(2, 200))
    run = watched(source, 1, 2)
    await run.clock.advance(100)
    source.queue.add(ending_at(1, 260, status="FAILED"))

    await run.until_over(within_s=240)

    assert run.ending == (Reason.ENDED, 1)


async def test_jobs_read_long_ago_are_read_once_more_by_one_list(watched, queue):
    source = queue(*(ending_at(number, 5, file="inv.csv") for number in range(1, 41)), ending_at(50, 200))
    run = watched(source, *range(1, 41), 50)

    await run.until_over(within_s=240)

    assert run.ending == (Reason.ENDED, 0)
    assert len(source.asked) < 60


async def test_job_that_vanished_after_its_success_delays_nothing(watched, queue):
    source = queue(ending_at(1, 5), ending_at(2, 200))
    run = watched(source, 1, 2)
    await run.clock.advance(100)
    source.queue.remove(1)

    assert await run.until_over(within_s=240) < 120
    assert run.ending == (Reason.ENDED, 0)
