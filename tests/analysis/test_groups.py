from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import job
from tests.support.view_states import NOWHERE, after
from tui.analysis.groups import GroupBy, GroupKey, Groups, GroupSummary, common_causes, group_completeness
from tui.domain.errors import ServerFault
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.domain.watched_list import Extent, WatchedList
from tui.domain.watchlist import Watchlist

FILES = ["a.csv", "b.csv", None]
MESSAGES = [(), ("UPC 1 not found",), ("UPC 2 not found", "row 3 is not a number"), ("no space left",)]


@st.composite
def readings(draw, job_id):
    """What the server says of a job: it waits, runs, ends, is restarted, vanishes, or an error hides it."""
    answers = []
    for status in draw(st.lists(st.sampled_from(["PENDING", "WORKING", "SUCCESS", "FAILED", "HALTED", "gone", "503"]))):
        if status == "gone":
            answers.append(NOWHERE)
        elif status == "503":
            answers.append(ServerFault("HTTP 503", http_status=503))
        else:
            answers.append(
                job(
                    job_id,
                    status,
                    type=draw(st.sampled_from(["ADJUST", "REFRESH"])),
                    locationCode=draw(st.sampled_from(["W1", "W2", None])),
                    originalFilename=draw(st.sampled_from(FILES)),
                    messages=list(draw(st.sampled_from(MESSAGES))),
                    finished=draw(st.sampled_from(["2026-11-23T11:59:00Z", None])),
                )
            )
    return after(*answers, job_id=job_id)


STEP = st.tuples(
    st.lists(st.integers(1, 8).flatmap(readings), max_size=4),
    st.sets(st.integers(1, 8), max_size=2),
    st.frozensets(st.integers(1, 8), max_size=4),
    st.sampled_from([None, None, None, *GroupBy]),
)


def name_of(tracked, by, causes):
    found = {
        GroupBy.FILE: tracked.job and tracked.job.original_filename,
        GroupBy.LOCATION: tracked.job and tracked.job.location_code,
        GroupBy.TYPE: tracked.job and tracked.job.type,
        GroupBy.STATUS: tracked.status,
        GroupBy.CAUSE: causes.get(tracked.job_id),
    }[by]
    return None if found is None else str(found)


def counted(jobs, late):
    """The summary of a group by a plain count."""
    known = [each for each in jobs if not (each.is_gone or each.is_not_found)]
    failed = [each for each in known if each.status is JobStatus.FAILED]
    late = [each for each in known if each.job_id in late and each not in failed and not each.condition.is_ended]
    others = Counter(each.status for each in known if each not in late and each not in failed)
    named = {JobStatus.WORKING, JobStatus.PENDING, JobStatus.SUCCESS}
    succeeded = others[JobStatus.SUCCESS]
    finished = [each.job.finished for each in jobs if each.job and each.job.finished]
    return GroupSummary(
        total=len(jobs),
        ended=sum(each.condition.is_ended for each in known),
        failed=len(failed),
        late=len(late),
        working=others[JobStatus.WORKING],
        pending=others[JobStatus.PENDING],
        succeeded=succeeded,
        gone=len(jobs) - len(known),
        other=sum(number for status, number in others.items() if status not in named),
        failed_ids=tuple(sorted(each.job_id for each in failed)),
        late_ids=tuple(sorted(each.job_id for each in late)),
        failed_at=tuple(sorted({each.job.location_code or str(each.job_id) for each in failed})),
        ended_at=max(finished, default=None) if succeeded == len(jobs) else None,
    )


