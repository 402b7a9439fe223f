from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.cli.exit_codes import Exit, exit_after_wait, gravest
from tui.domain.connection import ConnectionState
from tui.domain.errors import BadAnswer, JobNotFound
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.scripts.wait_state import (
    FileProgress,
    JobResult,
    Outcome,
    Plan,
    Reason,
    WaitProgress,
    is_final,
    outcome_of,
    result_of,
)

MISSING = Missing(JobNotFound("none").record, at())


def tracked(*readings):
    state = TrackedJob(1)
    for reading in readings:
        if isinstance(reading, tuple):
            state = state.apply_reading(Seen(job(status=reading[0], finished="2026-11-23T09:33:27Z"), at()))
        else:
            state = state.apply_reading(
                Seen(job(status=reading), at()) if reading is None or isinstance(reading, str) else reading
            )
    return state


@pytest.mark.parametrize(
    ("readings", "failures", "code"),
    [
        ((), 0, None),
        (("PENDING",), 0, None),
        (("WORKING",), 0, None),
        (("PAUSED",), 0, None),
        ((None,), 0, None),
        (("SUCCESS",), 0, JobResult.SUCCESS),
        (("FAILED",), 0, JobResult.FAILED),
        (("SUCCESS", "WORKING"), 0, None),
        ((("CANCELLED",),), 0, None),
        ((("CANCELLED",), ("CANCELLED",)), 0, JobResult.FAILED),
        ((("Success",), ("Success",)), 0, JobResult.FAILED),
        (((None,), (None,)), 0, JobResult.FAILED),
        ((("CANCELLED",), ("CANCELLED",), Failed(BadAnswer("odd").record, at())), 9, JobResult.FAILED),
        ((("CANCELLED",), ("Success",)), 0, None),
        ((("CANCELLED",), "WORKING"), 0, None),
        ((("WORKING",), ("WORKING",)), 0, None),
        ((("SUCCESS",),), 0, JobResult.SUCCESS),
        (("SUCCESS", Failed(BadAnswer("odd").record, at())), 9, JobResult.SUCCESS),
        (("SUCCESS", *[MISSING] * 4), 0, JobResult.SUCCESS),
        (([MISSING] * 3), 0, None),
        (([MISSING] * 4), 0, JobResult.NOT_FOUND),
        (("WORKING", *[MISSING] * 3), 0, None),
        (("WORKING", *[MISSING] * 4), 0, JobResult.NOT_FOUND),
        (("WORKING",), 9, None),
        (("WORKING",), 10, JobResult.UNREAD),
        ((), 10, JobResult.UNREAD),
    ],
)
def test_when_a_job_counts_as_ended(readings, failures, code):
    assert result_of(tracked(*readings), failures=failures) is code


@pytest.mark.parametrize(
    ("file", "complete"),
    [
        (FileProgress(), False),
        (FileProgress(newest_s=None, read_s=90, ended_s=0), False),
        (FileProgress(newest_s=0, read_s=90, ended_s=None), False),
        (FileProgress(newest_s=0, read_s=None, ended_s=20), False),
        (FileProgress(newest_s=0, read_s=29, ended_s=20), False),
        (FileProgress(newest_s=0, read_s=30, ended_s=20), True),
        (FileProgress(newest_s=0, read_s=60, ended_s=61), False),
        (FileProgress(newest_s=40, read_s=60, ended_s=61), False),
        (FileProgress(newest_s=40, read_s=70, ended_s=61), True),
    ],
    ids=[
        "nothing",
        "no job",
        "not ended",
        "not read",
        "too soon",
        "in time",
        "not read since the end",
        "newcomer",
        "quiet again",
    ],
)
def test_when_a_file_is_settled(file, complete):
    assert is_final(file, settle_s=30) is complete


PLAN = Plan()
FILE = Plan(files=("inv.csv",), start_s=60, settle_s=30)
GOING = WaitProgress(elapsed_s=10, ended={JobResult.SUCCESS: 1}, unended=1, is_answered=True)
ENDED = replace(GOING, unended=0)


