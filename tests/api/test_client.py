"""The client against answers made in memory; what only a socket shows is in test_connections."""

import asyncio
import gzip
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.api.conftest import TOKEN
from tests.support.raw_server import gzip_bomb
from tui import __version__
from tui.api.auth.static_token import FixedToken, NoToken
from tui.api.auth.token_file import FileToken
from tui.api.auth.token_source import TokenFacts, TokenSource
from tui.api.client import JobClient
from tui.core.clock import ManualClock
from tui.core.errors import ConfigError
from tui.domain.errors import ApiError, BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised
from tui.domain.job_source import JobQuery
from tui.settings.resolve import Settings


class Server:
    """Answers from a list, the last one for ever, and remembers the requests."""

    def __init__(self, *answers):
        self.answers, self.requests = answers, []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request):
        self.requests.append(request)
        status, headers, body = self.answers[min(len(self.requests), len(self.answers)) - 1]
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


JOB = (
    200,
    {"x-vol-correlation": "c0ffee", "Date": "Mon, 23 Nov 2026 09:30:00 GMT"},
    b'{"jobID": 7, "tenantID": 4711, "status": "WORKING"}',
)

NONE = b'{"error": "Job Not Found", "message": "none"}'
"""The API's own 404."""


async def test_a_job_comes_with_correlation_and_server_time(client_for):
    answer = await client_for(transport=Server(JOB).transport).job(7)

    assert (answer.value.job_id, answer.value.status) == (7, "WORKING")
    assert (answer.correlation_id, answer.server_time) == ("c0ffee", datetime(2026, 11, 23, 9, 30, tzinfo=UTC))


async def test_the_request_is_that_of_the_contract(client_for):
    server = Server(JOB)

    await client_for(transport=server.transport, tenant="4711", site="5").job(7)

    request = server.requests[0]
    assert (request.method, str(request.url)) == (
        "GET",
        "https://t4711-s5.sandbox.mozu.com/api/commerce/inventory/v1/queue/7",
    )
    expected = {
        "authorization": f"Bearer {TOKEN}",
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "x-vol-tenant": "4711",
        "x-vol-site": "5",
    }
    assert {name: request.headers[name] for name in expected} == expected
    assert request.headers["user-agent"] == f"jobdeck/{__version__}"


async def test_unknown_tenant_and_site_are_not_sent(client_for):
    server = Server(JOB)

    await client_for(transport=server.transport).job(7)

    assert not {"x-vol-tenant", "x-vol-site"} & set(server.requests[0].headers)


async def test_a_list_query_is_encoded_and_keeps_the_servers_order(client_for):
    server = Server((200, {}, b'[{"jobID": 9}, {"jobID": 3}]'))

    answer = await client_for(transport=server.transport).jobs(
        JobQuery(original_filename="a&b ü.csv", types=("REFRESH", "ADJUST"))
    )

    assert [job.job_id for job in answer.value] == [9, 3]
    assert server.requests[0].url.params.multi_items() == [
        ("originalFilename", "a&b ü.csv"),
        ("types", "REFRESH"),
        ("types", "ADJUST"),
    ]


async def test_a_list_that_is_not_found_is_empty(client_for):
    assert (await client_for(transport=Server((404, {}, NONE)).transport).jobs(JobQuery())).value == ()


async def test_a_list_that_is_gone_is_no_missing_job(client_for):
    with pytest.raises(BadAnswer, match="removed the list"):
        await client_for(transport=Server((410, {}, NONE)).transport).jobs(JobQuery())


async def test_a_job_that_is_not_found(client_for):
    with pytest.raises(JobNotFound, match="job 7 does not exist"):
        await client_for(transport=Server((404, {}, NONE)).transport).job(7)


async def test_a_filter_that_is_no_text_is_a_setting_error(client_for):
    with pytest.raises(ConfigError, match="a filter holds bytes"):
        await client_for(transport=Server(JOB).transport).jobs(JobQuery(owner="\udcff"))


@pytest.mark.parametrize(
    ("link", "has_more"),
    [
        ('<https://h/queue?page=2>; rel="next"', True),
        ('<https://h/queue?page=1>; rel="prev", <https://h/queue?page=3>; title="x"; rel=next', True),
        ('</queue?page=2>; REL="last Next"', True),
        ('<https://h/queue?page=1>; rel="first"', False),
        ("<https://h/next>; rel=prev", False),
    ],
)
async def test_a_list_that_names_a_next_page_has_more(client_for, link, has_more):
    reply = httpx.Response(200, headers={"link": link}, content=b'[{"jobID": 7}]')

    answer = await client_for(transport=httpx.MockTransport(lambda _: reply)).jobs(JobQuery())

    assert answer.has_more is has_more


