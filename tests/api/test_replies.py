from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tui.api import replies
from tui.api.errors import BadAnswer
from tui.api.replies import Question, Reply, retry_after_s

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
QUESTION = Question("job 7", "check the id")
SECRET = SecretStr("tok-0123456789abcdef")


def reply(status=200, body=b"", *, reason="", **headers):
    return Reply(status, reason, httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}), body, (SECRET,))


def error_of(given):
    return replies.error_for(given, QUESTION, host="queue.test", now=NOW, refusal=("the token was refused", "renew it"))


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
    ("date", "moment"), [("Mon, 23 Nov 2026 09:30:00 GMT", NOW), ("", None), ("junk", None), ("Fri, 01 Jan 1960 00:00:00 GMT", None)]
)
def test_server_time(date, moment):
    assert reply(date=date).server_time == moment


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the answer is empty"),
        (b" \n", "the answer is empty"),
        (b"\xef\xbb\xbf{}", "the answer begins with a byte order mark"),
        (b"\xff\xfe{\x00}\x00", "the answer begins with a byte order mark"),
        (b"\n <!doctype html>", "the answer is HTML, not JSON"),
        (b'{"jobID": 1', "the answer is cut short"),
        (b"{} {}", "the answer is not JSON: trailing characters"),
        (b"[" * 500, "the answer is not JSON: recursion limit exceeded"),
        (b'{"itemCount": %s}' % (b"9" * 5_000), "the answer is not JSON: number out of range"),
        (b"OK", "the answer is not JSON: "),
    ],
    ids=["empty", "blank", "bom-8", "bom-16", "html", "cut", "trailing", "deep", "5000-digits", "text"],
)  # fmt: skip
def test_what_is_no_json_has_a_cause_in_words(body, words):
    with pytest.raises(BadAnswer) as caught:
        replies.value_in(reply(body=body, x_vol_correlation="c0ffee"))

    assert caught.value.message.startswith(words)
    assert caught.value.correlation_id == "c0ffee"


@pytest.mark.parametrize("status", [202, 204, 206])
def test_a_success_without_content_is_no_answer(status):
    with pytest.raises(BadAnswer, match=f"answered without content; check --api-host.* .HTTP {status}"):
        replies.value_in(reply(status))


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


def test_a_correlation_id_is_one_safe_short_line():
    assert error_of(reply(500, x_vol_correlation="\x1b[c" + "x" * 99)).correlation_id == r"\x1b[c" + "x" * 74


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
