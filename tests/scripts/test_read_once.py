import asyncio
from collections import defaultdict
from datetime import timedelta

import pytest

from tests.support.factories import at, job
from tui.core.clock import ManualClock
from tui.core.errors import ConfigError
from tui.domain.errors import BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.domain.job import Job
from tui.domain.job_source import ApiResult
from tui.monitor.connection_tracker import FAILURES_UNTIL_OFFLINE
from tui.monitor.request_gate import AT_ONCE, RequestBudget, RequestGate, budget_of
from tui.scripts.read_once import LONGEST_PAUSE_S, ReadResult, ReadResults, RequestRetrier


class Scripted:
    """Answers with the errors it was given, job by job, then with a good job."""

    def __init__(self, clock):
        self.clock = clock
        self.script = defaultdict(list)
        self.always = None
        self.asked = []
        self.takes_s = 0.0
        self.lists, self.listed, self.list_errors = [], [], []
        self.in_flight = self.most_in_flight = 0
        self.server_time = None

    async def job(self, job_id):
        self.asked.append((job_id, self.clock.monotonic_s()))
        self.in_flight += 1
        self.most_in_flight = max(self.in_flight, self.most_in_flight)
        await self.clock.sleep(self.takes_s)
        self.in_flight -= 1
        error = self.script[job_id].pop(0) if self.script[job_id] else self.always
        if error:
            raise error
        return ApiResult(Job.from_raw({"status": "WORKING"}, job_id=job_id), None, self.server_time)

    async def jobs(self, query):
        self.lists.append((query, self.clock.monotonic_s()))
        await asyncio.sleep(0)
        error = self.list_errors.pop(0) if self.list_errors else None
        if error or self.always:
            raise error or self.always
        return ApiResult(tuple(self.listed), None, self.server_time)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def source(clock):
    return Scripted(clock)


async def read(source, clock, job_ids, *, within_s=60.0):
    task = asyncio.create_task(ReadResults(source, clock, gate=RequestGate()).of(job_ids))
    await clock.advance(within_s)
    return await task


async def test_order_is_kept_and_few_are_asked_at_once(source, clock):
    source.takes_s = 3.0

    readings = await read(source, clock, range(30, 0, -1))

    assert [reading.job_id for reading in readings] == list(range(30, 0, -1))
    assert source.most_in_flight == AT_ONCE


@pytest.mark.parametrize("error", [Unreachable("gone"), ServerFault("broken")], ids=lambda error: error.kind)
async def test_a_transient_error_is_tried_once_more(source, clock, error):
    source.script[1] = [error]
    source.script[2] = [error, error]

    good, bad = await read(source, clock, (1, 2))

    assert good.error is None
    assert bad.error == error.record
    assert len(source.asked) == 4


@pytest.mark.parametrize("error", [JobNotFound("none"), BadAnswer("odd")], ids=lambda error: error.kind)
async def test_other_errors_are_final_for_their_job_alone(source, clock, error):
    source.script[1] = [error]

    first, second = await read(source, clock, (1, 2))

    assert first.error == error.record
    assert second.job is not None
    assert len(source.asked) == 2


async def test_a_short_silence_is_kept_by_all_jobs(source, clock):
    source.script[1] = [RateLimited("slow down", retry_after_s=7)]

    readings = await read(source, clock, tuple(range(1, 9)))

    assert all(reading.job for reading in readings)
    assert all(asked_s == 0 or asked_s >= 7 for _, asked_s in source.asked)
    assert sum(asked_s == 0 for _, asked_s in source.asked) <= AT_ONCE


async def test_a_long_silence_is_said_at_once_and_nobody_else_asks(source, clock):
    source.always = RateLimited("slow down", retry_after_s=60)

    readings = await read(source, clock, tuple(range(1, 100)), within_s=0)

    assert all(reading.error for reading in readings)
    assert len(source.asked) <= AT_ONCE


async def test_a_refusal_is_final_for_all(source, clock):
    source.always = Unauthorised("no")

    readings = await read(source, clock, tuple(range(1, 100)), within_s=0)

    assert {reading.error for reading in readings} == {source.always.record}
    assert len(source.asked) <= AT_ONCE


async def test_a_refused_token_is_sent_once_however_slow_the_answer(source, clock):
    source.always, source.takes_s = Unauthorised("no"), 3.0

    await read(source, clock, (1, 2, 3))

    assert len(source.asked) + len(source.lists) == 1


async def test_a_server_that_is_gone_is_not_asked_for_every_job(source, clock):
    source.always = Unreachable("gone")

    readings = await read(source, clock, tuple(range(1, 1000)))

    assert all(reading.error for reading in readings)
    assert len(source.asked) < 30


async def test_a_short_silence_that_repeats_is_not_waited_for_by_every_job(source, clock):
    source.always = RateLimited("slow down", retry_after_s=5)

    readings = await read(source, clock, tuple(range(1, 1000)), within_s=6)

    assert all(reading.error for reading in readings)
    assert len(source.asked) <= 3 * AT_ONCE


async def test_a_setting_that_cannot_be_used_ends_everything(source, clock):
    source.always = ConfigError("token file is gone", "bring it back")

    with pytest.raises(ConfigError):
        await read(source, clock, (1, 2, 3))