async def test_a_job_of_another_tenant_is_withheld(client_for):
    client = client_for(transport=Server((200, {}, b'{"jobID": 7, "tenantID": 9}')).transport, tenant="4711")

    with pytest.raises(BadAnswer, match="describes tenant 9, not 4711: withheld"):
        await client.job(7)


@pytest.mark.parametrize("named", ["4711", '"4711"', "null", '"acme"', "{}"])
async def test_an_own_or_unreadable_tenant_withholds_nothing(client_for, named):
    client = client_for(
        transport=Server((200, {}, b'{"jobID": 7, "tenantID": %s}' % named.encode())).transport, tenant="4711"
    )

    assert (await client.job(7)).value.job_id == 7


async def test_a_list_leaves_out_jobs_of_another_tenant(client_for):
    body = b'[{"jobID": 1, "tenantID": 9}, {"jobID": 2, "tenantID": 4711}, {"jobID": 3}, {"jobID": 4, "tenantID": "9"}]'

    answer = await client_for(transport=Server((200, {}, body)).transport, tenant="4711").jobs(JobQuery())

    assert [job.job_id for job in answer.value] == [2, 3]


@pytest.mark.parametrize(
    ("body", "words"), [(b"[]", "got an array"), (b"null", "got null"), (b'{"jobID": 8}', "describes job 8: withheld")]
)
async def test_an_answer_about_something_else_carries_its_correlation(client_for, body, words):
    with pytest.raises(BadAnswer, match=words) as caught:
        await client_for(transport=Server((200, {"x-vol-correlation": "c0ffee"}, body)).transport).job(7)

    assert caught.value.correlation_id == "c0ffee"


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"jobID": 7}', b'{"jobID": 7, "tenantID": 9}'], ids=["html", "list", "job", "foreign"]
)
async def test_a_token_that_a_good_answer_repeats_is_cut_out(client_for, body):
    server = Server((200, {"x-vol-correlation": "x" * 70 + TOKEN}, body))
    client = client_for(transport=server.transport, tenant="4711")

    try:
        shown = (await client.job(7)).correlation_id
    except BadAnswer as error:
        shown = error.correlation_id

    assert shown == "x" * 70 + "[secret]"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_token_that_a_list_that_is_not_there_repeats_is_cut_out(client_for, status):
    client = client_for(transport=Server((status, {"x-vol-correlation": TOKEN}, NONE)).transport)

    try:
        shown = (await client.jobs(JobQuery())).correlation_id
    except BadAnswer as error:
        shown = error.correlation_id

    assert shown == "[secret]"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            b'{"success": false, "messages": ["Job Not Found"], "numResults": 0}',
            "the server answered with an error instead of a job: Job Not Found",
        ),
        (
            b'{"errorCode": "E1", "message": "Try later"}',
            "the server answered with an error instead of a job: Try later",
        ),
        (b'[{"message": "Tenant suspended"}]', "the server answered with an error instead of a job: Tenant suspended"),
        (b'"please come back"', "the server answered with an error instead of a job: please come back"),
        (
            b'{"status": "SUCCESS", "itemCount": 3}',
            "expected job 7, got an object without a jobID: status SUCCESS, itemCount 3",
        ),
        (
            b'{"status": "FAILED", "messages": ["token"]}',
            'expected job 7, got an object without a jobID: status FAILED, messages ["token"]',
        ),
        (b'{"success": true}', "expected job 7, got an object without a jobID: success true"),
        (
            b'{"tenantID": 9, "status": "SUCCESS", "locationCode": "W01"}',
            "the response describes tenant 9, not 4711: withheld",
        ),
    ],
)
async def test_a_200_that_is_no_job_is_no_answer(client_for, body, words):
    client = client_for(transport=Server((200, {"x-vol-correlation": "c0ffee"}, body)).transport, tenant="4711")

    with pytest.raises(BadAnswer) as caught:
        await client.job(7)

    assert (caught.value.message, caught.value.correlation_id, caught.value.http_status) == (words, "c0ffee", 200)


