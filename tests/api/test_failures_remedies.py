"""Every error says what to do (tui/scripts/README.md, Output), once, and keeps it apart from what failed."""

import errno
import json
import os
import socket
import ssl
from datetime import UTC, datetime

import httpx
import pytest

from tui.api import failures as faults
from tui.api.auth.rejection import TokenRejection
from tui.api.failures import Subject, status_error
from tui.api.proxy import Proxy
from tui.api.raw_response import RawResponse
from tui.domain.errors import AnswerTooLarge, ApiError, BadAnswer, RateLimited
from tui.domain.job_source import JobQuery

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
URL = httpx.URL("https://queue.test")
SUBJECT = Subject("job 7", "check the id, the tenant and the site")
PLACE, AUTHORITY = (
    "check --api-host, and that no proxy or login page answers instead of the API",
    "pass its file by --ca-file",
)
GATEWAY = "check --api-host and the path in it; if they are right, wait until the API is back"
ADVICE = (
    "check ",
    "try ",
    "give ",
    "ask ",
    "wait ",
    "renew ",
    "raise ",
    "leave ",
    "pass ",
    "use ",
    "set ",
    "run ",
    "see ",
    "unlock ",
    "put ",
)


def is_well_worded(error):
    """Whether what failed and what to do are both there, neither in the other."""
    what, remedy, text = error.message, error.remedy, str(error)
    tells_twice = text.count(remedy) != 1 or text.count(what) != 1 or any(f"; {word}" in what for word in ADVICE)
    return bool(what and remedy) and f"{what}; {remedy}" in text and not tells_twice and text.isprintable()


def reply(status, body=b"", **headers):
    return RawResponse(status, "", httpx.Headers({"x-vol-correlation": "7f3a", **headers}), body)


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (302, PLACE),
        (400, "check the id, the tenant and the site"),
        (401, "renew the token"),
        (403, "check the tenant, and what the token may read"),
        (404, "check the id and the tenant"),
        (405, "try again; if it persists, give support the correlation id"),
        (409, "check the id, the tenant and the site"),
        (410, "leave it out"),
        (422, "check the id, the tenant and the site"),
        (429, "wait 7 s, and send fewer requests: all sandbox tenants share one limit"),
        (500, "try again later, and give support the correlation id"),
        (502, "try again later, and give support the correlation id"),
        (503, "wait 7 s; if it persists, give support the correlation id"),
    ],
)
def test_each_status_says_what_to_do(status, remedy):
    refused = reply(
        status, b'{"error": "Why", "message": "Because"}', **{"retry-after": "7"} if status in {429, 503} else {}
    )

    error = status_error(
        refused, SUBJECT, host="queue.test", now=NOW, refusal=TokenRejection("the token expired", "renew it")
    )

    assert is_well_worded(error)
    assert error.remedy == remedy
    evidence = f"(HTTP {status}, correlation 7f3a)"
    assert (
        str(error).startswith(f"not authorised by queue.test {evidence}: ")
        if status in {401, 403}
        else str(error).endswith(f" {evidence}")
    )


MANAGER = "ask who manages the tenant at Kibo"


@pytest.mark.parametrize(
    ("status", "words", "remedy"),
    [
        *((status, "Backend overloaded", "try again later") for status in (400, 403, 404, 405, 409, 410, 418, 422)),
        *((status, "Tenant suspended", MANAGER) for status in (400, 401, 403, 404, 405, 409, 422, 500, 503)),
        (409, "The index is being rebuilt", "try again later"),
        (405, "The account 4711 has been disabled", MANAGER),
        (403, "Application does not have the required behavior", "ask for that permission, or check the tenant"),
        (403, "Forbidden", "ask for that permission, or check the tenant"),
        (403, "", "ask for that permission, or check the tenant"),
        (403, "Blocked by policy 7", "check the tenant, and what the token may read"),
        (400, "limit is too large", "check the id, the tenant and the site"),
        (418, "I cannot brew", "try again; if it persists, give support the correlation id"),
    ],
)
def test_the_remedy_fits_what_the_api_says(status, words, remedy):
    refused = reply(status, json.dumps({"message": words, "errorCode": "X"} if words else {}).encode())

    error = status_error(
        refused, SUBJECT, host="queue.test", now=NOW, refusal=TokenRejection("the token expired", "renew it")
    )

    assert is_well_worded(error)
    assert error.remedy == remedy


def test_a_page_in_the_apis_place_still_says_what_to_check():
    error = status_error(reply(405, b"<html><title>Not Allowed</title></html>"), SUBJECT, host="queue.test", now=NOW)

    assert error.remedy == PLACE


@pytest.mark.parametrize("status", [500, 503])
def test_no_correlation_id_is_asked_for_where_none_came(status):
    error = status_error(RawResponse(status, "", httpx.Headers(), b""), SUBJECT, host="queue.test", now=NOW)

    assert error.remedy.endswith("tell support when it happened")


@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        (b"", PLACE),
        (b"<html>", PLACE),
        (b"\xef\xbb\xbf{}", PLACE),
        (b"OK", PLACE),
        (b'{"jobID": 1', "try again; if it persists, ask who runs the server or the proxy"),
    ],
    ids=["empty", "html", "bom", "text", "cut"],
)
def test_what_is_no_json_says_what_to_do(body, remedy):
    with pytest.raises(BadAnswer) as caught:
        reply(200, body).json()

    assert is_well_worded(caught.value)
    assert caught.value.remedy == remedy


def after(failure, cause):
    failure.__cause__ = cause
    return failure


def unverified(code, text=""):
    error = ssl.SSLCertVerificationError(1, text)
    error.verify_code, error.verify_message = code, text
    return after(httpx.ConnectError(""), error)


