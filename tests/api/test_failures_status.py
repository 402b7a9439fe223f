from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tui.api.auth.rejection import TokenRejection
from tui.api.failures import (
    LONGEST_PAUSE_S,
    SHORTEST_PAUSE_S,
    USUAL_PAUSE_S,
    Subject,
    retry_after_s,
    status_error,
)
from tui.api.raw_response import RawResponse
from tui.api.response_cache import LIMIT_BYTES
from tui.api.server_words import LARGEST_EXPLANATION
from tui.api.transport import KEPT_OPEN_S, LARGEST_DECODED, LARGEST_RAW, MOST_REQUESTS, TOTAL_S
from tui.core.redaction import SHORTEST_SECRET
from tui.domain.job import LARGEST_ID
from tui.domain.job_source import DEFAULT_LIMIT

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SUBJECT = Subject("job 7", "check the id")
SECRET = SecretStr("tok-0123456789abcdef")


def reply(status=200, body=b"", *, reason="", **headers):
    return RawResponse(
        status,
        reason,
        httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}),
        body,
        (SECRET,),
    )


def error_of(given):
    return status_error(
        given,
        SUBJECT,
        host="queue.test",
        now=NOW,
        refusal=TokenRejection("the token was rejected", "renew it"),
        url="https://queue.test/api/queue/7",
    )


@pytest.mark.parametrize(
    ("value", "pause_s"),
    [
        ("7", 7), (" 60 ", 60), ("0", 1), ("000120", 120), ("901", 900), ("1000000000", 900), ("9" * 5_000, 900),
        ("Mon, 23 Nov 2026 09:30:42 GMT", 42), ("Mon, 23 Nov 2026 10:30:20 +0100", 20), ("Mon, 23 Nov 2026 09:00:00 GMT", 1), ("Fri, 31 Dec 2027 00:00:00 GMT", 900),
        ("-5", None), ("nan", None), ("inf", None), ("1e9", None), ("7.5", None), ("", None), (None, None), ("soon", None),
        ("\u0667", None), ("Fri, 01 Jan 1960 00:00:00 GMT", None), ("Fri, 31 Dec 9999 23:59:59 -2359", None),
    ],
)  # fmt: skip
def test_retry_after(value, pause_s):
    assert retry_after_s(value, NOW) == pause_s


@given(st.text() | st.none() | st.integers().map(str) | st.floats().map(str))
def test_any_retry_after_is_between_1_and_900_s(value):
    pause_s = retry_after_s(value, NOW)

    assert pause_s is None or 1 <= pause_s <= 900


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
@pytest.mark.parametrize(("value", "pause_s"), [("7", 7), (None, None), ("soon", None)])
def test_a_server_that_failed_is_left_alone_only_as_long_as_it_says(status, value, pause_s):
    error = error_of(reply(status, **({} if value is None else {"retry_after": value})))

    assert (error.kind, error.retry_after_s) == ("server", pause_s)


@pytest.mark.parametrize(("value", "pause_s"), [("7", 7), (None, 30), ("soon", 30)])
def test_too_many_requests_are_followed_by_silence_in_any_case(value, pause_s):
    error = error_of(reply(429, **({} if value is None else {"retry_after": value})))

    assert (error.kind, error.retry_after_s) == ("rate_limited", pause_s)


def test_a_retry_after_date_counts_from_the_servers_own_clock():
    limited = reply(429, retry_after="Mon, 23 Nov 2026 12:00:50 GMT", date="Mon, 23 Nov 2026 12:00:00 GMT")

    assert error_of(limited).retry_after_s == 50


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, "bad_answer", "the server refused the request: no such type"),
        (401, "unauthorised", "no such type"),
        (403, "unauthorised", "no such type"),
        (404, "not_found", "job 7 does not exist"),
        (409, "bad_answer", "the server refused the request: no such type"),
        (410, "not_found", "job 7 is gone"),
        (422, "bad_answer", "the server refused the request: no such type"),
        (429, "rate_limited", "too many requests"),
        (500, "server", "the server failed: no such type"),
        (502, "server", "the server failed: no such type"),
        (503, "server", "the server is overloaded or in maintenance: no such type"),
        (599, "server", "the server failed: no such type"),
    ],
)
def test_each_status_has_its_kind_and_words(status, kind, words):
    error = error_of(reply(status, b'{"error": "x", "message": "no such type", "correlationId": "c0ffee"}'))

    assert (error.kind, error.http_status, error.correlation_id) == (kind, status, "c0ffee")
    assert error.message.startswith(words)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"errorMessage": "Tenant suspended"}', "Tenant suspended"),
        (b'{"error": "bad \\u001b[2J thing\\nagain"}', r"bad \x1b[2J thing again"),
        (b'{"message": 5, "error": "e"}', "e"),
        (b'{"message": " ", "error": null}', "Why Not"),
        (b"<html>", "Why Not"),
        (b"[]", "Why Not"),
        (b'{"message"', "Why Not"),
        (b'{"message": "%s"}' % (b"x" * 500), "x" * 200),
    ],
)
def test_the_servers_own_words_are_one_safe_short_line(body, words):
    assert error_of(reply(400, body, reason="Why Not")).message == f"the server refused the request: {words}"