@pytest.mark.parametrize(
    "ask", [lambda client: client.job(7), lambda client: client.jobs(JobQuery())], ids=["job", "list"]
)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"errorCode": "UNAUTHORIZED", "message": "Invalid tenant", "correlationId": "abc"}', "Invalid tenant"),
        (b'{"errorCode": "INVALID_ACCESS_TOKEN", "correlationId": "abc"}', "INVALID_ACCESS_TOKEN"),
        (b'{"message": "The access token has ended", "correlationId": "abc"}', "The access token has ended"),
        (b'{"success": false, "messages": ["Not authorised"], "correlationId": "abc"}', "Not authorised"),
    ],
)
async def test_a_200_that_says_unauthorised_is_a_refusal(client_for, ask, body, words):
    client = client_for(transport=Server((200, {}, body)).transport)

    with pytest.raises(Unauthorised) as caught:
        await ask(client)

    host = "not authorised by t4711-s5.sandbox.mozu.com (HTTP 200, correlation abc)"
    what = "it" if "token" in words.lower() else "the token"
    assert str(caught.value) == f"{host}: {words}; renew {what} or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET"


async def test_a_200_that_says_unauthorised_has_the_token_renewed(client_for):
    server = Server((200, {}, b'{"errorCode": "UNAUTHORIZED", "message": "expired"}'), JOB)
    client = client_for(transport=server.transport, tokens=RenewedToken(["old-token", "new-token"]))

    answer = await client.job(7)

    assert answer.value.job_id == 7
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer old-token", "Bearer new-token"]


async def test_a_404_that_is_not_the_apis_own_is_an_outage_of_lists_too(client_for):
    client = client_for("https://queue.test/admin", transport=Server((404, {}, b"default backend - 404")).transport)

    with pytest.raises(
        ServerFault,
        match=r"answers at https://queue\.test/admin/api/commerce/inventory/v1/queue: default backend - 404",
    ):
        await client.jobs(JobQuery(owner="x"))


class RenewedToken(TokenSource):
    """A token that is renewed as often as there are texts."""

    facts = TokenFacts("somewhere")

    def __init__(self, texts):
        self.texts = list(texts)

    async def token(self):
        return SecretStr(self.texts[0])

    async def renew(self, refused):
        if self.texts[0] == refused.get_secret_value() and len(self.texts) > 1:
            self.texts.pop(0)
        return self.texts[0] != refused.get_secret_value()


async def test_a_rejected_token_is_renewed_and_the_request_repeated_once_the_limiter_admits_it(client_for):
    server, sent = Server((401, {}, b""), JOB), []

    async def admit():
        sent.append(len(server.requests))

    client = client_for(transport=server.transport, tokens=RenewedToken(["old-token", "new-token"]), admit=admit)
    before = client.token_renewed_at()

    answer = await client.job(7)

    assert (answer.value.job_id, sent) == (7, [1])
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer old-token", "Bearer new-token"]
    assert (before, client.token_renewed_at()) == (None, ManualClock().now())


async def test_a_limiter_that_stays_closed_fails_the_request_before_it_is_repeated(client_for):
    server = Server((401, {}, b""), JOB)

    async def admit():
        raise RateLimited("slow down", retry_after_s=60)

    client = client_for(transport=server.transport, tokens=RenewedToken(["old-token", "new-token"]), admit=admit)

    with pytest.raises(RateLimited):
        await client.job(7)
    assert len(server.requests) == 1


async def test_an_unchanged_token_is_not_tried_again(client_for):
    server = Server((401, {}, b""))

    with pytest.raises(Unauthorised, match="the token was rejected"):
        await client_for(transport=server.transport).job(7)

    assert len(server.requests) == 1


async def test_a_renewed_token_that_is_refused_too_ends_the_matter(client_for):
    server = Server((401, {}, b""))
    client = client_for(transport=server.transport, tokens=RenewedToken(["a", "b", "c"]))

    with pytest.raises(Unauthorised):
        await client.job(7)

    assert len(server.requests) == 2


async def test_who_asks_after_the_end_of_the_matter_has_the_token_renewed_before_anything_is_sent(client_for):
    server = Server((401, {}, b""))
    client = client_for(transport=server.transport, tokens=RenewedToken(["a", "b", "c"]))

    outcomes = [await failure(client.job(7)) for _ in range(3)]

    assert outcomes == [Unauthorised] * 3
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer a",
        "Bearer b",
        "Bearer c",
        "Bearer c",
    ]


@pytest.mark.parametrize(
    ("status", "body", "is_proved"),
    [
        (200, b'{"jobID": 7}', True),
        (404, NONE, True),
        (400, b"", True),
        (200, b"<html>", False),
        (404, b"", False),
        (429, b"", False),
        (500, b"", False),
    ],
)
async def test_an_answer_of_the_api_itself_proves_a_renewed_token(client_for, status, body, is_proved):
    server = Server((401, {}, b""), (status, {}, body), (401, {}, b""))
    client = client_for(transport=server.transport, tokens=RenewedToken(["a", "b", "c"]))

    for _ in range(2):
        await failure(client.job(7))

    tokens = [request.headers["authorization"][-1] for request in server.requests]
    assert tokens == (["a", "b", "b", "c"] if is_proved else ["a", "b", "b"])