@pytest.mark.parametrize(
    ("plan", "progress", "reason", "code"),
    [
        (PLAN, ENDED, Reason.ENDED, 0),
        (PLAN, replace(ENDED, ended={JobResult.SUCCESS: 3, JobResult.FAILED: 1}), Reason.ENDED, 1),
        (PLAN, replace(ENDED, ended={JobResult.NOT_FOUND: 1, JobResult.FAILED: 1}), Reason.ENDED, 5),
        (PLAN, replace(ENDED, ended={JobResult.NOT_FOUND: 1, JobResult.UNREAD: 1}), Reason.ENDED, 3),
        (replace(PLAN, is_any=True), GOING, Reason.FIRST, 0),
        (replace(PLAN, is_any=True), replace(GOING, ended={JobResult.FAILED: 1}), Reason.FIRST, 1),
        (replace(PLAN, is_fail_fast=True), replace(GOING, ended={JobResult.FAILED: 1}), Reason.FAILED, 1),
        (replace(PLAN, timeout_s=10), GOING, Reason.TIMED_OUT, 124),
        (replace(PLAN, timeout_s=10), replace(GOING, link=ConnectionState.OFFLINE), Reason.TIMED_OUT, 3),
        (replace(PLAN, timeout_s=10), replace(GOING, link=ConnectionState.THROTTLED), Reason.TIMED_OUT, 3),
        (replace(PLAN, timeout_s=10), replace(GOING, failing=1), Reason.TIMED_OUT, 3),
        (
            replace(PLAN, timeout_s=10),
            replace(GOING, failing=1, rejected_s=5, link=ConnectionState.UNAUTHORIZED),
            Reason.TIMED_OUT,
            4,
        ),
        (replace(FILE, timeout_s=10), replace(GOING, file=FileProgress(read_s=None)), Reason.TIMED_OUT, 3),
        (replace(FILE, timeout_s=10), replace(GOING, file=FileProgress(read_s=9, newest_s=9)), Reason.TIMED_OUT, 124),
        (replace(PLAN, timeout_s=10), replace(GOING, is_answered=False, failing_s=5), Reason.TIMED_OUT, 3),
        (replace(PLAN, timeout_s=10), replace(GOING, failing_s=5), Reason.TIMED_OUT, 124),
        (
            replace(PLAN, timeout_s=10),
            replace(GOING, rejected_s=5, link=ConnectionState.UNAUTHORIZED),
            Reason.TIMED_OUT,
            4,
        ),
        (replace(PLAN, timeout_s=10), replace(GOING, ended={JobResult.NOT_FOUND: 1}), Reason.TIMED_OUT, 124),
        (replace(PLAN, timeout_s=10), replace(GOING, ended={JobResult.UNREAD: 1}), Reason.TIMED_OUT, 3),
        (replace(PLAN, timeout_s=10), ENDED, Reason.ENDED, 0),
        (PLAN, replace(GOING, is_interrupted=True), Reason.INTERRUPTED, 143),
        (PLAN, replace(ENDED, is_interrupted=True, ended={JobResult.FAILED: 1}), Reason.INTERRUPTED, 143),
        (PLAN, replace(GOING, rejected_s=0, is_answered=False), Reason.UNAUTHORIZED, 4),
        (PLAN, replace(GOING, rejected_s=120), Reason.UNAUTHORIZED, 4),
        (PLAN, replace(GOING, link=ConnectionState.OFFLINE, is_answered=False), Reason.UNREACHED, 3),
        (PLAN, replace(GOING, failing_s=600), Reason.GIVEN_UP, 3),
        (FILE, replace(ENDED, elapsed_s=60, ended={}, file=FileProgress(read_s=55)), Reason.NO_FILE, 5),
        (FILE, replace(ENDED, elapsed_s=60, file=FileProgress(0, 55, 20, is_proven=True)), Reason.ENDED, 0),
        (FILE, replace(ENDED, elapsed_s=60, file=FileProgress(0, 55, 20, is_proven=False)), Reason.ENDED, 3),
        (
            FILE,
            replace(ENDED, elapsed_s=60, ended={JobResult.FAILED: 1}, file=FileProgress(0, 55, 20, is_proven=False)),
            Reason.ENDED,
            1,
        ),
        (
            FILE,
            replace(ENDED, elapsed_s=60, ended={}, file=FileProgress(read_s=55, may_be_hidden=True)),
            Reason.NO_FILE,
            3,
        ),
        (FILE, replace(GOING, elapsed_s=700, file=FileProgress(0, 100, None)), Reason.GIVEN_UP, 3),
    ],
)
def test_how_a_watch_is_over(plan, progress, reason, code):
    ending = outcome_of(plan, progress)

    assert ending is not None
    assert (ending.reason, exit_after_wait(ending, signalled=Exit.TERMINATED)) == (reason, code)


