"""What the tenant call's answers mean, and the client that has to make it first."""

import asyncio
import json

import httpx
import pytest

from tui.api.auth.static_token import FixedToken
from tui.api.auth.token_source import TokenFacts, TokenSource
from tui.api.client import JobClient
from tui.api.raw_response import RawResponse
from tui.api.tenant_host import TenantHost, is_tenant_response, tenant_host
from tui.core.clock import ManualClock
from tui.domain.errors import BadAnswer, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.domain.job_source import JobQuery
from tui.settings.resolve import resolve

TOKEN = "tok-0123456789abcdef"
ALONE = {"KIBO_TENANT": "4711", "KIBO_SITE": "5"}
ASSUMED = "https://t4711-s5.sandbox.mozu.com/api"


def reply(status=200, body=b"", **fields):
    return RawResponse(
        status,
        "reason",
        httpx.Headers({"x-vol-correlation": "c0ffee"}),
        json.dumps(fields).encode() if fields else body,
    )


def found(given, **environ):
    assert is_tenant_response(given)
    return tenant_host(given, resolve({}, {**ALONE, **environ}))


@pytest.mark.parametrize(
    ("domain", "base", "environment"),
    [
        ("t4711.sandbox.mozu.com", "https://t4711.sandbox.mozu.com/api", "sandbox"),
        ("T4711.TP1.mozu.com", "https://t4711.tp1.mozu.com/api", "tp1"),
        (" t4711.sb.euw0.kibocommerce.com ", "https://t4711.sb.euw0.kibocommerce.com/api", "sb"),
        ("https://t4711.tp0.usc1.gcp.kibocommerce.com/", "https://t4711.tp0.usc1.gcp.kibocommerce.com/api", "tp0"),
        ("shop.acme.example", "https://shop.acme.example/api", "shop.acme.example"),
        ("127.0.0.1:8443", "https://127.0.0.1:8443/api", "127.0.0.1:8443"),
    ],
)
def test_the_domain_is_where_the_api_is(domain, base, environment):
    assert found(reply(id=4711, domain=domain, isDevTenant=True)) == TenantHost(base, environment, is_production=False)


@pytest.mark.parametrize("domain", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765"])
def test_an_auth_host_on_this_machine_that_speaks_http_names_an_api_that_does(domain):
    host = found(reply(domain=domain), KIBO_AUTH_HOST="http://127.0.0.1:8765")

    assert host.api_base == f"http://{domain}/api"


def test_an_auth_host_on_this_machine_does_not_send_the_token_over_http_elsewhere():
    assert (
        found(reply(domain="t4711.tp1.mozu.com"), KIBO_AUTH_HOST="http://127.0.0.1:8765").api_base
        == "https://t4711.tp1.mozu.com/api"
    )


@pytest.mark.parametrize(
    ("fields", "is_production"),
    [
        ({"isDevTenant": True}, False),
        ({"isDevTenant": False}, True),
        ({}, None),
        ({"isDevTenant": None}, None),
        ({"isDevTenant": "no"}, None),
    ],
)
def test_production_is_what_the_tenant_call_says(fields, is_production):
    assert found(reply(domain="t4711.tp1.mozu.com", **fields)).is_production is is_production


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            reply(403, b"<html>"),
            "home.mozu.com does not say where the API of tenant 4711 is (HTTP 403, correlation c0ffee)",
        ),
        (
            reply(403, errorCode="FORBIDDEN", message="no"),
            "home.mozu.com does not say where the API of tenant 4711 is (HTTP 403, ",
        ),
        (reply(id=4711), "home.mozu.com names no domain of tenant 4711"),
        (reply(id=4711, domain=None), "home.mozu.com names no domain of tenant 4711"),
        (reply(id=4711, domain=" "), "home.mozu.com names no domain of tenant 4711"),
    ],
    ids=range(5),
)
def test_what_the_auth_host_does_not_say_is_assumed_as_the_sdk_does_with_a_note(answer, why):
    host = found(answer)

    assert (host.api_base, host.environment) == (ASSUMED, "sandbox")
    assert host.note.startswith(why)
    assert host.note.endswith(
        "; using t4711-s5.sandbox.mozu.com, as Kibo's SDK does; if that is wrong, set the environment or the API's address"
    )