@given(st.lists(STEP, min_size=1, max_size=8))
def test_summaries_are_at_every_moment_those_of_a_plain_count(steps):
    groups, watchlist, by = Groups(), Watchlist(), GroupBy.FILE

    for known, removed, late, other_by in steps:
        watchlist = watchlist.with_jobs({each.job_id: each for each in known}.values())
        watchlist = watchlist.without(removed) if removed & watchlist.keys() else watchlist
        by = other_by or by
        groups.update(watchlist, by, late)
        members = defaultdict(list)
        if by is GroupBy.NONE:
            continue
        causes = common_causes(
            {
                each.job_id: each.job.messages
                for each in watchlist.values()
                if each.status is JobStatus.FAILED and each.job.messages
            }
        )
        for each in watchlist.values():
            members[GroupKey(by, name_of(each, by, causes))].append(each)

        assert {key: groups.summary(key) for key in members} == {
            key: counted(jobs, late) for key, jobs in members.items()
        }
        assert {each.job_id: groups.key_of(each.job_id) for each in watchlist.values()} == {
            each.job_id: key for key, jobs in members.items() for each in jobs
        }
        assert groups.has_shared == any(len(jobs) > 1 for key, jobs in members.items() if key.name is not None)


@given(st.lists(st.integers(1, 8).flatmap(readings), max_size=8), st.frozensets(st.integers(1, 8)))
def test_parts_of_a_group_add_up_to_all_its_jobs(known, late):
    groups, watchlist = Groups(), Watchlist().with_jobs(known)

    groups.update(watchlist, GroupBy.FILE, late)

    for key in {groups.key_of(job_id) for job_id in watchlist}:
        it = groups.summary(key)
        assert it.total == it.failed + it.late + it.working + it.pending + it.succeeded + it.gone + it.other


def test_version_rises_only_if_a_job_moves_to_another_group_or_part():
    groups, watchlist = Groups(), Watchlist().with_jobs([after("WORKING", job_id=1), after("PENDING", job_id=2)])
    groups.update(watchlist, GroupBy.FILE)
    before = groups.version

    groups.update(watchlist.with_jobs([after("WORKING", "WORKING", job_id=1)]), GroupBy.FILE)
    unmoved = groups.version
    groups.update(watchlist.with_jobs([after("WORKING", "FAILED", job_id=1)]), GroupBy.FILE)

    assert (unmoved, groups.version > before) == (before, True)


def test_failed_jobs_with_one_cause_are_one_group_whatever_their_values():
    jobs = [
        after(job(number, "FAILED", messages=[f"UPC 00{number} not found at location W{number}"]), job_id=number)
        for number in range(1, 6)
    ]
    groups = Groups()

    groups.update(Watchlist().with_jobs([*jobs, after("SUCCESS", job_id=9)]), GroupBy.CAUSE)

    assert len({groups.key_of(each.job_id) for each in jobs}) == 1
    assert groups.key_of(9) == GroupKey(GroupBy.CAUSE, None)


@pytest.mark.parametrize(
    ("known", "extent"),
    [
        (WatchedList(Selection(file="a.csv"), extent=Extent.COMPLETE), Extent.COMPLETE),
        (WatchedList(Selection(file="a.csv"), checked_extent=Extent.COMPLETE), Extent.COMPLETE),
        (WatchedList(Selection(file="a*"), extent=Extent.CUT), Extent.CUT),
        (WatchedList(Selection(file="a.csv")), Extent.UNKNOWN),
        (WatchedList(Selection(file="a.csv", location="W1"), extent=Extent.COMPLETE), None),
        (WatchedList(Selection(file="b.csv"), extent=Extent.COMPLETE), None),
        (WatchedList(Selection(location="W1"), extent=Extent.COMPLETE), None),
    ],
    ids=["proven", "proven by a check", "cut", "unknown", "of one location", "of another file", "without a file"],
)
def test_group_of_a_file_is_complete_if_the_list_of_that_file_is(known, extent):
    assert group_completeness(GroupKey(GroupBy.FILE, "a.csv"), [known]) is extent


def test_group_of_a_location_is_complete_if_the_list_of_that_location_is():
    known = WatchedList(Selection(location="W1"), extent=Extent.COMPLETE)

    assert group_completeness(GroupKey(GroupBy.LOCATION, "W1"), [known]) is Extent.COMPLETE
    assert group_completeness(GroupKey(GroupBy.TYPE, "W1"), [known]) is None