@pytest.mark.parametrize(
    ("plan", "progress"),
    [
        (PLAN, GOING),
        (PLAN, replace(GOING, ended={JobResult.FAILED: 1})),
        (replace(PLAN, is_any=True), replace(GOING, ended={})),
        (replace(PLAN, is_fail_fast=True), replace(GOING, ended={JobResult.NOT_FOUND: 1})),
        (replace(PLAN, timeout_s=10.5), GOING),
        (PLAN, replace(GOING, rejected_s=119)),
        (PLAN, replace(GOING, link=ConnectionState.OFFLINE)),
        (PLAN, replace(GOING, failing_s=599)),
        (replace(PLAN, timeout_s=3600), replace(GOING, failing_s=3000)),
        (FILE, replace(ENDED, file=FileProgress(0, 20, 5))),
        (FILE, replace(ENDED, file=FileProgress(0, 60, 5))),
        (FILE, replace(ENDED, ended={}, elapsed_s=59, file=FileProgress(read_s=55))),
        (FILE, replace(ENDED, ended={}, elapsed_s=99, file=FileProgress())),
    ],
    ids=[
        "one works", "one failed", "none of any", "404 is no failure", "not yet timed out", "rotation", "outage",
        "long outage", "outage within the timeout", "late jobs may come", "not checked yet", "file may come", "its list was never read",
    ],
)  # fmt: skip
def test_how_it_goes_on(plan, progress):
    assert outcome_of(plan, progress) is None


seconds = st.one_of(st.none(), st.floats(0, 2000))
plans = st.builds(
    Plan,
    files=st.sampled_from([(), ("inv.csv",)]),
    is_any=st.booleans(),
    is_fail_fast=st.booleans(),
    timeout_s=seconds,
    start_s=st.floats(0, 100),
    settle_s=st.floats(0, 100),
)
job_codes = st.sampled_from([JobResult.SUCCESS, JobResult.FAILED, JobResult.NOT_FOUND, JobResult.UNREAD])
progresses = st.builds(
    WaitProgress,
    elapsed_s=st.floats(0, 2000),
    ended=st.dictionaries(job_codes, st.integers(1, 9)),
    unended=st.integers(0, 9),
    link=st.sampled_from(ConnectionState),
    is_answered=st.booleans(),
    rejected_s=seconds,
    failing_s=seconds,
    file=st.builds(FileProgress, seconds, seconds, seconds, st.sampled_from([None, True, False])),
    is_interrupted=st.booleans(),
)


@given(plans, progresses)
def test_the_code_is_never_milder_than_a_job_that_ended(plan, progress):
    ending = outcome_of(plan, progress)

    if ending is not None:
        jobs_alone = exit_after_wait(Outcome(Reason.ENDED, frozenset(progress.ended)))
        assert gravest([exit_after_wait(ending), jobs_alone]) == exit_after_wait(ending)


@given(plans, progresses)
def test_success_is_said_only_where_nothing_else_is_known(plan, progress):
    ending = outcome_of(plan, progress)

    if ending is not None and exit_after_wait(ending) == 0:
        assert set(progress.ended) <= {JobResult.SUCCESS}
        assert progress.unended == 0 or plan.is_any or plan.files
        assert not plan.files or progress.file.is_proven or plan.is_any


@given(plans, progresses)
def test_a_signal_ends_it_whatever_else_holds(plan, progress):
    ending = outcome_of(plan, replace(progress, is_interrupted=True))

    assert ending is not None
    assert exit_after_wait(ending, signalled=Exit.TERMINATED) == 143


@given(plans, progresses)
def test_nothing_goes_on_for_ever(plan, progress):
    late = replace(progress, elapsed_s=1e6, failing_s=1e6)

    assert outcome_of(plan, late) is not None
