import pytest

from tests.support.factories import at
from tui.domain.connection import ConnectionState
from tui.domain.errors import BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.monitor.connection_tracker import ConnectionTracker

DOWN = Unreachable("connection refused")


def broken(times, link=None, *, now_s=0.0):
    link = link or ConnectionTracker()
    for _ in range(times):
        link = link.failed(DOWN, at=at(now_s), now_s=now_s)
    return link


def test_rate_limit_silences_for_as_long_as_it_says():
    link = ConnectionTracker().failed(RateLimited("slow down", retry_after_s=60), at=at(), now_s=100.0)

    assert link.connection.state is ConnectionState.THROTTLED
    assert link.wait_s(100.0) == 60.0
    assert link.wait_s(160.0) == 0.0
    assert link.connection.until == at(60)


def test_late_success_does_not_end_the_silence():
    link = ConnectionTracker().failed(RateLimited("slow down", retry_after_s=60), at=at(), now_s=0.0)

    assert link.succeeded(now_s=1.0).connection.state is ConnectionState.THROTTLED
    assert link.succeeded(now_s=60.0).connection.state is ConnectionState.UP


def test_second_rate_limit_never_shortens_the_silence():
    link = ConnectionTracker().failed(RateLimited("slow down", retry_after_s=60), at=at(), now_s=0.0)
    link = link.failed(RateLimited("slow down", retry_after_s=5), at=at(1), now_s=1.0)

    assert link.wait_s(1.0) == 59.0


@pytest.mark.parametrize(("failures", "state"), [(4, ConnectionState.UP), (5, ConnectionState.OFFLINE)])
def test_five_transient_errors_in_a_row_mean_offline(failures, state):
    assert broken(failures).connection.state is state


@pytest.mark.parametrize("error", [JobNotFound("none"), BadAnswer("not JSON")])
def test_errors_about_one_job_prove_that_the_server_answers(error):
    assert broken(4).failed(error, at=at(), now_s=0.0).connection.failures == 0


def test_server_faults_count_as_transient_errors():
    link = ConnectionTracker()
    for _ in range(5):
        link = link.failed(ServerFault("server error", http_status=502), at=at(), now_s=0.0)

    assert link.connection.state is ConnectionState.OFFLINE


def test_probes_come_ever_less_often_up_to_five_minutes():
    link, now_s, waits = broken(5), 0.0, []
    for _ in range(6):
        waits.append(link.wait_s(now_s))
        now_s += waits[-1]
        link = link.failed(DOWN, at=at(now_s), now_s=now_s)

    assert waits == [30, 60, 120, 240, 300, 300]


def test_requests_of_the_same_outage_count_once():
    assert broken(8).wait_s(0.0) == 30.0


def test_one_answer_brings_an_offline_link_back():
    assert broken(9).succeeded(now_s=0.0) == ConnectionTracker()


def test_rejected_token_is_tried_again_every_40_seconds():
    link = ConnectionTracker().failed(Unauthorised("the token expired", http_status=401), at=at(), now_s=0.0)

    assert link.connection.state is ConnectionState.UNAUTHORIZED
    assert (link.wait_s(0.0), link.wait_s(39.0), link.wait_s(40.0)) == (40.0, 1.0, 0.0)
    assert link.connection.until == at(40)
    again = link.failed(Unauthorised("the token expired", http_status=401), at=at(40), now_s=40.0)
    assert (again.wait_s(40.0), again.connection.since) == (40.0, at())


@pytest.mark.parametrize("error", [DOWN, ServerFault("a gateway's 404", http_status=404), BadAnswer("HTML")], ids=str)
def test_what_is_no_answer_of_the_api_leaves_a_rejected_token_rejected(error):
    link = ConnectionTracker().failed(UNAUTHORIZED, at=at(), now_s=0.0).failed(error, at=at(40), now_s=40.0)

    assert (link.connection.state, link.error, link.wait_s(40.0), link.connection.refused_at) == (
        ConnectionState.UNAUTHORIZED,
        UNAUTHORIZED,
        40.0,
        at(),
    )
    assert broken(4, link, now_s=80.0).connection.state is ConnectionState.UNAUTHORIZED, "those of one probe count once"


def test_probes_of_a_rejected_token_that_reach_nobody_are_an_outage_in_the_end():
    link = ConnectionTracker().failed(UNAUTHORIZED, at=at(), now_s=0.0)
    for probe in range(1, 6):
        link = link.failed(DOWN, at=at(40 * probe), now_s=40.0 * probe)

    assert (link.connection.state, link.error, link.allows_one_only) == (ConnectionState.OFFLINE, DOWN, True)


def test_no_such_job_proves_that_the_token_is_accepted_again():
    assert (
        ConnectionTracker().failed(UNAUTHORIZED, at=at(), now_s=0.0).failed(JobNotFound("none"), at=at(40), now_s=40.0)
        == ConnectionTracker()
    )


UNAUTHORIZED = Unauthorised("the token was rejected", http_status=401)


@pytest.mark.parametrize("error", [DOWN, RateLimited("slow down", retry_after_s=30)], ids=["broken", "throttled"])
def test_refused_link_lets_one_request_go_whatever_comes_between(error):
    link = (
        ConnectionTracker()
        .failed(UNAUTHORIZED, at=at(), now_s=0.0)
        .failed(UNAUTHORIZED, at=at(), now_s=0.0)
        .failed(error, at=at(305), now_s=305.0)
    )

    assert link.allows_one_only
    assert not link.succeeded(now_s=400.0).allows_one_only


def test_silence_that_is_asked_for_ends_no_refusal_earlier():
    link = (
        ConnectionTracker()
        .failed(UNAUTHORIZED, at=at(), now_s=0.0)
        .failed(RateLimited("slow down", retry_after_s=30), at=at(), now_s=0.0)
    )

    assert (link.connection.state, link.wait_s(0.0), link.connection.until) == (ConnectionState.THROTTLED, 40.0, at(40))


def test_a_refusal_ends_no_silence_earlier():
    link = (
        ConnectionTracker()
        .failed(RateLimited("slow down", retry_after_s=90), at=at(), now_s=0.0)
        .failed(UNAUTHORIZED, at=at(), now_s=0.0)
    )

    assert (link.connection.state, link.wait_s(0.0), link.connection.until) == (
        ConnectionState.UNAUTHORIZED,
        90.0,
        at(90),
    )


def test_time_that_is_told_is_the_time_that_is_kept():
    link = ConnectionTracker().failed(RateLimited("slow down", retry_after_s=60), at=at(), now_s=0.0)
    link = link.failed(RateLimited("slow down", retry_after_s=5), at=at(1), now_s=1.0)

    assert link.connection.until == at(60)


def test_refused_token_may_be_tried_when_somebody_asks():
    link = ConnectionTracker().failed(Unauthorised("the token expired", http_status=401), at=at(), now_s=0.0)

    assert link.retry_now().wait_s(0.0) == 0.0
    assert link.retry_now().allows_one_only
    assert link.retry_now().succeeded(now_s=0.0).connection.state is ConnectionState.UP


def test_asking_does_not_break_a_silence():
    link = ConnectionTracker().failed(RateLimited("slow down", retry_after_s=60), at=at(), now_s=0.0)

    assert link.retry_now().wait_s(0.0) == 60.0


def test_a_new_token_or_a_key_lets_one_probe_leave_at_once():
    down = broken(9, now_s=100.0)

    assert down.wait_s(100.0) > 0
    assert down.retry_now().wait_s(0.0) == 0.0
    assert down.retry_now().connection.until is None
    assert ConnectionTracker().retry_now() == ConnectionTracker()