def test_production_holds_without_a_domain_too():
    assert found(reply(isDevTenant=False, domain="")).is_production is True


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(404, errorCode="ITEM_NOT_FOUND", message="Tenant 4711 not found"), "home.mozu.com knows no tenant 4711: Tenant 4711 not found; check the tenant"),
        (reply(404, applicationName="Tenant", message="nothing"), "home.mozu.com knows no tenant 4711: nothing; check the tenant"),
        (reply(404, error="Not Found", message="no tenant"), "home.mozu.com knows no tenant 4711: no tenant"),
        (reply(200, b"<html>login</html>"), "the response of https://home.mozu.com/api/platform/tenants/4711 describes no tenant; check --auth-host, or set"),
        (reply(200, b""), "the response of https://home.mozu.com/api/platform/tenants/4711 describes no tenant; "),
        (reply(200, b"[]"), "the response of https://home.mozu.com/api/platform/tenants/4711 describes no tenant; "),
        (reply(errorCode="MISSING", message="Tenant suspended"), "tenants/4711 describes no tenant: Tenant suspended; "),
        (reply(id=9, domain="t9.tp1.mozu.com"), "home.mozu.com describes tenant 9 instead of 4711; set the API's address by --api-host"),
        (reply(domain="t9.tp1.mozu.com"), "home.mozu.com says: the domain of tenant 4711 is t9.tp1.mozu.com, which is another tenant's; "),
        (reply(domain="http://t4711.tp1.mozu.com"), "the domain of tenant 4711 'http://t4711.tp1.mozu.com' uses http"),
        (reply(domain="evil.example/x"), "the domain of tenant 4711 is 'evil.example/x', which holds a path"),
        (reply(domain="a@evil.example"), "holds a user name"),
        (reply(domain="\x1b[2J.example"), r"the domain of tenant 4711 '\x1b[2J.example' holds a control"),
        (reply(domain="no host"), "is no address"),
    ],
    ids=range(14),
)  # fmt: skip
def test_an_answer_that_cannot_be_right_is_an_error(answer, words):
    with pytest.raises(BadAnswer) as caught:
        found(answer)

    assert words in str(caught.value)
    assert str(caught.value).endswith("correlation c0ffee)")
    assert str(caught.value).isprintable()


def test_an_error_body_that_says_unauthorised_is_that():
    with pytest.raises(
        Unauthorised, match=r"^not authorised by home.mozu.com \(HTTP 200, correlation c0ffee\): Invalid tenant; renew"
    ):
        found(reply(errorCode="UNAUTHORIZED", message="Invalid tenant"))


class Servers:
    """Answers for any host: `tenant` for the tenant call, a job for all else; remembers the URLs."""

    def __init__(self, *tenant_answers):
        self.tenant_answers, self.urls, self.headers = list(tenant_answers), [], []
        self.transport = httpx.MockTransport(self._answer)

    async def _answer(self, request):
        await asyncio.sleep(0)
        self.urls.append(str(request.url))
        self.headers.append(request.headers)
        if "/platform/tenants/" not in request.url.path:
            body = (
                b"[]" if request.url.path.endswith("/queue") else b'{"jobID": 7, "tenantID": 4711, "status": "WORKING"}'
            )
            return httpx.Response(200, content=body)
        answer = self.tenant_answers.pop(0) if len(self.tenant_answers) > 1 else self.tenant_answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def tenant_answer(status=200, **fields):
    return httpx.Response(status, json=fields)


TENANT = tenant_answer(id=4711, domain="t4711.tp1.mozu.com", isDevTenant=False)
JOB_URL = "https://t4711.tp1.mozu.com/api/commerce/inventory/v1/queue/7"
TENANT_URL = "https://home.mozu.com/api/platform/tenants/4711"


@pytest.fixture
async def client_at():
    """Make a client that knows a tenant alone."""
    clients = []

    def make(servers, *, tokens=None, **options):
        tokens = tokens or FixedToken(TOKEN, origin="KIBO_ACCESS_TOKEN")
        clients.append(
            JobClient(resolve({}, ALONE), tokens, clock=ManualClock(), transport=servers.transport, **options)
        )
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()


async def test_the_auth_host_is_asked_first_and_once(client_at):
    servers, hosts = Servers(TENANT), []
    client = client_at(servers, on_host=hosts.append)

    answers = [await client.job(7), await client.job(7)]

    assert [answer.value.status for answer in answers] == ["WORKING", "WORKING"]
    assert servers.urls == [TENANT_URL, JOB_URL, JOB_URL]
    assert hosts == [TenantHost("https://t4711.tp1.mozu.com/api", "tp1", is_production=True)]
    assert {headers["authorization"] for headers in servers.headers} == {f"Bearer {TOKEN}"}
    assert [headers.get("x-vol-site") for headers in servers.headers] == ["5", "5", "5"]


async def test_any_number_of_calls_at_once_share_one_question(client_at):
    servers = Servers(TENANT)
    admitted = []

    async def admit():
        admitted.append(tuple(servers.urls))

    client = client_at(servers, admit=admit)

    await asyncio.gather(*(client.job(7) for _ in range(5)), client.jobs(JobQuery()))

    assert servers.urls.count(TENANT_URL) == 1
    assert admitted == [(TENANT_URL,)], "one call sends a request more than its own"


