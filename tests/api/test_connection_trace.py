import httpx
import pytest

from tests.support.raw_server import Asked, RawServer, Sent, answer
from tui.api.connection_trace import ConnectionTrace, certificate


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


async def test_steps_of_a_real_connection_are_recorded():
    moments_s = iter(range(100))
    trace = ConnectionTrace(lambda: float(next(moments_s)))

    async with RawServer([Asked(), Sent(answer())]) as server, httpx.AsyncClient(trust_env=False) as client:
        await client.get(server.url, extensions={"trace": trace.note})

    assert (trace.connected.address, trace.connected.ms) == ("127.0.0.1", 1000)
    assert (trace.tunnel_ms, trace.secured) == (None, None)


class Handshake:
    """What httpcore gives out after a handshake."""

    def get_extra_info(self, name):
        return {"ssl_object": self, "server_addr": ("192.0.2.1", 443)}[name]

    def version(self):
        return "TLSv1.3"

    def getpeercert(self):
        return {}


async def test_a_handshake_with_the_proxy_is_not_one_with_the_server():
    trace, done = ConnectionTrace(lambda: 0.0), {"return_value": Handshake()}
    for step in ("connect_tcp.started", "connect_tcp.complete", "start_tls.started", "start_tls.complete"):
        await trace.note(f"connection.{step}", done)
    await trace.note("proxy.start_tls.started", {})
    before = trace.secured

    await trace.note("proxy.start_tls.complete", done)

    assert (before, trace.secured.version, trace.tunnel_ms) == (None, "TLSv1.3", 0.0)
