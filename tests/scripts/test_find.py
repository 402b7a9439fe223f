import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.factories import NOON, at, job
from tests.support.queue_source import QueueSource
from tui.core.clock import ManualClock
from tui.domain.errors import BadAnswer, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.domain.job_source import ApiResult, JobQuery
from tui.domain.selection import Selection
from tui.domain.watched_list import Extent
from tui.monitor.request_gate import RequestBudget, RequestGate, budget_of
from tui.scripts.find import Search, find, matches
from tui.scripts.uploads import await_uploads, uploads_in, uploads_of
from tui.simulator.queue import SimJob

QUEUE = (
    SimJob(job_id=1, added_s=-7200, start_s=-7199, end_s=-7100, original_filename="inv.csv", status="FAILED"),
    SimJob(job_id=2, added_s=-60, start_s=-50, end_s=-40, original_filename="inv.csv", location="W02"),
    SimJob(job_id=3, added_s=-30, type="ALLOCATE"),
    SimJob(job_id=4, added_s=-10, type="ADJUST", owner="pos"),
)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def source(clock):
    return QueueSource(QUEUE, clock)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), [4, 3, 2, 1]),
        (Search(file="inv.csv"), [2, 1]),
        (Search(location="W02"), [2]),
        (Search(owner="pos"), [4]),
        (Search(types=("REFRESH", "ADJUST")), [4, 2, 1]),
        (Search(types=("ALLOCATE",)), [3]),
        (Search(types=("ALLOCATE", "ADJUST")), [4, 3]),
        (Search(statuses=("FAILED", "PENDING")), [4, 3, 1]),
        (Search(since=timedelta(hours=1)), [4, 3, 2]),
        (Search(file="none.csv"), []),
    ],
    ids=[
        "all",
        "file",
        "location",
        "owner",
        "types",
        "a type the server cannot filter",
        "mixed types",
        "status",
        "since",
        "none",
    ],
)
async def test_what_is_found(source, clock, search, found):
    result = await find(source, clock, search, gate=RequestGate())

    assert [reading.job_id for reading in result.readings] == found
    assert len(source.asked) == (2 if search.file else 1), "a file's list is complete if another list is longer"


@pytest.mark.parametrize(("limit", "is_full"), [(3, True), (4, True), (5, False), (None, False)], ids=str)
async def test_a_list_as_long_as_its_limit_may_lack_jobs(source, clock, limit, is_full):
    assert (
        (await find(source, clock, Search(limit=limit, statuses=("FAILED",)), gate=RequestGate())).extent is Extent.CUT
    ) is is_full


@pytest.mark.parametrize(
    ("search", "fields"),
    [
        (Search(location="W01"), {"locationCode": "W02"}),
        (Search(file="a"), {"originalFilename": "b"}),
        (Search(types=("ADJUST",)), {"type": "REFRESH"}),
        (Search(statuses=("FAILED",)), {"status": "SUCCESS"}),
    ],
    ids=["location", "file", "type", "status"],
)
def test_a_filter_that_the_server_ignored_is_done_here(search, fields):
    assert not matches(job(**fields), search, None)


def test_a_job_that_lacks_a_field_is_not_hidden():
    assert matches(job(), Search(location="W01", types=("ADJUST",)), NOON)


def test_a_job_without_a_file_is_no_job_of_a_file():
    assert not matches(job(), Search(file="a"), None)


@pytest.mark.parametrize(("cap", "extent", "found"), [(None, Extent.COMPLETE, 150), (100, Extent.CUT, 100)])
async def test_jobs_of_a_file_are_all_or_said_to_be_cut(clock, cap, extent, found):
    jobs = tuple(
        SimJob(job_id=number, added_s=-5, location=f"W{number}", original_filename="inv.csv")
        for number in range(1, 151)
    )
    others = tuple(SimJob(job_id=number, added_s=-9, original_filename="other.csv") for number in range(500, 540))
    source = QueueSource((*jobs, *others), clock, most=cap or 10**9)

    finding = asyncio.ensure_future(find(source, clock, Search(file="inv.csv"), gate=RequestGate()))
    await clock.advance(60)

    assert (finding.result().extent, len(finding.result().readings)) == (extent, found)


@pytest.mark.parametrize(("jobs", "limit", "is_cut"), [(100, 1000, True), (99, 1000, False), (250, 500, True)])
async def test_a_list_of_a_usual_length_below_its_limit_may_be_cut(clock, jobs, limit, is_cut):
    source = QueueSource([SimJob(job_id=number, added_s=-5) for number in range(1, jobs + 1)], clock)

    found = await find(source, clock, Search(limit=limit), gate=RequestGate())

    assert (found.extent is Extent.CUT) is is_cut