@pytest.mark.parametrize("repeated", ["tok-0123456789abcdef", "eyJhbGciOiJI.eyJzdWIi.c2ln"])
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_token_that_the_server_repeats_is_cut_out(status, repeated):
    error = error_of(
        reply(status, b'{"message": "bad Bearer %s"}' % repeated.encode(), x_vol_correlation=repeated, reason=repeated)
    )

    assert repeated not in str(error)
    assert error.correlation_id == "[secret]"


JOB_NOT_FOUND = b'{"error": "Job Not Found", "message": "Job 7 is not in the queue"}'


def test_only_the_apis_own_words_say_that_there_is_no_such_job():
    assert error_of(reply(404, JOB_NOT_FOUND)).kind == "not_found"
    assert error_of(reply(410, JOB_NOT_FOUND)).kind == "not_found"


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", ""),
        (b"default backend - 404", ": default backend - 404"),
        (b"404 page not found\n", ": 404 page not found"),
        (
            b"<html><head><title>404 Not\n Found</title></head><body>nginx tok-0123456789abcdef</body></html>",
            ": 404 Not Found",
        ),
        (b'{"message": "Item not found", "errorCode": "ITEM_NOT_FOUND"}', ": Item not found"),
        (b'["Job Not Found", 7]', ": Job Not Found"),
    ],
)
def test_any_other_404_is_an_outage_that_names_the_address_and_the_remedy(status, body, words):
    error = error_of(reply(status, body, x_vol_correlation="c0ffee"))

    assert str(error) == (
        f"not the API but something in front of it answers at https://queue.test/api/queue/7{words}; "
        f"check --api-host and the path in it; if they are right, wait until the API is back (HTTP {status}, correlation c0ffee)"
    )
    assert (error.kind, error.retry_after_s) == ("server", None)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (
            401,
            b'{"message": "Unauthorized: app is not enabled on tenant 4711"}',
            "Unauthorized: app is not enabled on tenant 4711",
        ),
        (401, b'{"message": "Unauthorized"}', "Unauthorized: the token was rejected"),
        (401, b"<title>401 Unauthorized</title>", "401 Unauthorized: the token was rejected"),
        (401, b"", "the token was rejected"),
        (
            403,
            b'{"errorCode": "INVALID_ACCESS_TOKEN", "message": "Application does not have the required behavior: Inventory Read"}',
            "Application does not have the required behavior: Inventory Read",
        ),
        (403, b"<html><title>Forbidden</title>", "Forbidden: the token is valid but may not read the inventory queue"),
        (403, b"", "the token is valid but may not read the inventory queue"),
    ],
)
def test_a_refusal_says_the_servers_words_first(status, body, message):
    assert error_of(reply(status, body)).message == message


def test_a_token_that_has_expired_is_said_behind_the_servers_words():
    expired = TokenRejection("the token expired 3 min ago", "renew it", is_known=True)
    refused = reply(401, b'{"message": "Invalid access token"}')

    error = status_error(refused, SUBJECT, host="queue.test", now=NOW, refusal=expired)

    assert (
        str(error)
        == "not authorised by queue.test (HTTP 401): Invalid access token: the token expired 3 min ago; renew it"
    )


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://evil.example:8443/x", "redirects to evil.example:8443: refused"),
        ("https://user:pw@evil.example/", "redirects to evil.example: refused"),
        ("//evil.example", "redirects to evil.example: refused"),
        ("//" + "x" * 70 + "tok-0123456789abcdef", "redirects to " + "x" * 70 + "[secret]: refused"),
        ("/login", "redirects to another path of the same host: refused"),
        ("http://[bad", "redirects to an unreadable address: refused"),
        ("", "redirects without saying where: refused"),
    ],
)
def test_a_redirect_is_named_by_its_host(location, words):
    assert error_of(reply(302, location=location)).message == words


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_date_without_a_date_header_counts_from_our_own_clock(status):
    assert error_of(reply(status, retry_after="Mon, 23 Nov 2026 09:30:50 GMT")).retry_after_s == 50


def test_a_retry_after_date_of_a_5xx_counts_from_the_servers_own_clock():
    failed = reply(503, retry_after="Mon, 23 Nov 2026 12:00:50 GMT", date="Mon, 23 Nov 2026 12:00:00 GMT")

    assert error_of(failed).retry_after_s == 50


def test_limits_of_the_client():
    """Tests use most of these by name; here stands what each is."""
    assert {
        "bytes of a compressed body": LARGEST_RAW,
        "bytes of a body": LARGEST_DECODED,
        "bytes of an error's body that are read": LARGEST_EXPLANATION,
        "bytes of answers that are remembered": LIMIT_BYTES,
        "connections": MOST_REQUESTS,
        "seconds that a connection is kept open": KEPT_OPEN_S,
        "seconds of one request": TOTAL_S,
        "seconds of silence": (SHORTEST_PAUSE_S, LONGEST_PAUSE_S, USUAL_PAUSE_S),
        "jobs of a list without a limit": DEFAULT_LIMIT,
        "characters of the shortest secret that is cut out": SHORTEST_SECRET,
        "largest id": LARGEST_ID,
    } == {
        "bytes of a compressed body": 1_000_000,
        "bytes of a body": 5_000_000,
        "bytes of an error's body that are read": 65_536,
        "bytes of answers that are remembered": 8_000_000,
        "connections": 10,
        "seconds that a connection is kept open": 60,
        "seconds of one request": 15.0,
        "seconds of silence": (1.0, 900.0, 30.0),
        "jobs of a list without a limit": 100,
        "characters of the shortest secret that is cut out": 8,
        "largest id": 9_223_372_036_854_775_807,
    }
