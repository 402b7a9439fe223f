"""Servers that want to know who connects: those that say what they miss, and those that just close."""

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.support.raw_server import Asked, RawServer, Sent, answer
from tests.support.tunnel_server import TunnelServer
from tui.api.client_certificate import client_certificate_error
from tui.api.proxy import Proxy
from tui.domain.errors import BadAnswer, Unreachable

TLS = Path(__file__).parents[1] / "data" / "tls"
GOOD, AUTHORITY = TLS / "good.pem", TLS / "authority.pem"
ASKED = (
    r"127\.0\.0\.1:\d+ asks for a client certificate; give it by --client-cert, and its private key by --client-key$"
)
VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])


class OutspokenServer:
    """Says by an alert what it misses, which asyncio's own servers do not; answers nobody."""

    def __init__(self, version):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(GOOD)
        self._context.load_verify_locations(AUTHORITY)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._context.minimum_version = self._context.maximum_version = version

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"https://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self._server.close()

    async def _serve(self, reader, writer):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._context.wrap_bio(incoming, outgoing, server_side=True)
        with suppress(ssl.SSLError, ConnectionError):
            try:
                while received := await reader.read(65_536):
                    incoming.write(received)
                    try:
                        tls.do_handshake()
                    except ssl.SSLWantReadError:
                        writer.write(outgoing.read())
            finally:
                writer.write(outgoing.read())
        writer.close()


def server_with(version):
    return RawServer([Asked(), Sent(answer())], certificate=GOOD, authority=AUTHORITY, tls=version)


@VERSIONS
@pytest.mark.parametrize("make", [server_with, OutspokenServer], ids=["silent", "outspoken"])
async def test_a_server_that_asks_for_a_certificate_is_named(client_for, make, version):
    async with make(version) as server:
        for _ in range(2):
            with pytest.raises(Unreachable, match=ASKED):
                await client_for(server.url, ca_file=AUTHORITY).job(1)


@VERSIONS
async def test_a_server_that_asks_for_a_certificate_gets_it(client_for, version):
    async with server_with(version) as server:
        answered = await client_for(server.url, ca_file=AUTHORITY, client_cert=GOOD).job(1)

    assert answered.value.job_id == 1


@VERSIONS
@pytest.mark.parametrize(
    ("make", "words"),
    [(server_with, "it closed the connection"), (OutspokenServer, "unknown ca")],
    ids=["silent", "outspoken"],
)
async def test_a_certificate_that_is_not_accepted_is_that(client_for, make, words, version):
    async with make(version) as server:
        with pytest.raises(
            Unreachable,
            match=rf"does not accept the client certificate \({words}\); check --client-cert: who issued it",
        ):
            await client_for(server.url, ca_file=AUTHORITY, client_cert=TLS / "self_signed.pem").job(1)


async def test_a_server_that_asks_for_none_is_not_said_to_do_so(client_for):
    async with RawServer([Asked()], certificate=GOOD) as server:
        with pytest.raises(Unreachable, match="closed the connection before answering"):
            await client_for(server.url, ca_file=AUTHORITY).job(1)

        assert server.connections == 2


async def test_no_look_is_taken_once_the_server_has_answered(client_for):
    """The second request finds its connection closed, and so does the one after it."""
    async with RawServer([Asked(), Sent(answer())], [Asked()], certificate=GOOD) as server:
        client = client_for(server.url, ca_file=AUTHORITY)
        await client.job(1)

        with pytest.raises(Unreachable, match="closed the connection before answering"):
            await client.job(1)

        assert server.connections == 2


async def test_the_question_goes_through_the_proxy():
    async with TunnelServer() as between, server_with(ssl.TLSVersion.TLSv1_3) as server:
        proxy = Proxy("http", "127.0.0.1", between.port, "HTTPS_PROXY", url=f"http://127.0.0.1:{between.port}")

        wanted = await client_certificate_error(httpx.URL(server.url), proxy, None, limit_s=5)

    assert "asks for a client certificate" in str(wanted)
    assert len(between.asked) == 1


async def test_nginx_says_it_in_a_page(client_for):
    page = b"<html><head><title>400 No required SSL certificate was sent</title></head></html>"
    async with RawServer([Asked(), Sent(answer(page, status="400 Bad Request"))]) as server:
        with pytest.raises(
            BadAnswer, match="No required SSL certificate was sent; check --client-cert and --client-key"
        ):
            await client_for(server.url).job(1)


PLAIN = r"127\.0\.0\.1:(\d+) does not speak https: it answers without TLS; write http://127\.0\.0\.1:\1$"
HINT = r"; check that the server runs there; if it speaks http, write http://127\.0\.0\.1:\d+$"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ([Sent(b"HTTP/1.1 400 Bad Request\r\n\r\n")], PLAIN),
        ([Sent(b"garbage\r\n")], PLAIN),
        ([], HINT),
    ],
    ids=["http", "garbage", "closes"],
)
async def test_https_at_a_port_without_tls_says_what_to_write(client_for, script, words):
    async with RawServer(script) as server:
        with pytest.raises(Unreachable, match=words):
            await client_for(server.url.replace("http:", "https:")).job(1)


async def test_http_at_a_port_with_tls_says_what_to_write(client_for):
    alert = b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n"
    async with RawServer([Asked(), Sent(alert)]) as server:
        with pytest.raises(
            BadAnswer, match=r"does not speak http: it answers with TLS; write https://127\.0\.0\.1:\d+$"
        ):
            await client_for(server.url).job(1)