async def test_newest_upload_of_a_pattern(clock):
    nights = tuple(
        SimJob(job_id=number, added_s=-86400 * night - number, original_filename=f"KIBO_REFRESH_{night}.zip")
        for night in (1, 2)
        for number in range(night * 10, night * 10 + 3)
    )
    source = QueueSource((*nights, SimJob(job_id=99, added_s=-5, original_filename="inv.csv")), clock)

    result = await find(source, clock, Search(file="KIBO_REFRESH_*", is_newest=True), gate=RequestGate())

    assert {reading.job_id for reading in result.readings} == {10, 11, 12}


def test_an_upload_that_does_not_say_when_it_was_added_is_ranked_by_its_ids():
    jobs = [
        job(number, originalFilename=f"K_{number}.csv", added=added)
        for number, added in ((1, "2026-11-29T09:00:00Z"), (2, None))
    ]

    assert [upload.file for upload in uploads_in(jobs, "K_*", now=NOON)] == ["K_2.csv", "K_1.csv"]


def test_an_upload_that_does_not_say_when_it_was_added_is_not_hidden_by_a_time():
    assert [upload.file for upload in uploads_in([job(1, originalFilename="K_1.csv")], "K_*", NOON, now=NOON)] == [
        "K_1.csv"
    ]


def test_an_upload_that_claims_a_time_to_come_is_ranked_by_its_ids():
    jobs = [
        job(number, originalFilename=f"K_{number}.csv", added=added)
        for number, added in ((1, "2999-01-01T00:00:00Z"), (2, "2026-11-23T11:00:00Z"))
    ]

    assert [upload.file for upload in uploads_in(jobs, "K_*", now=NOON)] == ["K_2.csv", "K_1.csv"]


async def test_a_job_that_a_list_holds_twice_is_found_once(clock):
    class Twice(QueueSource):
        async def jobs(self, query):
            answer = await super().jobs(query)
            return replace(answer, value=answer.value * 2)

    result = await find(Twice(QUEUE, clock), clock, Search(), gate=RequestGate())

    assert [reading.job_id for reading in result.readings] == [4, 3, 2, 1]


def test_the_case_of_a_status_and_a_type_does_not_count():
    assert matches(job(status="failed", type="Refresh"), Search(statuses=("FAILED",), types=("REFRESH",)), None)


def test_an_unknown_status_can_be_looked_for():
    assert matches(job(status="PAUSED"), Search(statuses=("PAUSED",)), None)
    assert not matches(job(status=None), Search(statuses=("PAUSED",)), None)


def test_since_is_a_moment_of_adding():
    added = "2026-11-23T12:00:10Z"

    assert matches(job(added=added), Search(), at(10))
    assert not matches(job(added=added), Search(), at(11))


async def test_since_goes_by_the_server_s_clock(clock):
    class Ahead(QueueSource):
        def _date(self):
            return super()._date() + timedelta(hours=1)

    result = await find(Ahead(QUEUE, clock), clock, Search(since=timedelta(hours=1)), gate=RequestGate())

    assert result.readings == ()


class Failing:
    def __init__(self, *errors):
        self.errors, self.calls = list(errors), 0

    async def jobs(self, query):
        self.calls += 1
        raise self.errors.pop(0)


@pytest.mark.parametrize(
    ("errors", "calls"),
    [
        ((ServerFault("broken"),) * 2, 2),
        ((RateLimited("slow", retry_after_s=5),) * 2, 2),
        ((RateLimited("slow", retry_after_s=60),), 1),
    ],
    ids=["tried once more", "short silence", "long silence"],
)
async def test_it_is_as_patient_as_get(clock, errors, calls):
    source = Failing(*errors)
    task = asyncio.ensure_future(find(source, clock, Search(), gate=RequestGate()))
    await clock.advance(30)

    with pytest.raises(type(errors[0])):
        task.result()
    assert source.calls == calls


async def test_search_keeps_to_the_budget_that_it_is_given(source, clock):
    task = asyncio.create_task(find(source, clock, Search(file="inv.csv"), gate=RequestGate(budget_of(20))))
    await clock.advance(60)
    await task

    assert [moment for moment, _ in source.asked] == pytest.approx([0, 3], abs=0.01)


# uploads that are waited for

NIGHT = Selection("night_*")


def upload(added_s, file="night_1.csv", job_id=7):
    return SimJob(job_id=job_id, added_s=added_s, original_filename=file)