async def test_one_renewal_serves_every_request_that_was_refused(client_for):
    server = Server(*[(401, {}, b"")] * 3, JOB)
    tokens = RenewedToken(["old-token", "new-token", "newer-token"])
    client = client_for(transport=server.transport, tokens=tokens)

    answers = await asyncio.gather(*[client.job(7) for _ in range(3)])

    assert [answer.value.job_id for answer in answers] == [7] * 3
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer old-token"] * 3 + ["Bearer new-token"] * 3


async def failure(call):
    """Return the kind of error that a call ends with, None if it does not."""
    try:
        await call
    except ApiError as error:
        return type(error)


async def test_a_token_file_that_became_unusable_is_named(client_for, tmp_path):
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text("old-token-old-token")
    tokens = FileToken(path)
    await tokens.token()
    path.chmod(0o644)

    with pytest.raises(Unauthorised, match=r"there is no new one: token file .* is open to other users"):
        await client_for(transport=Server((401, {}, b"")).transport, tokens=tokens).job(7)


async def test_forbidden_is_not_tried_again(client_for):
    server = Server((403, {}, b""))

    with pytest.raises(Unauthorised, match="valid but may not read"):
        await client_for(transport=server.transport, tokens=RenewedToken(["a", "b"])).job(7)

    assert len(server.requests) == 1


async def test_without_a_token_nothing_is_sent(client_for):
    server = Server(JOB)

    with pytest.raises(Unauthorised, match="no access token"):
        await client_for(transport=server.transport, tokens=NoToken("get one")).job(7)

    assert server.requests == []


async def test_a_token_that_the_server_repeats_is_in_no_error(client_for):
    server = Server((400, {"x-vol-correlation": TOKEN}, b'{"message": "bad header Bearer %s"}' % TOKEN.encode()))

    with pytest.raises(BadAnswer, match=r"bad header Bearer \[secret\]") as caught:
        await client_for(transport=server.transport).job(7)

    assert TOKEN not in str(caught.value)


async def test_rate_limit_carries_its_seconds(client_for):
    with pytest.raises(RateLimited) as caught:
        await client_for(transport=Server((429, {"Retry-After": "7"}, b"")).transport).job(7)

    assert caught.value.retry_after_s == 7


def headless_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", headless_deflate),
        ("identity", bytes),
    ],
)
async def test_compressed_answers_are_unpacked(client_for, encoding, pack):
    server = Server((200, {"Content-Encoding": encoding}, pack(b'{"jobID": 7, "status": "PENDING"}')))

    assert (await client_for(transport=server.transport).job(7)).value.status == "PENDING"


@pytest.mark.parametrize(
    ("encoding", "body", "words"),
    [
        ("br", b"{}", "the response has the content encoding 'br'"),
        ("gzip, gzip", b"{}", "the response has the content encoding 'gzip, gzip'"),
        ("gzip", b"{}", "the compressed response is damaged"),
        ("gzip", gzip.compress(b'{"jobID": 7}')[:-9], "the compressed response ends in the middle"),
        ("gzip", gzip_bomb(), "response too large"),
        ("gzip", gzip.compress(bytes(5_000_001)), r"response too large \(over 5 MB\)"),
        ("gzip", gzip.compress(b"{}") + bytes(1_000_000), r"response too large \(over 1 MB compressed\)"),
        ("identity", b"[" + b" " * 5_000_000, r"response too large \(over 5 MB\)"),
    ],
    ids=["brotli", "twice", "damaged", "cut", "bomb", "5MB", "1MB-raw", "plain"],
)  # fmt: skip
async def test_a_body_that_cannot_be_taken_is_named(client_for, encoding, body, words):
    with pytest.raises(BadAnswer, match=words):
        await client_for(transport=Server((200, {"Content-Encoding": encoding}, body)).transport).job(7)


async def test_a_body_of_exactly_the_limit_is_taken(client_for):
    body = b'{"jobID": 7}'.ljust(5_000_000)

    server = Server((200, {}, body), (200, {"Content-Encoding": "gzip"}, gzip.compress(body)))
    client = client_for(transport=server.transport)

    assert [(await client.job(7)).value.job_id for _ in range(2)] == [7, 7]


async def test_an_errors_unusable_body_does_not_hide_its_status(client_for):
    with pytest.raises(RateLimited):
        await client_for(transport=Server((429, {"Content-Encoding": "br"}, b"?")).transport).job(7)


