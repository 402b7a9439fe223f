import pytest

from tui.cli.exit_codes import Exit, exit_after_checks
from tui.core.errors import ConfigError
from tui.doctor.checks import Fault, State, failed, ok, skipped, warning
from tui.domain.errors import BadAnswer, RateLimited, ServerFault, Unauthorised, Unreachable

FACTS = {"correlation_id": "7f3a", "http_status": 401}


@pytest.mark.parametrize(
    ("error", "found", "remedy", "fault"),
    [
        (
            ConfigError("no API configured", "set KIBO_API_HOST; or run init"),
            "no API configured",
            "set KIBO_API_HOST; or run init",
            Fault.SETTING,
        ),
        (
            Unauthorised("the token was rejected", remedy="renew it", **FACTS),
            "the token was rejected (HTTP 401, correlation 7f3a)",
            "renew it",
            Fault.TOKEN,
        ),
        (
            Unreachable("x reset the connection"),
            "x reset the connection",
            "try again; if it persists, ask who runs the network or the proxy",
            Fault.CONNECTION,
        ),
        (
            ServerFault("the server failed", http_status=500),
            "the server failed (HTTP 500)",
            "try again later, and give support the correlation id",
            Fault.CONNECTION,
        ),
        (
            RateLimited("too many", retry_after_s=60),
            "too many",
            "wait 60 s, and send fewer requests: all sandbox tenants share one limit",
            Fault.CONNECTION,
        ),
        (
            Unauthorised("the token has expired", remedy="renew it", host="x.test", **FACTS),
            "not authorised by x.test (HTTP 401, correlation 7f3a): the token has expired",
            "renew it",
            Fault.TOKEN,
        ),
        (
            BadAnswer("HTML"),
            "HTML",
            "check --api-host, and that no proxy or login page answers instead of the API",
            Fault.CONNECTION,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_told_in_its_own_words_with_a_remedy(error, found, remedy, fault):
    check = failed("x", error)

    assert (check.state, check.found, check.remedy, check.fault) == (State.FAILED, found, remedy, fault)


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([], Exit.DONE),
        ([Unreachable("x")], Exit.UNREACHABLE),
        ([Unreachable("x"), Unauthorised("x")], Exit.UNAUTHORISED),
        ([Unauthorised("x"), ConfigError("x", "y"), Unreachable("x")], Exit.USAGE),
    ],
)
def test_of_several_failures_the_first_cause_decides(errors, code):
    checks = [ok("a", "x"), warning("b", "x", "y"), skipped("c", "x"), *(failed("d", error) for error in errors)]

    assert exit_after_checks(checks) == code
