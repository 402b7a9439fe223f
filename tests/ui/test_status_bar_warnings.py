from dataclasses import replace

import pytest

from tests.support.factories import at
from tests.support.view_states import LOOK, OFFLINE, THROTTLED, UNAUTHORIZED, UP, after, after_error, later, snapshot
from tui.domain.errors import Unauthorised
from tui.domain.snapshot import Traffic
from tui.ui.rendering.status_bar import access_problem, link_warning, refresh_note

WAITING = after("PENDING")
ENDED = after("SUCCESS", "SUCCESS")


def standing(link, *jobs, next_s=None, **facts):
    traffic = Traffic(next_at=None if next_s is None else at(next_s))
    return replace(snapshot(*(jobs or (WAITING,)), link=link, **facts), traffic=traffic)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        pytest.param(standing(UP), "", id="up"),
        pytest.param(standing(UNAUTHORIZED, next_s=90), "NOT AUTHORISED, next try 0:31", id="refused"),
        pytest.param(standing(UNAUTHORIZED), "NOT AUTHORISED, trying", id="refused-under-way"),
        pytest.param(standing(UNAUTHORIZED, is_paused=True), "NOT AUTHORISED", id="refused-in-a-pause"),
        pytest.param(standing(THROTTLED, next_s=90), "THROTTLED 0:31", id="silence"),
        pytest.param(standing(THROTTLED, next_s=120), "THROTTLED 0:31", id="silence-and-longer"),
        pytest.param(standing(THROTTLED, next_s=120, is_paused=True), "THROTTLED 0:31", id="silence-in-a-pause"),
        pytest.param(
            standing(OFFLINE, next_s=90), "OFFLINE, next try 0:31", id="nobody-due-when-the-link-would-allow-it"
        ),
        pytest.param(standing(OFFLINE, next_s=59.5), "OFFLINE, next try 0:01", id="less-than-a-second"),
        pytest.param(standing(OFFLINE, next_s=30), "OFFLINE, trying", id="due-a-moment-ago"),
        pytest.param(standing(OFFLINE), "OFFLINE, trying", id="under-way"),
        pytest.param(standing(replace(OFFLINE, until=None), next_s=0), "OFFLINE, trying", id="a-person-asked"),
        pytest.param(standing(OFFLINE, is_paused=True), "OFFLINE", id="pause"),
        pytest.param(standing(OFFLINE, ENDED), "OFFLINE", id="nothing-to-ask"),
    ],
)
def test_link_warning_after_a_minute(facts, says):
    assert link_warning(facts, later(LOOK, 59).now) == says


def test_silence_that_is_over_is_called_none():
    now = later(LOOK, 95).now

    assert link_warning(standing(THROTTLED, next_s=100), now) == "THROTTLED, next try 0:05"
    assert link_warning(standing(THROTTLED, next_s=90), now) == "THROTTLED, trying"


# what r says


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        pytest.param(standing(UP), "requesting 2 jobs", id="up"),
        pytest.param(standing(OFFLINE, next_s=60), "requesting 2 jobs", id="offline"),
        pytest.param(standing(UP, is_paused=True), "paused: p resumes polling", id="paused"),
        pytest.param(
            standing(THROTTLED, next_s=90),
            "requesting 2 jobs in 0:31, when the rate limit is over",
            id="silence",
        ),
        pytest.param(
            standing(THROTTLED, next_s=90, is_paused=True), "paused: p resumes polling", id="paused-in-a-silence"
        ),
    ],
)
def test_refresh_says_what_it_waits_for(facts, says):
    assert refresh_note(facts, 2, later(LOOK, 59).now) == says


# access


EXPIRED = "the token expired; renew it; then press R to try at once (not authorised by api.test, HTTP 401)"


@pytest.mark.parametrize(
    ("link", "known_before", "says"),
    [
        pytest.param(UP, None, None, id="none"),
        pytest.param(UP, "no token", "no token; then press R to try again", id="known-before"),
        pytest.param(UNAUTHORIZED, None, EXPIRED, id="refused"),
        pytest.param(UNAUTHORIZED, "no token", EXPIRED, id="the-answer-counts"),
        pytest.param(OFFLINE, None, None, id="offline"),
    ],
)
def test_access_problem(link, known_before, says):
    assert access_problem(link, known_before) == says


def test_correlation_comes_last():
    error = Unauthorised("expired", remedy="renew it", host="api.test", correlation_id="7f3a", http_status=401)

    told = access_problem(after_error(error), None)

    assert (
        told
        == "expired; renew it; then press R to try at once (not authorised by api.test, HTTP 401, correlation 7f3a)"
    )


def test_nobody_is_told_to_renew_what_a_running_process_cannot_read():
    told = access_problem(UNAUTHORIZED, None, is_token_fixed=True)

    assert told == (
        "the token expired; start again with a new KIBO_ACCESS_TOKEN, or use --token-file or --token-command"
        "; R retries this one (not authorised by api.test, HTTP 401)"
    )
    assert access_problem(UP, "no token; set it", is_token_fixed=True) == "no token; set it; then start again"


def test_token_that_is_good_but_may_not_read_is_no_reason_to_start_again():
    forbidden = Unauthorised("may not read", remedy="ask for it", host="api.test", http_status=403)

    told = access_problem(after_error(forbidden), None, is_token_fixed=True)

    assert told == "may not read; ask for it; then press R to try at once (not authorised by api.test, HTTP 403)"