async def test_a_host_that_is_assumed_is_told(client_at):
    servers, notes = Servers(tenant_answer(403)), []
    client = client_at(servers, notify=notes.append)

    await client.job(7)

    assert servers.urls[1].startswith(ASSUMED)
    assert [note[:61] for note in notes] == ["note: home.mozu.com does not say where the API of tenant 4711"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (tenant_answer(401, message="Invalid token"), Unauthorised),
        (tenant_answer(429), RateLimited),
        (tenant_answer(500), ServerFault),
        (tenant_answer(400, message="bad"), BadAnswer),
        (httpx.Response(302, headers={"location": "https://evil.example/x"}), BadAnswer),
    ],
    ids=["401", "429", "500", "400", "redirect"],
)
async def test_a_call_that_fails_is_made_again_by_the_next_request(client_at, answer, kind):
    servers = Servers(answer, TENANT)
    client = client_at(servers)

    with pytest.raises(kind) as caught:
        await client.job(7)

    assert kind is BadAnswer or "home.mozu.com" in str(caught.value)
    assert (await client.job(7)).value.status == "WORKING"
    assert all("evil" not in url for url in servers.urls)


@pytest.mark.parametrize(
    ("answer", "kind", "why"),
    [
        (
            httpx.Response(404, text="default backend - 404"),
            ServerFault,
            "not the API but something in front of it answers at ",
        ),
        (
            httpx.Response(404, text="<html><title>Not Found</title></html>"),
            ServerFault,
            "not the API but something in front of it",
        ),
        (
            httpx.Response(404, json={"status": 404, "error": "Not Found", "message": "", "path": "/api"}),
            ServerFault,
            "not the API but",
        ),
        (
            httpx.Response(404, json={"message": "no Route matched with those values"}),
            ServerFault,
            "no Route matched with those values",
        ),
        (httpx.Response(404), ServerFault, "not the API but something in front of it answers at "),
        (
            httpx.Response(405, text="Method Not Allowed"),
            BadAnswer,
            "the server refused the request: Method Not Allowed",
        ),
        (httpx.Response(410), ServerFault, "not the API but something in front of it answers at "),
        (httpx.Response(410, json={"errorCode": "GONE", "message": "gone"}), ServerFault, "gone"),
        (httpx.Response(501), ServerFault, "the server failed: Not Implemented"),
        (httpx.Response(418), BadAnswer, "the server refused the request: I'm a teapot"),
        (
            httpx.Response(302, headers={"location": "https://evil.example/x"}),
            BadAnswer,
            "redirects to evil.example: refused",
        ),
        (httpx.Response(400, json={"message": "bad"}), BadAnswer, "the server refused the request: bad"),
    ],
    ids=[
        "404-text",
        "404-html",
        "404-spring",
        "404-kong",
        "404-empty",
        "405",
        "410",
        "410-own",
        "501",
        "418",
        "302",
        "400",
    ],
)
async def test_an_answer_of_something_else_names_the_address_asked_and_no_host_is_assumed(client_at, answer, kind, why):
    servers, notes = Servers(answer), []
    client = client_at(servers, notify=notes.append)

    with pytest.raises(kind) as caught:
        await client.job(7)

    assert caught.value.message.count(TENANT_URL) == 1
    assert why in caught.value.message
    assert caught.value.remedy == "check --auth-host, or set the API's address by --api-host"
    assert (notes, servers.urls) == ([], [TENANT_URL])


class NoToken(TokenSource):
    """What gives out tokens cannot be reached."""

    facts = TokenFacts("none")

    async def token(self):
        raise Unreachable("auth.example refuses connections")

    async def renew(self, refused):
        return False


async def test_an_error_of_the_token_is_not_said_to_be_one_of_the_tenant_call(client_at):
    servers = Servers(TENANT)
    client = client_at(servers, tokens=NoToken())

    with pytest.raises(Unreachable) as caught:
        await client.find_host()

    assert caught.value.message == "auth.example refuses connections"
    assert servers.urls == []


class Renewed(TokenSource):
    """One token, and another one once it was refused."""

    facts = TokenFacts("two")

    def __init__(self):
        self.current = FixedToken("first-0123456789", origin="t")

    async def token(self):
        return await self.current.token()

    async def renew(self, refused):
        self.current = FixedToken("second-0123456789", origin="t")
        return True


async def test_a_token_that_the_auth_host_refuses_is_renewed_once(client_at):
    servers = Servers(tenant_answer(401), TENANT)
    client = client_at(servers, tokens=Renewed())

    assert (await client.job(7)).value.status == "WORKING"
    assert [headers["authorization"] for headers in servers.headers] == [
        "Bearer first-0123456789",
        *["Bearer second-0123456789"] * 2,
    ]
