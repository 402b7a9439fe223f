import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tui.domain.errors import JobNotFound, Unreachable
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import MISSES_UNTIL_LOST, Failed, Missing, Seen, TrackedJob
from tui.monitor.connection_tracker import FAILURES_UNTIL_OFFLINE, FIRST_PROBE_S, LONGEST_PROBE_S, REFUSED_PROBE_S
from tui.monitor.list_stats import LIMITS, USUAL_LIMIT
from tui.monitor.monitor_state import FILES_EVERY_S
from tui.monitor.polling_policy import (
    EAGER_S,
    GONE_PROBE_S,
    REFRESH_FLOOR_S,
    RunTime,
)
from tui.monitor.polling_policy import (
    delay_s as chosen_s,
)
from tui.monitor.request_gate import AT_ONCE

MIDDLE = 0.5
"""The roll that neither stretches nor shortens."""


def seen(status, *, times=1):
    tracked = TrackedJob(1)
    for _ in range(times):
        tracked = tracked.apply_reading(Seen(job(1, status), at()))
    return tracked


def missed(times, tracked=None):
    tracked = tracked or TrackedJob(1)
    for _ in range(times):
        tracked = tracked.apply_reading(Missing(JobNotFound("none").record, at()))
    return tracked


def failed(times):
    tracked = TrackedJob(1)
    for _ in range(times):
        tracked = tracked.apply_reading(Failed(Unreachable("refused").record, at()))
    return tracked


@pytest.mark.parametrize(
    ("tracked", "delay_s"),
    [
        pytest.param(TrackedJob(1), 0.0, id="never asked"),
        pytest.param(seen("PENDING"), 2.0, id="pending, first"),
        pytest.param(seen("PENDING", times=2), 3.0, id="pending, again"),
        pytest.param(seen("PENDING", times=3), 4.5, id="pending, third"),
        pytest.param(seen("PENDING", times=50), 30.0, id="pending for long"),
        pytest.param(seen("PAUSED"), 2.0, id="unknown status"),
        pytest.param(seen("SUCCESS"), 5.0, id="ended: confirm"),
        pytest.param(seen("FAILED", times=2), None, id="ended and confirmed"),
        pytest.param(missed(1), 5.0, id="first miss"),
        pytest.param(missed(2), 10.0, id="second miss"),
        pytest.param(missed(3), 15.0, id="third miss"),
        pytest.param(missed(4), None, id="given up"),
        pytest.param(missed(1, seen("WORKING")), 5.0, id="vanished"),
    ],
)
def test_delay_follows_the_state(tracked, delay_s):
    assert chosen_s(PollPolicy(), tracked.condition, roll=MIDDLE) == delay_s


@pytest.mark.parametrize(
    ("elapsed_s", "usual_s", "delay_s"),
    [
        pytest.param(0, None, 2.0, id="just started"),
        pytest.param(60, None, 6.0, id="a tenth of a minute"),
        pytest.param(3600, None, 15.0, id="working for an hour"),
        pytest.param(70, 100, 7.0, id="long before its usual end"),
        pytest.param(81, 100, 2.0, id="shortly before its usual end"),
        pytest.param(119, 100, 2.0, id="shortly after its usual end"),
        pytest.param(121, 100, 12.1, id="longer than usual"),
        pytest.param(30, 31, 2.0, id="a short one"),
    ],
)
def test_working_job_is_asked_each_tenth_of_its_age_and_eagerly_around_its_end(elapsed_s, usual_s, delay_s):
    assert chosen_s(
        PollPolicy(), seen("WORKING").condition, roll=MIDDLE, run=RunTime(elapsed_s, usual_s)
    ) == pytest.approx(delay_s)


def test_three_retries_of_a_fresh_404_take_thirty_seconds():
    assert sum(chosen_s(PollPolicy(), missed(times).condition, roll=MIDDLE) for times in (1, 2, 3)) == 30.0


def test_nobody_looking_makes_intervals_three_times_as_long():
    assert chosen_s(PollPolicy(is_attended=False), seen("PENDING").condition, roll=MIDDLE) == 6.0


def test_fixed_interval_replaces_the_schedule_of_running_jobs_alone():
    policy = PollPolicy(interval_s=1.0, is_attended=False)

    assert chosen_s(policy, seen("PENDING", times=9).condition, roll=0.9) == 1.0
    assert chosen_s(policy, seen("SUCCESS").condition, roll=0.9) == 5.0
    assert chosen_s(policy, seen("SUCCESS", times=2).condition, roll=0.9) is None


@pytest.mark.parametrize(("times", "ceiling_s"), [(1, 4), (2, 8), (3, 16), (4, 32), (5, 60), (50, 60)])
def test_failures_back_off_with_full_jitter(times, ceiling_s):
    policy = PollPolicy()

    assert chosen_s(policy, failed(times).condition, roll=0.999999) == pytest.approx(ceiling_s, rel=1e-3)
    assert chosen_s(policy, failed(times).condition, roll=0.5) == pytest.approx(ceiling_s / 2)
    assert chosen_s(policy, failed(times).condition, roll=0.0) == 1.0


@given(
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(["PENDING", "WORKING", "ODD"]),
    st.integers(1, 40),
    st.floats(0, 1e6),
)
def test_jitter_stays_within_its_share_and_limits(roll, status, times, elapsed_s):
    wait_s = chosen_s(PollPolicy(), seen(status, times=times).condition, roll=roll, run=RunTime(elapsed_s))

    assert 2.0 * 0.85 <= wait_s <= 30.0 * 1.15


def test_numbers_of_polling():
    """Tests use most of these by name; here stands what each is."""
    policy = PollPolicy()

    assert (policy.interval_s, policy.is_attended, policy.jitter, policy.confirm_s) == (None, True, 0.15, 5.0)
    assert {
        "a job is requested at most once in": REFRESH_FLOOR_S,
        "shortest interval": EAGER_S,
        "requests at once": AT_ONCE,
        "probe of a job that is gone": GONE_PROBE_S,
        "not_found_count until a job is given up": MISSES_UNTIL_LOST,
        "failures until offline": FAILURES_UNTIL_OFFLINE,
        "first probe of an outage": FIRST_PROBE_S,
        "longest pause between probes of an outage": LONGEST_PROBE_S,
        "probe with a rejected token": REFUSED_PROBE_S,
        "a watched list is read every": FILES_EVERY_S,
        "most jobs of a list that is no file's": USUAL_LIMIT,
        "limits": LIMITS,
    } == {
        "a job is requested at most once in": 1.0,
        "shortest interval": 2.0,
        "requests at once": 2,
        "probe of a job that is gone": 300.0,
        "not_found_count until a job is given up": 4,
        "failures until offline": 5,
        "first probe of an outage": 30.0,
        "longest pause between probes of an outage": 300.0,
        "probe with a rejected token": 40.0,
        "a watched list is read every": 10.0,
        "most jobs of a list that is no file's": 1000,
        "limits": (100, 250, 500, 1000, 2500, 5000),
    }
