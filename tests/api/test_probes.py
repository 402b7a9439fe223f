import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.raw_server import Asked, Held, RawServer, Reset, Sent
from tests.support.tunnel_server import TunnelServer
from tui.api.probes import Way, certificate, connect, secure, tunnel
from tui.api.proxy import Proxy
from tui.api.tls import trust
from tui.domain.errors import ApiError, Unreachable

TLS = Path(__file__).parents[1] / "data" / "tls"
LIMIT_S, PATIENCE_S = 0.3, 5.0

ENDED = r"127\.0\.0\.1:\d+ reset the connection|the connection to .* broke|TLS with .* failed"
"""Which of them asyncio notices first is a matter of moments."""


def port_of(server):
    return int(server.url.rpartition(":")[2])


def context():
    return trust(None, {"SSL_CERT_FILE": str(TLS / "authority.pem")})


def proxy(port, authorization=None):
    return Proxy("http", "127.0.0.1", port, "HTTPS_PROXY", authorization)


@pytest.fixture
def closed_port():
    """One that nobody listens at, but which is nobody else's either."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def deaf_port():
    """One whose queue of connections is full: whoever asks hears nothing."""
    with socket.socket() as listener, socket.socket() as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        yield listener.getsockname()[1]


async def test_the_address_that_answers_is_told_whichever_it_is(closed_port):
    async with RawServer([Held()]) as server:
        connected = await connect(("127.0.0.2", "127.0.0.1"), port_of(server), host="api.test", limit_s=PATIENCE_S)

    assert connected.address == "127.0.0.1"
    assert connected.ms > 0


async def test_a_closed_port_is_named(closed_port):
    with pytest.raises(
        Unreachable,
        match=rf"^api\.test:{closed_port} refused the connection; check the address, and that the server runs there$",
    ):
        await connect(("127.0.0.1",), closed_port, host="api.test", limit_s=PATIENCE_S)


async def test_a_port_that_says_nothing_is_named_in_time(deaf_port):
    with pytest.raises(
        Unreachable,
        match=rf"^timed out connecting to api\.test:{deaf_port}; check the address, VPN and proxy, or raise --connect-timeout$",
    ):
        await connect(("127.0.0.1",), deaf_port, host="api.test", limit_s=LIMIT_S)


async def test_a_handshake_tells_version_and_certificate():
    async with RawServer([Held()], certificate=TLS / "good.pem") as server:
        secured = await secure(Way("127.0.0.1", port_of(server), "127.0.0.1"), context(), limit_s=PATIENCE_S)

    assert secured.version == "TLSv1.3"
    assert secured.certificate.subject == "jobdeck test good"
    assert secured.certificate.issuer == "jobdeck test authority"
    assert (secured.certificate.starts_at, secured.certificate.ends_at.year) == (datetime(2020, 1, 1, tzinfo=UTC), 2120)
    assert server.requests == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "self_signed",
            "the certificate of 127.0.0.1 is self-signed or of an unknown authority; pass its file by --ca-file",
        ),
        ("expired", "the certificate of 127.0.0.1 has expired; the server must renew it"),
        ("wrong_host", "the certificate does not belong to 127.0.0.1; check the address of the host"),
    ],
)
async def test_a_bad_certificate_has_the_words_of_a_request(name, words):
    async with RawServer([Held()], certificate=TLS / f"{name}.pem") as server:
        with pytest.raises(Unreachable, match=words):
            await secure(Way("127.0.0.1", port_of(server), "127.0.0.1"), context(), limit_s=PATIENCE_S)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            [Sent(b"HTTP/1.1 400 no\r\n\r\n")],
            r"127\.0\.0\.1:(\d+) does not speak https: it answers without TLS; write http://127\.0\.0\.1:\1$",
        ),
        ([Held()], r"timed out connecting to 127\.0\.0\.1:\d+"),
        ([Reset()], ENDED),
        ([], ENDED),
    ],
    ids=["plain", "silent", "reset", "closed"],
)
async def test_a_server_without_tls_is_named(script, words):
    limit_s = LIMIT_S if script == [Held()] else PATIENCE_S
    async with RawServer(script) as server:
        with pytest.raises(Unreachable, match=words):
            await secure(Way("127.0.0.1", port_of(server), "127.0.0.1"), context(), limit_s=limit_s)


async def test_the_certificate_is_seen_through_a_proxy():
    async with TunnelServer() as between, RawServer([Held()], certificate=TLS / "good.pem") as server:
        way = Way("127.0.0.1", port_of(server), "127.0.0.1", proxy(between.port, b"Basic abc"))
        authority = f"127.0.0.1:{way.port}"

        ms = await tunnel(way, limit_s=PATIENCE_S)
        secured = await secure(way, context(), limit_s=PATIENCE_S)

    assert ms > 0
    assert secured.certificate.subject == "jobdeck test good"
    assert (
        between.asked
        == [f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nProxy-Authorization: Basic abc\r\n\r\n"] * 2
    )


@pytest.mark.parametrize("host", ["api.test", "fe80::1"])
async def test_the_usual_port_is_named_to_the_proxy(host):
    async with RawServer([Asked(), Sent(b"HTTP/1.1 200 OK\r\n\r\n")]) as between:
        await tunnel(Way(host, 443, "127.0.0.1", proxy(port_of(between))), limit_s=PATIENCE_S)

    authority = f"[{host}]:443" if ":" in host else f"{host}:443"
    assert between.requests == [f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode()]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "let us through to api.test: 407 Proxy Authentication Required; check HTTPS_PROXY",
        ),
        (b"HTTP/1.1 403 \x1b[2Jno\r\n\r\n", "let us through to api.test: 403 "),
        (b"SSH-2.0-x\r\n\r\n", "let us through to api.test: it does not answer in HTTP"),
        (b"x" * 70_000, "let us through to api.test: it does not answer in HTTP"),
        (b"", "let us through to api.test: it closed the connection"),
    ],
    ids=["407", "403 with controls", "no http", "endless", "closed"],
)
async def test_a_proxy_that_refuses_is_named(answer, words):
    async with RawServer([Asked(), Sent(answer)]) as between:
        with pytest.raises(ApiError, match=words) as caught:
            await tunnel(Way("api.test", 443, "127.0.0.1", proxy(port_of(between))), limit_s=PATIENCE_S)

    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("peer", "subject", "issuer"),
    [
        (
            {
                "subject": ((("commonName", "*.mozu.com"),),),
                "issuer": ((("organizationName", "DigiCert Inc"),), (("commonName", "TLS CA"),)),
            },
            "*.mozu.com",
            "TLS CA (DigiCert Inc)",
        ),
        ({"subjectAltName": (("DNS", "api.test\x1b[2J"),)}, "api.test\\x1b[2J", "?"),
        ({"issuer": ((("commonName", "ACME Root"),), (("organizationName", "ACME"),))}, "?", "ACME Root"),
    ],
)
def test_a_certificate_is_named_safely(peer, subject, issuer):
    shown = certificate({**peer, "notBefore": "Jan  1 00:00:00 2026 GMT", "notAfter": "Jan  1 00:00:00 2027 GMT"})

    assert (shown.subject, shown.issuer) == (subject, issuer)


def test_a_system_that_shows_no_certificate_is_believed():
    assert certificate({}) is None


def test_nobody_is_trusted_without_being_checked():
    assert context().verify_mode is ssl.CERT_REQUIRED
