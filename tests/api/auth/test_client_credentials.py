"""The token call over a real socket: to the simulator's desk, and to servers that do worse than refuse."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.api.auth.conftest import Shelf, report_of
from tests.support.raw_server import Asked, Dripped, Held, RawServer, Reset, Sent, answer
from tui.api.auth.client_credentials import ClientCredentials
from tui.api.auth.keyring_entry import KeyringEntry
from tui.api.auth.refreshing_token import RefreshingToken
from tui.api.transport import transport_to
from tui.core.clock import ManualClock
from tui.core.errors import ConfigError
from tui.core.redaction import without_secrets
from tui.domain.errors import ApiError, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.settings.resolve import Settings
from tui.simulator.app import create_app
from tui.simulator.faults import FaultPlan
from tui.simulator.queue import JobQueue
from tui.simulator.server import SimulatorServer
from tui.simulator.tokens import TokenDesk

SECRET = "canary-shared-secret"
TLS = Path(__file__).parents[2] / "data" / "tls"
TOKEN_CALL = "authtickets/oauth"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def desk(clock):
    return TokenDesk(clock)


@pytest.fixture
def faults(clock):
    return FaultPlan(clock)


@pytest.fixture
async def simulator(clock, desk, faults):
    async with SimulatorServer(create_app(JobQueue((), clock), desk=desk, faults=faults)) as server:
        yield server


@pytest.fixture
async def source_at(clock):
    """Make a source of client credentials for an auth host."""
    sources = []

    def make(base, *, client_id="demo", secret="demo", total_s=5.0):
        def way_to(address):
            return transport_to(address, Settings(api_base=address), total_s=total_s)

        secret = SecretStr(secret) if isinstance(secret, str) else secret
        issuer = ClientCredentials(client_id, secret, auth_base=base, clock=clock, transport_to=way_to)
        sources.append(RefreshingToken(issuer, clock=clock))
        return sources[-1]

    yield make
    for source in sources:
        await source.aclose()


async def test_a_client_id_and_its_secret_give_a_token(source_at, simulator, desk, clock):
    source = source_at(simulator.url)

    token = await source.token()

    assert desk.accepts(f"Bearer {token.get_secret_value()}")
    assert source.facts.renews_itself
    assert source.facts.origin == f"client id 'demo' at {simulator.url.removeprefix('http://')}"
    assert source.facts.expires_at == clock.now() + timedelta(hours=1)


async def test_the_secret_may_be_in_the_keyring(source_at, simulator, desk, use):
    use(Shelf({("jobdeck", "demo"): "demo"}))

    token = await source_at(simulator.url, secret=KeyringEntry("demo")).token()

    assert desk.accepts(f"Bearer {token.get_secret_value()}")


async def test_ten_waiting_requests_make_one_token_call(source_at, simulator, desk, faults):
    source = source_at(simulator.url)

    tokens = await asyncio.gather(*[source.token() for _ in range(10)])
    again = await asyncio.gather(*[source.renew(tokens[0]) for _ in range(10)])

    assert len({token.get_secret_value() for token in tokens}) == 1
    assert again == [True] * 10
    assert (desk.granted, faults.requests) == (2, 2)


async def test_a_refresh_token_is_sent_along(source_at, simulator, desk):
    desk.has_refresh_tokens = True
    source = source_at(simulator.url)
    first = await source.token()

    assert await source.renew(first)
    assert desk._refresh_tokens == {"refresh-0002"}


async def test_no_report_of_a_bug_quotes_what_was_sent_or_given_out(source_at, simulator, desk):
    desk.has_refresh_tokens = True

    token = await source_at(simulator.url).token()

    assert without_secrets(f"{token.get_secret_value()} refresh-0001") == "[secret] [secret]"


@pytest.mark.parametrize("is_refusing_in_200", [False, True], ids=["401", "errorCode-in-200"])
async def test_a_refused_refresh_token_is_dropped_and_the_call_made_once_more(
    source_at, simulator, desk, faults, is_refusing_in_200
):
    desk.has_refresh_tokens, desk.is_refusing_in_200 = True, is_refusing_in_200
    source = source_at(simulator.url)
    first = await source.token()
    desk.revoke()

    assert await source.renew(first)
    assert desk.accepts(f"Bearer {(await source.token()).get_secret_value()}")
    assert faults.requests == 3


@pytest.mark.parametrize("is_refusing_in_200", [False, True], ids=["401", "errorCode-in-200"])
async def test_wrong_credentials_name_the_client_the_host_and_the_correlation(
    source_at, simulator, desk, is_refusing_in_200
):
    desk.is_refusing_in_200 = is_refusing_in_200
    source = source_at(simulator.url, client_id="acme.app", secret=SECRET)

    with pytest.raises(Unauthorised) as caught:
        await source.token()

    host, status = simulator.url.removeprefix("http://"), 200 if is_refusing_in_200 else 401
    assert len(caught.value.correlation_id) == 32
    assert str(caught.value) == (
        f"not authorised by {host} (HTTP {status}, correlation {caught.value.correlation_id}): "
        "client id 'acme.app' was rejected: Invalid credentials; check KIBO_CLIENT_ID and KIBO_SHARED_SECRET"
    )


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, b'{"errorCode": "VALIDATION_CONFLICT"}', Unauthorised, "was rejected: VALIDATION_CONFLICT; check KIBO_CLIENT_ID"),
        (403, b"<html>", Unauthorised, "client id 'demo' was rejected; check KIBO_CLIENT_ID and KIBO_SHARED_SECRET"),
        (422, b'{"errorCode": 7, "message": "odd\\u001b[2J"}', Unauthorised, r"was rejected: odd\x1b[2J; check"),
        (200, b'{"items": [{"errorCode": "INVALID_CREDENTIALS", "message": "Invalid application id or shared secret"}]}', Unauthorised,
         "client id 'demo' was rejected: Invalid application id or shared secret; check KIBO_CLIENT_ID and KIBO_SHARED_SECRET"),
        (200, b'{"error": "invalid_client", "error_description": "No such app"}', Unauthorised, "was rejected: No such app; check KIBO_"),
        (200, b'[{"message": "Tenant suspended"}]', Unauthorised, "client id 'demo' was rejected: Tenant suspended; ask who manages the tenant"),
        (401, b'{"exceptionDetail": {"message": "bad secret"}}', Unauthorised, "was rejected: bad secret; check KIBO_"),
        (404, b"", ServerFault, "/api/platform/applications/authtickets/oauth; check --auth-host and the path in it"),
        (404, b"default backend - 404", ServerFault, "/authtickets/oauth: default backend - 404; check --auth-host and the path in it"),
        (404, b'{"error": "e", "message": "m"}', Unauthorised, "no token: the token call does not exist; check --auth-host"),
        (302, b"", Unauthorised, "no token: redirects without saying where: refused; check --auth-host"),
        (200, b"<html><title>Log in</title>", ServerFault, "the response is HTML, not JSON: Log in; check --auth-host"),
        (200, b"", ServerFault, "the response is empty; check --auth-host"),
        (200, b"[]", Unauthorised, "holds no access token"),
        (200, b'{"access_token": 5}', Unauthorised, "holds no access token"),
        (200, b'{"access_token": "a b"}', Unauthorised, "the new token: character 2 is a space"),
        (200, b'{"access_token": "x", "pad": "' + b"y" * 70_000 + b'"}', Unauthorised, "holds no access token"),
        (200, b'{"access_token": "x", "errorCode": "E1"}', Unauthorised, "client id 'demo' was rejected: E1"),
        (500, b"", ServerFault, "no token from 127.0.0.1"),
        (502, b'{"errorCode": "E1"}', ServerFault, "the server failed"),
        (429, b'{"errorCode": "E1"}', RateLimited, "too many requests"),
        (503, b"", ServerFault, "overloaded or in maintenance"),
    ],
)  # fmt: skip
async def test_each_answer_has_its_kind_and_words(source_at, simulator, faults, status, body, kind, words):
    faults.answer_always(status, body=body, retry_after="7" if status == 429 else None, path_part=TOKEN_CALL)

    with pytest.raises(kind) as caught:
        await source_at(simulator.url).token()

    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert getattr(caught.value, "retry_after_s", None) == {429: 7}.get(status)


@pytest.mark.parametrize(
    ("expires_in", "life_s"), [(90, 90), ("90", 90), (None, None), (-1, None), (True, None), (1e12, None)], ids=str
)
async def test_a_life_that_makes_no_sense_is_none(source_at, simulator, faults, clock, expires_in, life_s):
    faults.answer_next(200, body=json.dumps({"access_token": "given-token", "expires_in": expires_in}).encode())
    source = source_at(simulator.url)

    await source.token()

    assert source.facts.expires_at == (None if life_s is None else clock.now() + timedelta(seconds=life_s))


async def test_a_redirect_is_refused_and_its_goal_sees_nothing(source_at, simulator, faults):
    async with RawServer([Held()]) as elsewhere:
        location = f"{elsewhere.url}/api/platform/applications/authtickets/oauth"
        faults.answer_always(307, headers={"location": location})

        with pytest.raises(Unauthorised, match=r"redirects to 127.0.0.1:\d+: refused"):
            await source_at(simulator.url, secret=SECRET).token()

        assert elsewhere.connections == 0


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        ([Asked()], Unreachable, "closed the connection before answering"),
        ([Asked(), Reset()], Unreachable, "reset the connection"),
        ([Asked(), Held()], Unreachable, "no complete response within 0.5 s"),
        ([Asked(), Dripped(b"HTTP/1.1 200 OK\r\n" * 100)], Unreachable, "no complete response within 0.5 s"),
        ([Asked(), Sent(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")], Unauthorised, "does not answer in HTTP; check --auth-host"),
        ([Asked(), Sent(answer(b"x" * 6_000_000))], Unauthorised, "response too large"),
        (
            [Asked(), Sent(answer(b'{"message": "%s"}' % SECRET.encode(), status="500 No"))],
            ServerFault,
            r"the server failed: \[secret\]",
        ),
        (
            [Asked(), Sent(answer(b'{"message": "%s"}' % SECRET.encode(), status="401 No"))],
            Unauthorised,
            r"was rejected: \[secret\]",
        ),
        ([Asked(), Sent(answer(b'{"access_token": "%s x"}' % SECRET.encode()))], Unauthorised, "is a space"),
    ],
    ids=["close", "reset", "silence", "drip", "garbage", "too-large", "repeats-500", "repeats-401", "unusable"],
)
async def test_no_failure_shows_the_secret_anywhere(source_at, script, kind, words):
    async with RawServer(script) as server:
        source = source_at(server.url, secret=SECRET, total_s=0.5 if "0.5 s" in words else 20.0)

        with pytest.raises(kind, match=words) as caught:
            await source.token()

    assert str(caught.value).count("127.0.0.1") >= 1
    report = report_of(caught.value)
    assert "canary" not in report + repr(source) + str(vars(source))
    assert "/httpx/" not in report, "frames of httpx may hold the body"


@pytest.mark.parametrize(
    ("repeated", "status"),
    [
        *((SECRET, status) for status in (200, 302, 401, 404, 429, 500, 503)),
        *(("canary-refresh-token", status) for status in (429, 500, 503)),
    ],
)
async def test_no_answer_brings_back_what_was_sent(source_at, caplog, repeated, status):
    given = json.dumps({"access_token": "given-token", "refresh_token": "canary-refresh-token"}).encode()
    echoed = json.dumps({"message": repeated, "correlationId": repeated}).encode()
    echo = answer(
        echoed, status=f"{status} {repeated}", headers=[b"x-vol-correlation: " + b"x" * 70 + repeated.encode()]
    )
    caplog.set_level("INFO", logger="jobdeck")
    async with RawServer([Asked(), Sent(answer(given)), Asked(), Sent(echo), Asked(), Sent(echo)]) as server:
        source = source_at(server.url, secret=SECRET)

        with pytest.raises(ApiError) as caught:
            await source.renew(await source.token())

    assert caught.value.correlation_id == "x" * 70 + "[secret]"
    assert "canary" not in report_of(caught.value)
    assert "canary" not in str([vars(record) for record in caplog.records])


async def test_a_server_that_is_gone_is_named(source_at):
    async with RawServer([Held()]) as server:
        url = server.url

    with pytest.raises(Unreachable, match=r"no token from 127.0.0.1:\d+: 127.0.0.1:\d+ refused the connection"):
        await source_at(url).token()


@pytest.mark.parametrize(
    ("certificate", "words"),
    [("self_signed", "is self-signed or of an unknown authority; pass its file by --ca-file"), ("expired", "has expired"), ("wrong_host", "does not belong to")],
)  # fmt: skip
async def test_an_auth_host_that_is_not_trusted_never_sees_the_secret(source_at, monkeypatch, certificate, words):
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "authority.pem"))
    async with RawServer([Asked(), Held()], certificate=TLS / f"{certificate}.pem") as server:
        with pytest.raises(Unreachable, match=words) as caught:
            await source_at(server.url, secret=SECRET).token()

        assert server.requests == []
    assert "canary" not in report_of(caught.value)


async def test_a_bad_certificate_setting_is_named_at_the_first_call(source_at, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")

    with pytest.raises(
        ConfigError,
        match="SSL_CERT_FILE '/no/such/file' does not exist; give the path of a file with certificates in PEM, or unset it",
    ):
        await source_at("https://127.0.0.1:1").token()


async def test_the_secret_goes_into_the_body_alone(source_at):
    async with RawServer([Asked(), Held()]) as server:
        source = source_at(server.url, secret=SECRET)
        asking = asyncio.create_task(source.token())
        await server.asked.wait()
        await source.aclose()
        await asyncio.gather(asking, return_exceptions=True)

    head = server.requests[0].partition(b"\r\n\r\n")[0]
    assert head.startswith(b"POST /api/platform/applications/authtickets/oauth HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in head
    assert b"canary" not in head


async def test_a_kept_connection_that_died_meanwhile_is_invisible(source_at, clock):
    good = answer(json.dumps({"access_token": "given-token", "expires_in": 60}).encode())
    async with RawServer([Asked(), Sent(good)], [Asked(), Sent(good)]) as server:
        source = source_at(server.url)
        await source.token()
        clock._elapsed_s = 60

        assert (await source.token()).get_secret_value() == "given-token"


@pytest.mark.parametrize("error", [ApiError, Unauthorised])
async def test_errors_of_the_call_are_one_line(source_at, simulator, faults, error):
    faults.answer_always(401, body=json.dumps({"message": "a\nb\u202e" + "x" * 500}).encode())

    with pytest.raises(error) as caught:
        await source_at(simulator.url).token()

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
