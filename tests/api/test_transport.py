"""What only a socket shows: refusals, resets, stale connections, slow and endless answers, certificates, cancelling."""

import asyncio
import gc
import random
import socket
import traceback
import tracemalloc
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import TOKEN
from tests.support.raw_server import Asked, Dripped, Held, RawServer, Reset, Sent, answer, gzip_bomb
from tui.api.auth.static_token import FixedToken
from tui.core.errors import ConfigError
from tui.domain.errors import ApiError, BadAnswer, RateLimited, ServerFault, Unreachable
from tui.domain.job_source import JobQuery

TLS = Path(__file__).parents[1] / "data" / "tls"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
ENDLESS_HEAD = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_an_answer_over_a_real_socket(client_for):
    async with RawServer([Asked(), Sent(answer())]) as server:
        assert (await client_for(server.url).job(1)).value.job_id == 1

    assert b"GET /api/commerce/inventory/v1/queue/1 HTTP/1.1" in server.requests[0]
    assert b"Authorization: Bearer " + TOKEN.encode() in server.requests[0]


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        ([Asked()], Unreachable, "closed the connection before answering"),
        ([Asked(), Reset()], Unreachable, "reset the connection"),
        ([Asked(), Sent(HEAD + b"{"), Reset()], Unreachable, "reset the connection|during its response"),
        ([Asked(), Sent(HEAD + b"{")], Unreachable, "closed the connection during its response"),
        ([Asked(), Sent(CHUNKED + b"5\r\n{")], Unreachable, "closed the connection during its response"),
        ([Asked(), Sent(HEAD[:20])], Unreachable, "closed the connection before answering|in the middle"),
        ([Asked(), Sent(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")], BadAnswer, "does not answer in HTTP"),
        ([Asked(), Sent(CHUNKED + b"zz\r\n")], BadAnswer, "does not answer in HTTP"),
        ([Asked(), Sent(answer(b"<html>"))], BadAnswer, "the response is HTML"),
        ([Asked(), Sent(answer(status="302 Found", headers=[b"Location: https://x:port"]))], BadAnswer, "redirects to an unreadable address: refused"),
    ],
    ids=["close", "reset", "reset-in-body", "close-in-body", "close-in-chunk", "close-in-headers", "garbage", "garbage-chunk", "html", "bad-redirect"],
)  # fmt: skip
async def test_a_broken_connection_has_a_cause_in_words(client_for, script, kind, words):
    async with RawServer(script) as server:
        with pytest.raises(kind, match=words):
            await client_for(server.url).job(1)

        assert server.connections == 1


async def test_refused(client_for):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

        with pytest.raises(Unreachable, match=f"127.0.0.1:{port} refused the connection"):
            await client_for(f"http://127.0.0.1:{port}").job(1)


async def test_an_unknown_name_cannot_be_resolved(client_for):
    with pytest.raises(Unreachable, match=r"cannot resolve no-such-host\.invalid"):
        await client_for("http://no-such-host.invalid").job(1)


async def test_a_stale_connection_is_invisible(client_for):
    async with RawServer([Asked(), Sent(answer()), Asked()], [Asked(), Sent(answer())]) as server:
        client = client_for(server.url)
        await client.job(1)

        assert (await client.job(1)).value.job_id == 1
        assert (server.connections, len(server.requests)) == (2, 3)


async def test_a_stale_connection_that_is_reset_is_invisible(client_for):
    async with RawServer([Asked(), Sent(answer()), Asked(), Reset()], [Asked(), Sent(answer())]) as server:
        client = client_for(server.url)
        await client.job(1)

        assert (await client.job(1)).value.job_id == 1


async def test_a_fresh_connection_after_a_stale_one_is_the_last_try(client_for):
    async with RawServer([Asked(), Sent(answer()), Asked()], [Asked()]) as server:
        client = client_for(server.url)
        await client.job(1)

        with pytest.raises(Unreachable, match="before answering"):
            await client.job(1)

        assert server.connections == 2


async def test_every_second_try_opens_a_connection_of_its_own(client_for):
    stale = [Asked(), Sent(answer()), Asked()]
    async with RawServer(stale, stale, stale, stale) as server:
        client = client_for(server.url)

        assert [(await client.job(1)).value.job_id for _ in range(4)] == [1] * 4
        assert server.connections == 4


async def test_connections_are_kept_open(client_for):
    async with RawServer([Asked(), Sent(answer())] * 1 + [Asked(), Sent(answer())] * 2) as server:
        client = client_for(server.url)
        for _ in range(3):
            await client.job(1)

        assert server.connections == 1


@pytest.mark.parametrize(
    ("script", "hung"),
    [
        ([Held()], "no first byte came"),
        ([Asked(), Held()], "no first byte came"),
        ([Asked(), Sent(HEAD), Held()], "the response did not end"),
        ([Asked(), Dripped(ENDLESS_HEAD)], "no first byte came"),
        ([Asked(), Sent(HEAD), Dripped(b" " * 1000)], "the response did not end"),
    ],
    ids=["silence", "no-answer", "no-body", "headers-drip", "body-drips"],
)
async def test_a_slow_answer_ends_at_the_deadline(client_for, script, hung):
    loop = asyncio.get_running_loop()
    async with RawServer(script) as server:
        client = client_for(server.url, total_s=0.3)
        start_s = loop.time()

        with pytest.raises(Unreachable, match=rf"no complete response within 0.3 s: {hung};"):
            await client.job(1)

        assert loop.time() - start_s < 1


async def test_a_request_that_drips_for_ever_gives_its_slot_back(client_for):
    scripts = [[Asked(), Dripped(ENDLESS_HEAD)]] * 10 + [[Asked(), Sent(answer())]]
    async with RawServer(*scripts) as server:
        client = client_for(server.url, total_s=0.3)
        errors = await asyncio.gather(*(client.job(1) for _ in range(11)), return_exceptions=True)
        remedy = "try again later: the server or the network is too slow"
        assert [str(error) for error in errors[:10]] == [
            f"no complete response within 0.3 s: no first byte came; {remedy}"
        ] * 10
        assert str(errors[10]) == f"no free connection (all 10 are waiting for responses) within 0.3 s; {remedy}"

        await asyncio.gather(*client._api.transport._running)

        assert (await client.job(1)).value.job_id == 1


@pytest.mark.parametrize(
    ("script", "hung"),
    [([Held()], "the first byte"), ([Sent(HEAD), Held()], "the rest")],
    ids=["no first byte", "no body"],
)
async def test_a_read_timeout_names_what_is_missing(client_for, script, hung):
    async with RawServer([Asked(), *script]) as server:
        with pytest.raises(Unreachable, match=rf"timed out waiting for {hung} of the response of 127\.0\.0\.1"):
            await client_for(server.url, read_timeout_s=0.1).job(1)


async def test_a_tls_handshake_that_hangs_is_named(client_for):
    async with RawServer([Held()]) as server:
        with pytest.raises(Unreachable, match=r"timed out in the TLS handshake with 127\.0\.0\.1"):
            await client_for(server.url.replace("http:", "https:"), connect_timeout_s=0.2).job(1)


async def test_a_dripping_error_body_does_not_hide_the_status(client_for):
    async with RawServer(
        [Asked(), Sent(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 1000\r\n\r\n"), Dripped(b" " * 1000)]
    ) as server:
        with pytest.raises(RateLimited) as caught:
            await client_for(server.url, total_s=1).job(1)

    assert caught.value.retry_after_s == 7


async def test_an_error_body_cut_by_a_reset_does_not_hide_the_status(client_for):
    async with RawServer(
        [Asked(), Sent(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 1000\r\n\r\n{"), Reset()]
    ) as server:
        with pytest.raises((ServerFault, Unreachable)) as caught:
            await client_for(server.url).job(1)

    assert (type(caught.value), caught.value.retry_after_s) == (ServerFault, 7)


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Encoding: gzip\r\n\r\n" + gzip_bomb(),
        b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b" " * 0xFFFF + b"\r\n",
    ],
    ids=["gzip-bomb", "endless-chunks"],
)
async def test_an_answer_without_end_is_cut_with_little_memory(client_for, body):
    async with RawServer(
        [
            Asked(),
            Sent(b"HTTP/1.1 200 OK\r\n" + body.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"),
            Sent(body.partition(b"\r\n\r\n")[2], times=10_000),
        ]
    ) as server:
        client = client_for(server.url)
        tracemalloc.start()
        try:
            with pytest.raises(BadAnswer, match="response too large"):
                await client.job(1)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak < 30_000_000


async def test_control_characters_of_the_reason_and_headers_are_harmless(client_for):
    script = [Asked(), Sent(answer(b"", status="500 \x1b[2J\x9bbad", headers=[b"x-vol-correlation: a\x1b]0;x\x07b"]))]
    async with RawServer(script) as server:
        with pytest.raises((ServerFault, BadAnswer)) as caught:
            await client_for(server.url).job(1)

    assert str(caught.value).isprintable()


async def test_a_redirect_sees_no_request_at_its_target(client_for):
    async with RawServer([Asked(), Sent(answer())]) as other:
        location = f"Location: {other.url}/api".encode()
        async with RawServer([Asked(), Sent(answer(status="307 Moved", headers=[location]))]) as server:
            with pytest.raises(BadAnswer, match=f"redirects to {other.url.removeprefix('http://')}: refused"):
                await client_for(server.url).job(1)

        assert other.connections == 0


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (
            "self_signed",
            "the certificate of 127.0.0.1 is self-signed or of an unknown authority; pass its file by --ca-file",
        ),
        ("expired", "the certificate of 127.0.0.1 has expired; the server must renew it"),
        ("wrong_host", "the certificate does not belong to 127.0.0.1; check the address of the host"),
    ],
)
async def test_a_bad_certificate_has_its_own_sentence_and_gets_no_token(client_for, monkeypatch, certificate, words):
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    async with RawServer([Asked(), Sent(answer())], certificate=TLS / f"{certificate}.pem") as server:
        with pytest.raises(Unreachable, match=words):
            await client_for(server.url).job(1)

    assert server.requests == []


async def test_a_private_authority_is_trusted_by_file(client_for, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    async with RawServer([Asked(), Sent(answer())], certificate=TLS / "good.pem") as server:
        assert (await client_for(server.url).job(1)).value.job_id == 1


async def test_the_authorities_of_a_file_are_trusted_and_no_others(client_for, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    async with RawServer([Asked(), Sent(answer())] * 2, certificate=TLS / "good.pem") as server:
        assert (await client_for(server.url, ca_file=TLS / "authority.pem").job(1)).value.job_id == 1
        with pytest.raises(Unreachable, match="unknown authority"):
            await client_for(server.url, ca_file=TLS / "self_signed.pem").job(1)


async def test_https_to_a_plain_server_is_named(client_for):
    async with RawServer([Sent(b"HTTP/1.1 400 no\r\n\r\n")]) as server:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+ does not speak https: it answers without TLS"):
            await client_for(server.url.replace("http:", "https:")).job(1)


async def test_callers_cancelled_at_random_moments_leave_the_pool_usable(client_for):
    moments = random.Random(7)
    async with RawServer([Asked(), Sent(answer())] * 500) as server:
        client = client_for(server.url)
        for _ in range(200):
            callers = [asyncio.create_task(client.job(1)) for _ in range(moments.randrange(1, 15))]
            for _ in range(moments.randrange(40)):
                await asyncio.sleep(0)
            for caller in callers:
                caller.cancel()
            await asyncio.gather(*callers, return_exceptions=True)

        answers = await asyncio.gather(*(client.job(1) for _ in range(30)))

    assert [given.value.job_id for given in answers] == [1] * 30


async def test_a_cancelled_caller_does_not_cancel_its_request(client_for):
    async with RawServer([Asked(), Sent(answer()), Asked(), Sent(answer())]) as server:
        client = client_for(server.url)
        caller = asyncio.create_task(client.job(1))
        await server.asked.wait()
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller

        await asyncio.gather(*client._api.transport._running)
        await client.job(1)

        assert (server.connections, len(server.requests)) == (1, 2)


async def test_the_failure_of_an_abandoned_request_is_silent(client_for):
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    async with RawServer([Asked(), Held()]) as server:
        client = client_for(server.url, read_timeout_s=0.1)
        caller = asyncio.create_task(client.job(1))
        await server.asked.wait()
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)

        await asyncio.gather(*client._api.transport._running)
    gc.collect()

    assert complaints == []


async def test_at_most_ten_requests_are_in_flight(client_for):
    in_flight, most = 0, 0

    async def slowly(request):
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        for _ in range(5):
            await asyncio.sleep(0)
        in_flight -= 1
        return httpx.Response(200, content=b"[]")

    client = client_for(transport=httpx.MockTransport(slowly))
    await asyncio.gather(*(client.jobs(JobQuery()) for _ in range(40)))

    assert most == 10


async def test_closing_ends_what_is_in_flight_at_once(client_for):
    async with RawServer([Asked(), Held()]) as server, asyncio.timeout(2):
        client = client_for(server.url)
        caller = asyncio.create_task(client.job(1))
        await server.asked.wait()

        await client.aclose()

        with pytest.raises(asyncio.CancelledError):
            await caller


@pytest.mark.parametrize(
    "script",
    [[Asked()], [Asked(), Sent(answer(status="401 No"))], [Asked(), Sent(b"junk\r\n\r\n")]],
    ids=["closed", "refused", "garbage"],
)
async def test_no_error_chain_shows_the_token(client_for, script):
    async with RawServer(script) as server:
        with pytest.raises(ApiError) as caught:
            await client_for(server.url).job(1)

    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    report = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    ours = [line for line in report.split('  File "') if line.startswith(str(Path(__file__).parents[2] / "tui"))]
    assert ours
    assert not any(TOKEN in frame for frame in ours)


class BrokenToken(FixedToken):
    """A source that checks nothing."""

    async def token(self):
        return self._given


async def test_a_header_that_cannot_be_sent_does_not_repeat_the_token(client_for):
    async with RawServer([Asked(), Sent(answer())]) as server:
        with pytest.raises(ConfigError, match="a header could not be sent") as caught:
            await client_for(server.url, tokens=BrokenToken("sec\nret", origin="X")).job(1)

    assert "ret'" not in "".join(traceback.format_exception(caught.value))