async def waited(source, clock, *, wait_s, outages=(), gate=None):
    """Wait for an upload; each outage is its second, and why nothing is answered from then on."""
    task = asyncio.ensure_future(
        await_uploads(source, clock, NIGHT, is_newest=True, wait_s=wait_s, gate=gate or RequestGate())
    )
    for at_s, error in outages:
        await clock.advance(at_s - clock.monotonic_s())
        source.outage = error
    await clock.advance(60)
    assert task.done()
    return task


def searched_s(source):
    """The seconds at which a search began; one makes all its requests at the same second."""
    return sorted({moment for moment, _ in source.asked})


async def test_an_upload_that_comes_later_is_found_by_the_next_search(clock):
    source = QueueSource((*QUEUE, upload(12.0)), clock)

    task = await waited(source, clock, wait_s=30)

    assert [each.file for each in task.result().found] == ["night_1.csv"]
    assert searched_s(source) == [0, 5, 10, 15]


async def test_an_upload_that_does_not_come_is_searched_for_until_the_end(clock):
    source = QueueSource(QUEUE, clock)

    task = await waited(
        source, clock, wait_s=12, gate=RequestGate(RequestBudget(rate_per_s=1e6, burst=1e6, tokens=1e6))
    )

    assert task.result().found == ()
    assert searched_s(source) == [0, 5, 10, 12]


@pytest.mark.parametrize(("is_newest", "is_proven"), [(True, True), (False, False)])
async def test_all_uploads_are_proven_only_by_a_list_that_reaches_back_to_the_time(clock, is_newest, is_proven):
    uploads = [
        job(n, originalFilename=f"night_{n}.csv", added=f"2026-11-23T12:00:0{n}Z", locationCode=f"W{n}", tenantID=n)
        for n in (9, 7)
    ]

    class Cut:
        async def jobs(self, query):
            return ApiResult(tuple(uploads), None, None, has_more=True)

        async def job(self, job_id):
            return ApiResult(job(job_id), None, None)

    selection = Selection("night_*", since=NOON)
    found = await uploads_of(Cut(), clock, selection, is_newest=is_newest, gate=RequestGate())

    assert ([each.file for each in found.found], found.is_proven) == (["night_9.csv", "night_7.csv"], is_proven)


@pytest.mark.parametrize("error", [Unreachable("gone"), ServerFault("broken"), RateLimited("slow", retry_after_s=12)])
async def test_a_search_for_an_upload_survives_what_passes(clock, error):
    source = QueueSource((*QUEUE, upload(2.0)), clock)

    task = await waited(source, clock, wait_s=30, outages=[(3, error), (11, None)])

    assert [each.file for each in task.result().found] == ["night_1.csv"]


@pytest.mark.parametrize(
    ("outages", "error"),
    [
        pytest.param([(0, Unreachable("gone"))], Unreachable, id="first search"),
        pytest.param([(3, Unreachable("gone"))], Unreachable, id="lasts to the end"),
        pytest.param([(3, BadAnswer("odd")), (6, None)], BadAnswer, id="does not pass"),
        pytest.param([(3, Unauthorised("no")), (6, None)], Unauthorised, id="refused"),
    ],
)
async def test_a_search_for_an_upload_that_fails_for_good_says_so(clock, outages, error):
    source = QueueSource(QUEUE, clock)

    task = await waited(source, clock, wait_s=20, outages=outages)

    assert isinstance(task.exception(), error)


@pytest.mark.parametrize(
    ("search", "query"),
    [
        (Search(), JobQuery()),
        (Search("W01", ("REFRESH",), "inv.csv", "pos", 5), JobQuery("W01", ("REFRESH",), "pos", "inv.csv", 5)),
        (Search(file="inv*"), JobQuery(types=("ADJUST", "REFRESH"))),
        (Search(types=("REFRESH",), file="inv*"), JobQuery(types=("REFRESH",))),
        (Search(types=("REFRESH", "UNKNOWN")), JobQuery()),
        (Search(types=("UNKNOWN",), file="inv?"), JobQuery(types=("ADJUST", "REFRESH"))),
    ],
    ids=str,
)
def test_the_list_is_filtered_by_what_the_server_knows(search, query):
    assert search.query == query


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (Search(), False),
        (Search(file="inv.csv"), True),
        (Search(file="inv.csv", limit=5), False),
        (Search(limit=5), False),
    ],
)
def test_the_jobs_of_a_file_must_be_whole_unless_there_is_a_limit(search, expected):
    assert search.must_be_whole is expected