async def test_a_server_clock_that_is_far_off_tells_the_run_time(source, clock):
    source.server_time = clock.now() - timedelta(hours=1)

    (reading,) = await read(source, clock, (1,))

    assert (reading.at - reading.server_at) == timedelta(hours=1)


async def test_no_jobs_give_no_readings(source, clock):
    assert await read(source, clock, ()) == ()


def of_file(job_id):
    return Job.from_raw({"status": "SUCCESS", "originalFilename": "a.csv"}, job_id=job_id)


async def test_many_jobs_in_one_list_take_one_request(source, clock):
    source.listed = [of_file(job_id) for job_id in range(1, 601)]

    readings = await read(source, clock, range(500, 0, -1))

    assert [reading.job_id for reading in readings] == list(range(500, 0, -1))
    assert all(reading.job and reading.job.status == "SUCCESS" for reading in readings)
    assert (len(source.lists), source.asked) == (1, [])


async def test_jobs_that_no_list_holds_are_read_alone(source, clock):
    source.listed = [of_file(job_id) for job_id in range(1, 8)]

    readings = await read(source, clock, range(1, 11))

    assert all(reading.job for reading in readings)
    assert {job_id for job_id, _ in source.asked} == {8, 9, 10}


@pytest.mark.parametrize(
    "error", [BadAnswer("no such call", http_status=400), ServerFault("broken")], ids=lambda error: error.kind
)
async def test_server_without_lists_is_read_job_by_job(source, clock, error):
    source.list_errors = [error] * 9

    readings = await read(source, clock, range(1, 11))

    assert all(reading.job for reading in readings)


async def test_scripts_keep_to_two_requests_a_second_after_a_burst_of_five(source, clock):
    await read(source, clock, range(1, 16))

    sent = sorted(moment for _, moment in [*source.lists, *source.asked])
    assert sent[4] == sent[0]
    assert sent[-1] - sent[4] == pytest.approx((len(sent) - 5) / 2)


# the budget, failures and pauses


def sent(source):
    return sorted(moment for _, moment in [*source.lists, *source.asked])


async def test_readings_keep_to_the_budget_that_they_are_given(source, clock):
    task = asyncio.create_task(ReadResults(source, clock, gate=RequestGate(budget_of(20))).of((1, 2, 3)))
    await clock.advance(60)
    await task

    assert sent(source) == pytest.approx([3 * place for place in range(len(sent(source)))], abs=0.01)


async def test_second_try_comes_half_a_second_after_the_first(source, clock):
    source.script[1] = [Unreachable("gone")]

    await read(source, clock, (1,))

    assert sent(source) == [0, 0.5]


@pytest.fixture
def retrier(clock):
    return RequestRetrier(clock, RequestGate(RequestBudget(rate_per_s=1e6, burst=1e6, tokens=1e6)))


async def outcomes(retrier, clock, *lines):
    """Make one call a line, each with two tries: an error, or None for an answer; return how each ended."""

    async def ask(line):
        if line is not None:
            raise line

    async def ended():
        return [
            await asyncio.gather(retrier.response_to(lambda line=line: ask(line)), return_exceptions=True)
            for line in lines
        ]

    task = asyncio.create_task(ended())
    await clock.advance(60)
    return [outcome for (outcome,) in await task]


TWO = [ServerFault("broken"), ServerFault("broken again")]
"""Four requests, one fewer than an outage."""
LAST, LATER = ServerFault("broken for good"), Unreachable("never asked")


async def test_calls_that_fail_in_a_row_keep_the_others_from_leaving(retrier, clock):
    assert await outcomes(retrier, clock, *TWO, LAST, None, LATER) == [*TWO, LAST, LAST, LAST]


@pytest.mark.parametrize("between", [None, JobNotFound("none")], ids=["answer", "no such job"])
async def test_count_of_failures_starts_again_after_a_word_of_the_api(retrier, clock, between):
    assert await outcomes(retrier, clock, *TWO, between, *TWO, None) == [*TWO, between, *TWO, None]


async def test_bad_answers_are_no_failures_of_the_server(retrier, clock):
    odd = [BadAnswer(f"odd {number}") for number in range(FAILURES_UNTIL_OFFLINE)]

    assert await outcomes(retrier, clock, *odd, None) == [*odd, None]


@pytest.mark.parametrize(("pause_s", "moments"), [(LONGEST_PAUSE_S, [0, 10]), (LONGEST_PAUSE_S + 1, [0])], ids=str)
async def test_silence_is_kept_up_to_ten_seconds(source, clock, pause_s, moments):
    source.script[1] = [RateLimited("slow down", retry_after_s=pause_s)]

    await read(source, clock, (1,))

    assert sent(source) == moments


@pytest.mark.parametrize(
    ("known", "error", "expected"),
    [
        pytest.param(job(1), None, (False, False), id="read"),
        pytest.param(job(1), JobNotFound("no job 1 here"), (True, False), id="gone"),
        pytest.param(None, JobNotFound("no job 1 here"), (False, True), id="not-found"),
        pytest.param(job(1), Unreachable("refused"), (False, False), id="unreachable"),
        pytest.param(None, Unreachable("refused"), (False, False), id="never-reached"),
        pytest.param(None, None, (False, False), id="interrupted"),
    ],
)
def test_a_job_is_gone_if_it_was_described_before_and_else_not_found(known, error, expected):
    result = ReadResult(1, at(), known, error and error.record)

    assert (result.is_gone, result.is_not_found) == expected