def unencrypted(reason):
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return after(httpx.ConnectError(""), error)


def unconnected(number):
    return after(httpx.ConnectError(""), OSError(number, os.strerror(number)))


NETWORK = "try again; if it persists, ask who runs the network or the proxy"
FAILURES = {
    "header": (httpx.LocalProtocolError(""), "check token, tenant and site for odd characters"),
    "redirect": (httpx.InvalidURL(""), PLACE),
    "location": (httpx.RemoteProtocolError("Invalid URL in location header"), PLACE),
    "proxy": (httpx.ProxyError("403 no"), "check HTTPS_PROXY"),
    "connect-timeout": (httpx.ConnectTimeout(""), "check the address, VPN and proxy, or raise --connect-timeout"),
    "read-timeout": (httpx.ReadTimeout(""), "try again later, or raise --read-timeout"),
    "write-timeout": (httpx.WriteTimeout(""), NETWORK),
    "pool-timeout": (httpx.PoolTimeout(""), NETWORK),
    "closed": (httpx.RemoteProtocolError("Server disconnected without sending a response."), NETWORK),
    "cut": (httpx.RemoteProtocolError("peer closed connection (incomplete chunked read)"), NETWORK),
    "garbage": (httpx.RemoteProtocolError("illegal status line"), "check the port and that https is right"),
    "dns": (
        after(httpx.ConnectError(""), socket.gaierror(socket.EAI_NONAME, "")),
        "check the spelling, the network and its DNS",
    ),
    "refused": (unconnected(errno.ECONNREFUSED), "check the address, and that the server runs there"),
    "reset": (unconnected(errno.ECONNRESET), NETWORK),
    "unreachable": (unconnected(errno.ENETUNREACH), NETWORK),
    "no-tls": (unencrypted("WRONG_VERSION_NUMBER"), "check the port, and that https is right"),
    "tls-failed": (unencrypted("NO_SHARED_CIPHER"), "check that it speaks https on this port"),
    "wrong-host": (unverified(62), "check the address of the host"),
    "expired": (unverified(10), "the server must renew it, or this machine's clock is wrong"),
    "not-yet": (unverified(9), "check this machine's clock"),
    "self-signed": (unverified(18), AUTHORITY),
    "untrusted": (
        unverified(24, "invalid CA"),
        "ask who runs the server, or pass the file of its authority by --ca-file",
    ),
}


@pytest.mark.parametrize(("failure", "remedy"), FAILURES.values(), ids=FAILURES)
def test_each_broken_connection_says_what_to_do(failure, remedy):
    error = faults.connection_error(failure, URL)

    assert is_well_worded(error)
    assert error.remedy == remedy


@pytest.mark.parametrize("name", ["connect-timeout", "dns", "refused", "unreachable"])
def test_a_proxy_that_cannot_be_reached_is_what_to_check(name):
    error = faults.proxied_connection_error(Proxy("http", "proxy.test", 3128, "HTTPS_PROXY"), FAILURES[name][0], URL)

    assert is_well_worded(error)
    assert error.remedy == "check HTTPS_PROXY, and that the proxy runs there"


@pytest.mark.parametrize(
    ("ask", "answer", "remedy"),
    [
        (lambda client: client.job(7), (200, {"tenantID": 999}), "check --tenant, --site and --api-host"),
        (lambda client: client.job(7), (200, {"jobID": 8}), PLACE),
        (lambda client: client.job(7), (200, []), PLACE),
        (lambda client: client.job(7), (400, {}), "check the id, the tenant and the site"),
        (lambda client: client.jobs(JobQuery()), (400, {}), "check the tenant and the site"),
        (lambda client: client.jobs(JobQuery(owner="x")), (422, {}), "check the filter values"),
        (
            lambda client: client.jobs(JobQuery()),
            (410, {"error": "Gone", "message": "List"}),
            "request each job by its id",
        ),
        (lambda client: client.jobs(JobQuery()), (410, {}), GATEWAY),
        (lambda client: client.job(7), (404, {}), GATEWAY),
        (lambda client: client.jobs(JobQuery()), (200, {}), PLACE),
        (lambda client: client.job(7), (200, {"message": "Backend overloaded"}), "try again later"),
        (lambda client: client.jobs(JobQuery()), (200, {"errorMessage": "Tenant suspended"}), MANAGER),
        (
            lambda client: client.job(7),
            (200, {"message": "Odd"}),
            "try again; if it persists, tell support when it happened",
        ),
        (
            lambda client: client.job(7),
            (200, {"success": False, "messages": ["Job Not Found"]}),
            "check the id, the tenant and the site",
        ),
    ],
    ids=[
        "foreign",
        "other",
        "array",
        "refused",
        "list-refused",
        "filter-refused",
        "list-gone",
        "list-nowhere",
        "nowhere",
        "object",
        "overloaded",
        "suspended",
        "odd",
        "not-found",
    ],
)
async def test_each_answer_that_cannot_be_used_says_what_to_do(client_for, ask, answer, remedy):
    status, body = answer
    client = client_for(
        "https://queue.test", transport=httpx.MockTransport(lambda _: httpx.Response(status, json=body)), tenant="1"
    )

    with pytest.raises(ApiError) as caught:
        await ask(client)

    assert is_well_worded(caught.value)
    assert caught.value.remedy == remedy


@pytest.mark.parametrize("kind", [*ApiError.__subclasses__(), AnswerTooLarge], ids=lambda kind: kind.__name__)
def test_each_kind_has_something_to_do_by_itself(kind):
    facts = {"retry_after_s": 7.0} if kind is RateLimited else {}

    assert is_well_worded(kind("x.test broke", **facts))
