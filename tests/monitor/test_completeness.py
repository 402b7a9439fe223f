"""Lists that a server may cut at any length: what is called complete, and what it takes to find out."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.factories import job
from tui.domain.job_source import ApiResult, JobQuery
from tui.domain.watched_list import Extent
from tui.monitor.completeness import CompletenessCheck, ListAnswer, LongestLists, ProbeJob, ProbeList, fits

FILE = JobQuery(original_filename="inv.csv")


class Server:
    """A queue that cuts its lists.

    Args:
        jobs: All jobs, oldest first.
        cap: Jobs that a list holds at most; None for any number.
        order: Which jobs a list holds first: newest, oldest or random.
        ignores: Filters that it does not apply.
        filtered_cap: Jobs that a list with a filter holds at most.
        most_bytes: Bytes that a list holds at most.
        job_bytes: Returns the size of a job.
        has_more: Whether each list says that it goes on.
        cuts_first: Whether it cuts the queue before it filters it.
    """

    def __init__(
        self,
        jobs,
        *,
        cap=None,
        order="newest",
        ignores=(),
        seed=0,
        filtered_cap=None,
        most_bytes=10**9,
        job_bytes=lambda _: 400,
        has_more=False,
        cuts_first=False,
    ):
        self.by_id = {found.job_id: found for found in jobs}
        self.cap = cap
        self.order = order
        self.ignores = ignores
        self.filtered_cap = filtered_cap
        self.most_bytes = most_bytes
        self.job_bytes = job_bytes
        self.has_more = has_more
        self.cuts_first = cuts_first
        self.requests = 0
        self._random = random.Random(seed)

    def list(self, query):
        self.requests += 1
        applied = JobQuery(
            location_code=None if "location" in self.ignores else query.location_code,
            types=() if "types" in self.ignores else query.types,
            original_filename=None if "file" in self.ignores else query.original_filename,
        )
        queue = list(self.by_id.values())[-self.cap :] if self.cuts_first else self.by_id.values()
        matching = [found for found in queue if fits(applied, found.origin)]
        if self.order == "newest":
            matching.reverse()
        elif self.order == "random":
            self._random.shuffle(matching)
        limit = 100 if query.limit is None else query.limit
        if self.filtered_cap is not None and query.unlimited != JobQuery():
            limit = min(limit, self.filtered_cap)
        held = matching[: limit if self.cap is None else min(limit, self.cap)]
        sizes = list(itertools.accumulate(map(self.job_bytes, held)))
        held = held[: sum(size <= self.most_bytes for size in sizes)]
        size_bytes = sizes[len(held) - 1] if held else 0
        return ListAnswer.of(query, ApiResult(tuple(held), None, None, has_more=self.has_more, size_bytes=size_bytes))

    def matching(self, query):
        return {found.job_id for found in self.by_id.values() if fits(query, found.origin)}


def check(server, *, query=FILE, limit=1000, known=()):
    """Run one check to its end and return it with what it found."""
    longest = LongestLists()
    answer = server.list(JobQuery(query.location_code, query.types, None, query.original_filename, limit))
    longest.learn(answer.query, answer.length, answer.size_bytes)
    found = set(known) | {job_id for job_id in answer.job_ids if fits(query, server.by_id[job_id].origin)}
    running = CompletenessCheck(answer, found, longest)
    for _ in range(300):
        match running.next_probe:
            case None:
                return running.extent, found
            case ProbeList(wanted):
                part = server.list(wanted)
                longest.learn(wanted, part.length, part.size_bytes)
                matching = {job_id for job_id in part.job_ids if fits(query, server.by_id[job_id].origin)}
                found |= matching
                running.list_answered(part, matching)
            case ProbeJob(job_id):
                server.requests += 1
                running.job_answered(job_id, exists=job_id in server.by_id)
    raise AssertionError("no end of probes")


def jobs_of(count, *, file="inv.csv", first_id=1, location=lambda number: f"W{number:03}", kind=lambda _: "REFRESH"):
    return [
        job(first_id + number, originalFilename=file, locationCode=location(number), type=kind(number), tenantID=1)
        for number in range(count)
    ]


def _large_in_the_file(found):
    return 3000 if found.origin.original_filename == "inv.csv" else 400


def others(count, *, first_id=10_001):
    return jobs_of(count, file="other.csv", first_id=first_id)


@pytest.mark.parametrize(
    ("server", "extent"),
    [
        (Server([*jobs_of(20), *others(30)]), Extent.COMPLETE),
        (Server(jobs_of(20)), Extent.COMPLETE),
        (Server(jobs_of(1)), Extent.COMPLETE),
        (Server([*jobs_of(20), *others(30)], has_more=True), Extent.CUT),
        (Server(jobs_of(20), has_more=True), Extent.CUT),
        (Server([*jobs_of(250), *others(5)], cap=100), Extent.CUT),
        (Server(jobs_of(250), cap=100), Extent.CUT),
        (Server(jobs_of(250, location=lambda number: f"W{number % 5}"), cap=100), Extent.CUT),
        (Server(jobs_of(250), cap=100, order="oldest"), Extent.CUT),
        (Server([*jobs_of(120, kind=lambda number: "ADJUST" if number % 2 else "REFRESH")], cap=100), Extent.COMPLETE),
        (Server([*jobs_of(20), *others(30)], cap=20), Extent.CUT),
        (Server([*jobs_of(20), *others(30)], ignores=("file",)), Extent.UNKNOWN),
        (Server([*jobs_of(1200), *others(500)]), Extent.COMPLETE),
        (Server([*jobs_of(20, first_id=1), *jobs_of(20, first_id=100)]), Extent.UNKNOWN),
    ],
)
def test_extent_is_what_can_be_proven(server, extent):
    assert check(server)[0] is extent


@pytest.mark.parametrize(
    "server",
    [
        Server([*jobs_of(150), *others(200)], cap=250, filtered_cap=100),
        Server([*others(200), *jobs_of(150, first_id=20_001)], cap=250, filtered_cap=100, order="oldest"),
        Server([*jobs_of(60), *others(200)], filtered_cap=50, cap=100),
        Server([*jobs_of(21), *others(200)], filtered_cap=20, cap=100),
        Server([*jobs_of(300), *others(300)], filtered_cap=37, cap=250),
        Server([*jobs_of(60), *others(200)], most_bytes=100_000, job_bytes=_large_in_the_file),
        Server([*others(200), *jobs_of(60, first_id=20_001)], most_bytes=100_000, job_bytes=_large_in_the_file),
    ],
)
def test_list_that_is_cut_elsewhere_than_a_longer_one_is_not_complete(server):
    extent, found = check(server)

    assert extent is not Extent.COMPLETE, len(found)


@pytest.mark.parametrize(
    "server",
    [
        Server([*jobs_of(80), *others(60)], cap=100, cuts_first=True),
        Server([*jobs_of(180), *others(150)], cap=200, cuts_first=True),
        Server(
            [*jobs_of(80, kind=lambda number: "ADJUST" if number % 2 else "REFRESH"), *others(60)],
            cap=100,
            cuts_first=True,
        ),
    ],
    ids=["100", "200", "two-types"],
)
def test_list_is_not_complete_if_the_queue_may_be_cut_before_it_is_filtered(server):
    extent, found = check(server)

    assert extent is not Extent.COMPLETE, len(found)


def test_cut_queue_that_goes_on_beyond_a_list_proves_nothing():
    files = [*jobs_of(1, first_id=1), *jobs_of(40, first_id=10_001)]  # the first job lies before the cut
    server = Server([*files, *others(60, first_id=9_001), *others(30, first_id=20_001)], cap=100, cuts_first=True)

    assert check(server)[0] is not Extent.COMPLETE


@pytest.mark.parametrize("limit", [250, 1000])
@pytest.mark.parametrize(
    "server",
    [
        Server([*others(5, first_id=1), *jobs_of(100, first_id=6), *others(300)]),
        Server([*jobs_of(100), *others(30)]),
        Server([*others(5, first_id=1), *jobs_of(60, first_id=6), *others(300)], job_bytes=_large_in_the_file),
    ],
)
def test_usual_number_of_jobs_and_large_jobs_can_be_proven(server, limit):
    assert check(server, limit=limit)[0] is Extent.COMPLETE


def test_complete_list_costs_one_more_request_if_the_queue_is_longer():
    server = Server([*jobs_of(20), *others(30)])

    check(server)

    assert server.requests == 2


def test_hidden_job_is_found_by_its_location():
    server = Server(jobs_of(250, location=lambda number: f"W{number % 5}"), cap=100)

    extent, found = check(server)

    assert (extent, len(found)) == (Extent.CUT, 250)


def test_element_that_is_no_job_leaves_it_unknown():
    longest = LongestLists()
    longest.learn(JobQuery(limit=1000), 50)
    answer = ListAnswer.of(
        JobQuery(original_filename="inv.csv", limit=1000), ApiResult(tuple(jobs_of(20)), None, None, skipped=1)
    )

    assert CompletenessCheck(answer, answer.job_ids, longest).extent is Extent.UNKNOWN


def test_known_job_that_the_answer_lacks_is_requested():
    server = Server(jobs_of(20))
    known = jobs_of(1, first_id=99)[0].job_id

    extent, _ = check(server, known=[known])

    assert extent is Extent.COMPLETE, "it vanished, which says nothing about the others"


@st.composite
def servers(draw):
    """Servers of any cap, order and obedience, with ids as queues give them out: rising, now and then with gaps."""
    count, other_count = draw(st.integers(0, 60)), draw(st.sampled_from((0, 0, 1, 5, 30, 90, 99)))
    pool = draw(st.sampled_from((1, 3, 10, 1000)))
    kinds = draw(st.sampled_from((("REFRESH",), ("ADJUST",), ("REFRESH", "ADJUST"))))
    seed = draw(st.integers(0, 10**6))
    rng = random.Random(seed)
    names = ["inv.csv"] * count + ["other.csv"] * other_count
    is_mixed = draw(st.booleans())
    if is_mixed:
        rng.shuffle(names)
    jobs, job_id = [], draw(st.integers(1, 10**6))
    gap = draw(st.sampled_from((1, 1, 1, 3)))
    for name in names:
        jobs += jobs_of(
            1,
            file=name,
            first_id=job_id,
            location=lambda _: f"W{rng.randrange(pool)}",
            kind=lambda _: rng.choice(kinds),
        )
        job_id += rng.randint(1, gap)
    ignores = draw(st.sampled_from(((), (), (), ("file",), ("location",), ("types",), ("file", "location", "types"))))
    if not is_mixed and draw(st.booleans()):
        return Server(jobs, cap=100, ignores=ignores, seed=seed, cuts_first=True)
    cap = draw(st.one_of(st.none(), st.integers(1, 160)))
    return Server(
        jobs, cap=cap, order=draw(st.sampled_from(("newest", "oldest", "random"))), ignores=ignores, seed=seed
    )


@given(server=servers())
@settings(max_examples=400, deadline=None)
def test_complete_is_never_claimed_while_a_job_is_missing(server):
    extent, found = check(server)

    if extent is Extent.COMPLETE:
        assert found == server.matching(FILE)
