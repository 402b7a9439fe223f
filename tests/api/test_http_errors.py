from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tui.api.http_errors import Subject, error_for, retry_after_s
from tui.api.reply import Reply

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SUBJECT = Subject("job 7", "check the id")
SECRET = SecretStr("tok-0123456789abcdef")


def reply(status=200, body=b"", *, reason="", **headers):
    return Reply(status, reason, httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}), body, (SECRET,))


def error_of(given):
    return error_for(given, SUBJECT, host="queue.test", now=NOW, refusal=("the token was refused", "renew it"))


@pytest.mark.parametrize(
    ("value", "silence_s"),
    [
        ("7", 7), (" 60 ", 60), ("0", 1), ("000120", 120), ("901", 900), ("1000000000", 900), ("9" * 5_000, 900),
        ("Mon, 23 Nov 2026 09:30:42 GMT", 42), ("Mon, 23 Nov 2026 10:30:20 +0100", 20), ("Mon, 23 Nov 2026 09:00:00 GMT", 1), ("Fri, 31 Dec 2027 00:00:00 GMT", 900),
        ("-5", 30), ("nan", 30), ("inf", 30), ("1e9", 30), ("7.5", 30), ("", 30), (None, 30), ("soon", 30), ("\u0667", 30),
        ("Fri, 01 Jan 1960 00:00:00 GMT", 30), ("Fri, 31 Dec 9999 23:59:59 -2359", 30),
    ],
)  # fmt: skip
def test_retry_after(value, silence_s):
    assert retry_after_s(value, NOW) == silence_s


@given(st.text() | st.none() | st.integers().map(str) | st.floats().map(str))
def test_any_retry_after_is_between_1_and_900_s(value):
    assert 1 <= retry_after_s(value, NOW) <= 900


def test_a_retry_after_date_counts_from_the_servers_own_clock():
    limited = reply(429, retry_after="Mon, 23 Nov 2026 12:00:50 GMT", date="Mon, 23 Nov 2026 12:00:00 GMT")

    assert error_of(limited).retry_after_s == 50


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, "bad_answer", "the server refused the request: no such type"),
        (401, "unauthorised", "the token was refused"),
        (403, "unauthorised", "the token is valid but may not read"),
        (404, "not_found", "job 7 does not exist"),
        (409, "bad_answer", "the server refused the request: no such type"),
        (410, "not_found", "job 7 is gone"),
        (422, "bad_answer", "the server refused the request: no such type"),
        (429, "rate_limited", "too many requests"),
        (500, "server", "the server failed: no such type"),
        (502, "server", "the server failed: no such type"),
        (503, "rate_limited", "the server is overloaded"),
        (599, "server", "the server failed: no such type"),
    ],
)
def test_each_status_has_its_kind_and_words(status, kind, words):
    error = error_of(reply(status, b'{"message": "no such type", "correlationId": "c0ffee"}'))

    assert (error.kind, error.http_status, error.correlation_id) == (kind, status, "c0ffee")
    assert error.message.startswith(words)


@pytest.mark.parametrize(
    ("body", "words"),
    [
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
    error = error_of(reply(status, b'{"message": "bad Bearer %s"}' % repeated.encode(), x_vol_correlation=repeated, reason=repeated))

    assert repeated not in str(error)
    assert error.correlation_id == "[secret]"


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
