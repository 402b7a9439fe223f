"""The whole way to the API against real sockets: each step well, failing, and what the steps behind it then say."""

import base64
import json
import os
import socket
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.raw_server import Asked, Held, RawServer, Sent, answer
from tests.support.tunnel_server import TunnelServer
from tui.api.auth.static_token import FixedToken, NoToken
from tui.api.client import JobClient
from tui.cli.exit_codes import exit_after_checks
from tui.core.clock import SystemClock
from tui.doctor.network import NAMES, Subject, check_network
from tui.settings.resolve import resolve
from tui.simulator.app import create_app
from tui.simulator.faults import FaultPlan
from tui.simulator.queue import JobQueue, SimJob

TLS = Path(__file__).parents[1] / "data" / "tls"
TOKEN = "canary-5f1d2c"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def environ(monkeypatch):
    """No variable of the machine has a say."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def faults():
    return FaultPlan(SystemClock())


@pytest.fixture
def server(serving, switch, faults):
    switch.app = create_app(
        JobQueue((SimJob(job_id=1, added_s=-5), SimJob(job_id=2, added_s=-5)), SystemClock()),
        faults=faults,
        tokens={TOKEN},
    )
    return serving


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def look(host, *, tokens=None, options=None):
    """Return the checks by name."""
    settings = resolve({"api_host": host, **(options or {})}, {})
    tokens, clock, told = tokens or FixedToken(TOKEN, origin="KIBO_ACCESS_TOKEN"), SystemClock(), []

    @asynccontextmanager
    async def opened(known, on_step):
        client = JobClient(known, tokens, clock=clock, on_step=on_step)
        try:
            yield client
        finally:
            await client.aclose()

    await check_network(Subject(settings, tokens, opened, clock, os.environ), told.append)
    assert tuple(check.name for check in told) == NAMES
    assert all(TOKEN not in f"{check}" for check in told)
    return {check.name: check for check in told}


def states(checks):
    return " ".join(f"{name}:{check.state}" for name, check in checks.items())


async def test_everything_well(server):
    checks = await look(server.url)

    assert states(checks) == "dns:skipped tcp:ok tls:skipped proxy:ok token:ok call:ok clock:ok"
    assert checks["call"].found.startswith("HTTP 200, 2 jobs, correlation ")
    assert checks["call"].ms > 0


async def test_a_name_without_an_address_leaves_nothing_to_connect_with():
    checks = await look("nowhere.invalid")

    assert states(checks) == "dns:failed tcp:skipped tls:skipped proxy:ok token:ok call:skipped clock:skipped"
    assert (checks["dns"].found, checks["dns"].remedy) == (
        "cannot resolve nowhere.invalid",
        "check the spelling, the network and its DNS",
    )
    assert exit_after_checks(checks.values()) == 3


async def test_a_resolver_that_hangs_is_a_failure_in_time(monkeypatch):
    released = threading.Event()

    def hang(*_, **__):
        released.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr("tui.doctor.network.NAME_S", 0.1)
    try:
        checks = await look("queue.test")
    finally:
        released.set()

    assert checks["dns"].found == "cannot resolve queue.test within 0.1 s"


async def test_a_closed_port_sends_no_token(closed_port):
    checks = await look(f"https://127.0.0.1:{closed_port}")

    assert states(checks) == "dns:skipped tcp:failed tls:skipped proxy:ok token:ok call:skipped clock:skipped"
    assert checks["tcp"].found == f"127.0.0.1:{closed_port} refused the connection"
    assert checks["tcp"].remedy == "check the address, and that the server runs there"


@pytest.mark.parametrize(
    ("certificate", "options", "environ", "state", "found"),
    [
        ("good", {"ca_file": str(TLS / "authority.pem")}, {}, "ok", "alone, by --ca-file"),
        (
            "good",
            {},
            {"SSL_CERT_FILE": str(TLS / "authority.pem")},
            "ok",
            "trusted by the system's store and SSL_CERT_FILE ",
        ),
        ("good", {}, {}, "failed", "self-signed or of an unknown authority"),
        (
            "self_signed",
            {"ca_file": str(TLS / "authority.pem")},
            {},
            "failed",
            "self-signed or of an unknown authority",
        ),
        ("expired", {"ca_file": str(TLS / "authority.pem")}, {}, "failed", "has expired"),
        ("wrong_host", {"ca_file": str(TLS / "authority.pem")}, {}, "failed", "does not belong to 127.0.0.1"),
    ],
)
async def test_tls(monkeypatch, certificate, options, environ, state, found):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with RawServer([Asked(), Sent(answer(b"[]"))], certificate=TLS / f"{certificate}.pem") as server:
        checks = await look(server.url, options=options)

    assert checks["tls"].state == state
    assert found in checks["tls"].found
    assert states(checks).endswith("call:ok clock:skipped" if state == "ok" else "call:skipped clock:skipped")
    assert bool(server.requests) == (state == "ok")


async def test_a_bad_ca_file_is_a_wrong_setting():
    async with RawServer([Held()], certificate=TLS / "good.pem") as server:
        checks = await look(server.url, options={"ca_file": "/nowhere.pem"})

    assert checks["tls"].found == "--ca-file '/nowhere.pem' does not exist"
    assert exit_after_checks(checks.values()) == 2


async def test_http_to_another_machine_is_a_warning(monkeypatch):
    async with RawServer([Asked(), Sent(answer(b"[]"))]) as between:
        monkeypatch.setenv("HTTP_PROXY", between.url)
        checks = await look("http://api.invalid", options={"insecure_http": "1"})
        found = f"{between.url} by HTTP_PROXY accepts connections"

    assert states(checks) == "dns:skipped tcp:skipped tls:warning proxy:ok token:ok call:ok clock:skipped"
    assert checks["proxy"].found == found


async def test_all_is_well_through_a_proxy(monkeypatch):
    async with (
        TunnelServer() as between,
        RawServer([Asked(), Sent(answer(b"[]"))], certificate=TLS / "wrong_host.pem") as server,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:canary-pw@127.0.0.1:{between.port}")
        found = f"http://127.0.0.1:{between.port} by HTTPS_PROXY lets us through"
        checks = await look(
            server.url.replace("127.0.0.1", "other.example"), options={"ca_file": str(TLS / "authority.pem")}
        )

    assert states(checks) == "dns:skipped tcp:skipped tls:ok proxy:ok token:ok call:ok clock:skipped"
    assert checks["dns"].found.endswith("; requests go through the proxy")
    assert checks["tls"].found.startswith("TLSv1.3; certificate of jobdeck test wrong_host by jobdeck test authority")
    assert checks["proxy"].found == found
    assert "canary" not in str(checks)
    assert all("Proxy-Authorization: Basic bWU6Y2FuYXJ5LXB3" in head for head in between.asked)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            "the proxy did not let us through to api.invalid: 407 Proxy Authentication Required",
        ),
        (b"", "api.invalid closed the connection before answering"),
    ],
)
async def test_a_proxy_that_refuses_is_the_failure(monkeypatch, said, words):
    async with RawServer([Asked(), Sent(said)]) as between:
        monkeypatch.setenv("ALL_PROXY", between.url)
        checks = await look("api.invalid")

    assert states(checks) == "dns:skipped tcp:skipped tls:skipped proxy:failed token:ok call:skipped clock:skipped"
    assert checks["proxy"].found == words


async def test_a_proxy_that_is_not_there_is_named(monkeypatch, closed_port):
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port}")

    checks = await look("api.invalid")

    refused = f"127.0.0.1:{closed_port} refused the connection"
    assert checks["proxy"].found == f"the proxy of https_proxy cannot be reached: {refused}"


async def test_a_socks_proxy_is_a_wrong_setting(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")

    checks = await look("nowhere.invalid")

    assert checks["proxy"].found == "ALL_PROXY is a SOCKS proxy, which jobdeck cannot use"
    assert exit_after_checks(checks.values()) == 2


@pytest.mark.parametrize(
    ("tokens", "code", "found"),
    [
        (NoToken("set X"), 4, "no access token"),
        (FixedToken("canary 5f1d2c", origin="KIBO_ACCESS_TOKEN"), 2, "KIBO_ACCESS_TOKEN: character 7 is a space"),
        (FixedToken("", origin="KIBO_ACCESS_TOKEN"), 2, "KIBO_ACCESS_TOKEN is empty"),
    ],
)
async def test_without_a_usable_token_no_call_is_made(server, faults, tokens, code, found):
    checks = await look(server.url, tokens=tokens)

    assert states(checks).endswith("token:failed call:skipped clock:skipped")
    assert checks["token"].found == found
    assert exit_after_checks(checks.values()) == code
    assert faults.requests == 0


def jwt(ends_in):
    """Return a token that says when it ends; only the server could know that its signature is none."""
    claims = json.dumps({"exp": (datetime.now(UTC) + ends_in).timestamp(), "sub": "canary"})
    return f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(claims.encode()).decode().rstrip('=')}.canary"


@pytest.mark.parametrize(
    ("ends_in", "state", "found", "code"),
    [
        (timedelta(minutes=42, seconds=30), "ok", "KIBO_ACCESS_TOKEN; expires in 42 min", 4),
        (timedelta(minutes=3, seconds=30), "warning", "KIBO_ACCESS_TOKEN; expires in 3 min", 4),
        (timedelta(hours=-3, seconds=-30), "failed", "KIBO_ACCESS_TOKEN; expired 3 h ago", 4),
    ],
    ids=["good", "soon", "expired"],
)
async def test_the_end_of_a_token_is_told_and_the_call_made(server, faults, ends_in, state, found, code):
    checks = await look(server.url, tokens=FixedToken(jwt(ends_in), origin="KIBO_ACCESS_TOKEN"))

    assert (checks["token"].state, checks["token"].found) == (state, found)
    assert checks["call"].state == "failed"
    assert exit_after_checks(checks.values()) == code
    assert faults.requests == 1
    assert "canary" not in str(checks)


@pytest.mark.parametrize(
    ("status", "state", "found", "remedy", "code"),
    [
        (401, "failed", "the token was rejected", "renew it", 4),
        (403, "failed", "may not read the inventory queue", "ask for that permission", 4),
        (
            404,
            "failed",
            "not the API but something in front of it answers at http://127.0.0.1",
            "check --api-host and the path in it",
            3,
        ),
        (429, "failed", "too many requests", "wait 60 s", 3),
        (500, "failed", "the server failed", "give support the correlation id", 3),
        (503, "failed", "overloaded or in maintenance", "wait 60 s", 3),
        (302, "failed", "redirects to elsewhere.test", "check --api-host", 3),
    ],
)
async def test_the_call(server, faults, status, state, found, remedy, code):
    faults.answer_always(status, retry_after="60", headers={"location": "https://elsewhere.test/x"})

    checks = await look(server.url)

    call = checks["call"]
    assert call.state == state
    assert found in call.found
    assert f"HTTP {status}" in call.found
    assert "correlation " in call.found
    assert remedy in call.remedy
    assert exit_after_checks(checks.values()) == code
    assert checks["clock"].state == "ok"
    assert faults.requests == 1


@pytest.mark.parametrize("status", [200, 401], ids=str)
@pytest.mark.parametrize(("hours", "words"), [(1, "1 h behind"), (-2, "2 h ahead of")])
async def test_a_clock_that_differs_is_told_even_by_a_refusal(server, faults, status, hours, words):
    date = f"{datetime.now(UTC) + timedelta(hours=hours, seconds=20 if hours > 0 else -20):%a, %d %b %Y %H:%M:%S GMT}"
    faults.answer_always(status, headers={"date": date}, body=b"[]")

    checks = await look(server.url)

    assert checks["clock"].state == "warning"
    assert words in checks["clock"].found


async def test_an_answer_without_a_readable_date_tells_no_time(server, faults):
    faults.answer_always(200, headers={"date": "yesterday"}, body=b"[]")

    assert (await look(server.url))["clock"].state == "skipped"