async def test_an_unforeseen_failure_stays_loud(client_for):
    def broken(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await client_for(transport=httpx.MockTransport(broken)).job(7)


async def test_an_asgi_application_is_a_server_too(client_for):
    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send(
            {"type": "http.response.body", "body": b'{"jobID": 7, "locationCode": "%s"}' % scope["path"].encode()}
        )

    answer = await client_for(transport=httpx.ASGITransport(application)).job(7)

    assert answer.value.location_code == "/api/commerce/inventory/v1/queue/7"


async def test_an_answer_that_httpx_has_read_already_is_taken(client_for):
    ready_made = httpx.MockTransport(lambda request: httpx.Response(200, json={"jobID": 7}))

    assert (await client_for(transport=ready_made).job(7)).value.job_id == 7


HOSTILE = (
    st.binary(max_size=40)
    | st.text(max_size=20).map(str.encode)
    | st.sampled_from([b"http://xn--a", b"http://xn--\xed\xb2\x80", b"https://x:port"])
)


@given(st.sampled_from([200, 302, 307, 401, 429, 503]), HOSTILE, HOSTILE, HOSTILE | st.just(b"gzip"))
@settings(max_examples=300)
def test_no_answer_however_hostile_leaves_as_anything_but_an_error_of_ours(status, header, body, encoding):
    names = [b"location", b"date", b"retry-after", b"x-vol-correlation", b"set-cookie", b"content-type"]
    headers = [(name, header) for name in names] + [(b"content-encoding", encoding)]
    transport = httpx.MockTransport(
        lambda request: httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
    )

    async def ask():
        configured = Settings(api_base="http://localhost/api")
        client = JobClient(configured, FixedToken(TOKEN, origin="X"), clock=ManualClock(), transport=transport)
        with suppress(ApiError):
            await client.job(1)

    asyncio.run(ask())


async def test_cookies_are_not_kept(client_for):
    server = Server((200, {"Set-Cookie": "a=b"}, b'{"jobID": 7}'))
    client = client_for(transport=server.transport)

    await client.job(7)
    await client.job(7)

    assert "cookie" not in server.requests[1].headers


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem", r"SSL_CERT_FILE '/nowhere/ca.pem' does not exist"),
        ("SSL_CERT_FILE", __file__, r"SSL_CERT_FILE '.*' is no PEM file"),
        ("SSL_CERT_DIR", "/nowhere", r"SSL_CERT_DIR '/nowhere' is no folder"),
        ("ALL_PROXY", "socks5://joe:hunter2@proxy:1080", "^ALL_PROXY is a SOCKS proxy"),
        ("HTTPS_PROXY", "http://joe:hunter2@proxy:99999", "^HTTPS_PROXY is no proxy address"),
        ("https_proxy", "gopher://hunter2", "^https_proxy is no proxy address"),
    ],
)
def test_a_bad_environment_is_named_before_any_request(client_for_environment, variable, value, words):
    with pytest.raises(ConfigError, match=words) as caught:
        client_for_environment({variable: value})

    assert "hunter2" not in str(caught.value)


@pytest.fixture
def client_for_environment(client_for, monkeypatch):
    def make(environ, base="https://t1.sandbox.mozu.com"):
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return client_for(base)

    return make


async def test_loopback_needs_no_proxy_settings(client_for_environment):
    client_for_environment({"ALL_PROXY": "socks5://x"}, base="http://127.0.0.1:8765")


class TokenWith:
    """A source whose token has these facts."""

    has_news = False

    def __init__(self, facts):
        self.facts = facts

    async def token(self):
        return SecretStr(TOKEN)

    async def renew(self, refused):
        return False


END = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "ends_at"),
    [
        pytest.param(TokenFacts("token file t", END), END, id="renewed by others"),
        pytest.param(TokenFacts("client id", END, renews_itself=True), None, id="renews itself"),
        pytest.param(TokenFacts("token file t"), None, id="says no end"),
    ],
)
async def test_the_end_of_access_is_that_of_a_token_that_does_not_renew_itself(client_for, facts, ends_at):
    assert client_for(transport=Server(JOB).transport, tokens=TokenWith(facts)).access_ends_at() == ends_at


async def test_a_retry_after_date_without_a_date_header_counts_from_the_clients_clock(client_for):
    now = ManualClock().now()
    later = now.replace(microsecond=0) + timedelta(seconds=50)

    with pytest.raises(RateLimited) as caught:
        await client_for(
            transport=Server((429, {"Retry-After": format_datetime(later, usegmt=True)}, b"")).transport
        ).job(7)

    assert caught.value.retry_after_s == pytest.approx(50, abs=1)
