from datetime import UTC, datetime, timedelta

import pytest

from tui.api.auth.token_source import TokenFacts
from tui.api.connection_trace import Certificate, Secured
from tui.api.dns import Resolved
from tui.doctor.check_results import access, call, clocks, encryption, host_name, no_encryption
from tui.doctor.checks import Fault, State
from tui.domain.job_source import ApiResult

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "addresses", "state", "found"),
    [
        ("x.test", ("192.0.2.1",), State.OK, "x.test is 192.0.2.1"),
        ("x.test", ("2001:db8::1", "192.0.2.1", "192.0.2.2"), State.OK, "x.test is 2001:db8::1 and 2 more"),
        ("127.0.0.1", ("127.0.0.1",), State.SKIPPED, "127.0.0.1 is an address, no name"),
        ("0:0::1", ("::1",), State.SKIPPED, "0:0::1 is an address, no name"),
    ],
)
def test_host_name(host, addresses, state, found):
    check = host_name(Resolved(addresses, 1.0), host)

    assert (check.state, check.found) == (state, found)


@pytest.mark.parametrize(
    ("life_days", "left_days", "state"),
    [(365, 100, State.OK), (365, 14, State.OK), (365, 13, State.WARNING), (6, 3, State.OK), (6, 1, State.WARNING)],
)
def test_a_certificate_that_ends_soon_for_its_kind_is_a_warning(life_days, left_days, state):
    ends_at = NOW + timedelta(days=left_days)
    shown = Certificate("*.mozu.com", "TLS CA", ends_at - timedelta(days=life_days), ends_at)

    check = encryption(Secured("TLSv1.3", shown, 12.0), "the system's store", NOW)

    assert check.state is state
    assert check.found == (
        f"TLSv1.3; certificate of *.mozu.com by TLS CA until {ends_at:%Y-%m-%d}, for {left_days} d; trusted by the system's store"
    )
    assert (check.remedy is None) == (state is State.OK)


def test_a_certificate_that_the_system_does_not_show():
    assert (
        encryption(Secured("TLSv1.2", None, 1.0), "the system's store", NOW).found
        == "TLSv1.2; trusted by the system's store"
    )


@pytest.mark.parametrize(("is_local", "state"), [(True, State.SKIPPED), (False, State.WARNING)])
def test_http_is_a_warning_once_it_leaves_this_machine(is_local, state):
    assert no_encryption("x.test", is_local=is_local).state is state


@pytest.mark.parametrize(
    ("left", "renews_itself", "state", "found"),
    [
        (None, False, State.OK, "KIBO_ACCESS_TOKEN; it does not say when it expires"),
        (timedelta(minutes=42.5), False, State.OK, "KIBO_ACCESS_TOKEN; expires in 42 min"),
        (timedelta(minutes=4), False, State.WARNING, "KIBO_ACCESS_TOKEN; expires in 4 min"),
        (timedelta(minutes=4), True, State.OK, "KIBO_ACCESS_TOKEN; expires in 4 min and is renewed before"),
        (timedelta(0), False, State.FAILED, "KIBO_ACCESS_TOKEN; expired 0 s ago"),
        (timedelta(hours=-3), False, State.FAILED, "KIBO_ACCESS_TOKEN; expired 3 h ago"),
    ],
)
def test_a_token_is_judged_by_its_end(left, renews_itself, state, found):
    check = access(
        TokenFacts("KIBO_ACCESS_TOKEN", None if left is None else NOW + left, renews_itself=renews_itself), NOW
    )

    assert (check.state, check.found) == (state, found)
    assert check.fault is (Fault.TOKEN if state is State.FAILED else None)


@pytest.mark.parametrize(
    ("answer", "state", "found"),
    [
        (ApiResult((), "7f3a", None), State.OK, "HTTP 200, 0 jobs, correlation 7f3a"),
        (ApiResult((1,), None, None), State.OK, "HTTP 200, 1 job"),
        (
            ApiResult((), None, None, 404),
            State.WARNING,
            "HTTP 404, 0 jobs: the server says that there is no such list, or nothing in it",
        ),
    ],
)
def test_the_call(answer, state, found):
    check = call(answer, ms=3.0)

    assert (check.state, check.found, check.ms) == (state, found, 3.0)


@pytest.mark.parametrize(
    ("ahead_s", "state", "found"),
    [
        (0.4, State.OK, "this machine and the server agree within 5 s"),
        (-5.0, State.OK, "this machine and the server agree within 5 s"),
        (5.5, State.WARNING, "this machine is 5 s behind the server"),
        (-3700, State.WARNING, "this machine is 1 h ahead of the server"),
    ],
)
def test_clocks_that_differ_are_a_warning(ahead_s, state, found):
    check = clocks(ahead_s)

    assert (check.state, check.found) == (state, found)
