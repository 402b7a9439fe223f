"""The client of the queue API: each call returns an `ApiResult` or raises exactly one `ApiError`.

The monitor decides when to poll.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from tui.api.auth.flow import BearerAuth, TokenRenewal, TokenVerdict
from tui.api.auth.rejection import TokenRejection, token_rejection
from tui.api.auth.token_source import TokenSource
from tui.api.failures import REFUSALS, OnStep, Subject, status_error, unauthorised
from tui.api.proxy import UNREADABLE_REMEDY
from tui.api.raw_response import RawResponse
from tui.api.response_cache import JobReader
from tui.api.tenant_host import TenantHost, is_tenant_response, tenant_call, tenant_host, unanswered
from tui.api.tls import open_key
from tui.api.transport import TOTAL_S, Transport, transport_to
from tui.core.clock import Clock
from tui.domain.errors import ApiError, BadAnswer, JobNotFound, Unauthorised
from tui.domain.job import Job
from tui.domain.job_source import ApiResult, JobQuery
from tui.settings.resolve import Settings

T = TypeVar("T")


async def _admit_at_once() -> None:
    """Let a request leave that no rate limiter counts."""


QUEUE = "/commerce/inventory/v1/queue"
"""Path of the jobs, below the base of the API."""


class JobClient:
    """The queue API of one tenant.

    Args:
        settings: Address and timeouts of the API.
        tokens: Source of the access token. After a 401 the client renews it once and repeats the request.
        clock: Reference time for a Retry-After date without a Date header.
        transport: Replaces the network; None means the real one.
        total_s: Seconds that one request may take in all, above 0.
        on_step: Receives the trace events of each request to the API; None for no receiver.
        admit: Waits until the rate limiter lets one more request of a running call leave, and counts it.
        notify: Receives notes for the user, one line each.
        on_host: Called once with the address of the API if the auth host had to supply it.

    Raises:
        ConfigError: A proxy or certificate setting of the environment is unusable.
    """

    def __init__(  # noqa: PLR0913  # few callers give more than the first three
        self,
        settings: Settings,
        tokens: TokenSource,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        total_s: float = TOTAL_S,
        on_step: OnStep | None = None,
        admit: Callable[[], Awaitable[object]] = _admit_at_once,
        notify: Callable[[str], object] = lambda _: None,
        on_host: Callable[[TenantHost], object] = lambda _: None,
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self._renewal = TokenRenewal(tokens)
        self._reader = JobReader(settings.tenant)
        self._clock = clock
        self._admit = admit
        self._renewed_at: datetime | None = None
        self._notify, self._on_host = notify, on_host
        self._network, self._total_s = transport, total_s
        self._on_step = on_step
        self._notified: set[str] = set()
        self._api = None if settings.is_host_looked_up else self._server(settings.api_base)
        self._auth = self._server(settings.auth_base) if settings.is_host_looked_up else None
        self._lookup = asyncio.Lock()
        if transport is None and (warning := open_key(settings)):
            notify(f"note: {warning}; run chmod 600 on it")

    async def job(self, job_id: int) -> ApiResult[Job]:
        """Return the job `job_id`.

        Raises:
            ApiError: A subclass of it; JobNotFound if the server knows no such job.
            ConfigError: The token or the environment is unusable.
        """
        subject = Subject(f"job {job_id}", "check the id, the tenant and the site")
        api = await self._api_server()
        response, job = await self._get(
            api, f"{QUEUE}/{job_id}", subject, lambda response: self._reader.job(response, job_id)
        )
        return _answer(job, response)

    async def jobs(self, query: JobQuery) -> ApiResult[tuple[Job, ...]]:
        """Return the jobs that match `query`, in the server's order, without jobs of other tenants.

        Raises:
            ApiError: A subclass of it, except JobNotFound.
            ConfigError: The token or the environment is unusable.
        """
        parameters = query.parameters()
        subject = Subject(
            "the list of jobs", f"check {'the filter values' if parameters else 'the tenant and the site'}"
        )
        api = await self._api_server()
        try:
            response, listed = await self._get(
                api, QUEUE, subject, lambda response: self._reader.jobs(response, query), parameters=parameters
            )
        except JobNotFound as error:
            return _empty(error)
        read = _answer(listed.jobs, response)
        return replace(
            read,
            skipped=listed.skipped,
            withheld=listed.withheld,
            has_more=response.has_next_page,
            size_bytes=len(response.body),
        )

    async def find_host(self) -> TenantHost:
        """Request the address of the tenant's API from the auth host; all later calls use it.

        Raises:
            ApiError: The auth host does not return the address.
            ConfigError: The token or the environment is unusable.
        """
        self._auth = auth = self._auth or self._server(self._settings.auth_base)
        path, subject = tenant_call(self._settings)
        await self._renewal.token()  # its errors are not those of the tenant call
        _, found = await self._get(
            auth,
            path,
            subject,
            lambda response: tenant_host(response, self._settings),
            is_readable=is_tenant_response,
            worded=lambda error: unanswered(error, self._settings),
        )
        self._api = self._server(found.api_base)
        if found.note:
            self._notify_once([f"note: {found.note}"])
        self._on_host(found)
        return found

    def has_new_token(self) -> bool:
        """Return whether a new token replaces the rejected one; sends no request."""
        return self._renewal.has_new_token()

    def access_ends_at(self) -> datetime | None:
        """Return when the current token expires; None if unknown, or if jobdeck renews it automatically."""
        facts = self._tokens.facts
        return None if facts.renews_itself else facts.expires_at

    def token_renewed_at(self) -> datetime | None:
        """Return when a rejected token was last renewed; None if none was."""
        return self._renewed_at

    async def aclose(self) -> None:
        """Close every connection; requests in flight end at once."""
        for server in filter(None, (self._api, self._auth)):
            await server.transport.aclose()

    async def _api_server(self) -> _Server:
        """Return the API server.

        Raises:
            ApiError: The address is unknown.
        """
        if self._api is None:
            async with self._lookup:
                if self._api is None:
                    await self.find_host()
                    await self._admit()  # this call has spent its request on the address
        if self._api is None:
            raise RuntimeError("a tenant call that did not fail gave no address")
        return self._api

    def _server(self, base: str) -> _Server:
        transport = transport_to(
            base, self._settings, total_s=self._total_s, transport=self._network, on_step=self._on_step
        )
        if skipped := transport.unreadable_exemptions:
            self._notify_once([f"note: {skipped}; {UNREADABLE_REMEDY}"])
        return _Server(base, transport)

    def _notify_once(self, notes: Iterable[str]) -> None:
        for note in notes:
            if note not in self._notified:
                self._notified.add(note)
                self._notify(note)

    async def _get(
        self,
        server: _Server,
        path: str,
        subject: Subject,
        read: Callable[[RawResponse], T],
        *,
        parameters: Sequence[tuple[str, str]] = (),
        is_readable: Callable[[RawResponse], bool] = lambda response: 200 <= response.status < 300,
        worded: Callable[[ApiError], ApiError] = lambda error: error,
    ) -> tuple[RawResponse, T]:
        """Return the response and the result of `read`; `worded` adapts the errors of this request, except those of
        `read`.

        Only a response of the API itself proves that the token is valid; gateways send other responses.
        """
        url = f"{server.base}{path}"
        outcome: T | ApiError

        def verdict_of(response: RawResponse) -> TokenVerdict:
            nonlocal outcome
            try:
                if not is_readable(response):
                    now, refused = self._clock.now(), self._refusal(response)
                    raise worded(status_error(response, subject, host=server.host, now=now, url=url, refusal=refused))
                outcome = self._read(response.without_secrets(), read, server.host)
            except ApiError as error:
                outcome = error
                error.server_time = response.server_time
                if isinstance(error, Unauthorised) and response.status != 403:
                    return TokenVerdict.REJECTED
                is_of_api = isinstance(error, JobNotFound) or response.status in REFUSALS
                return TokenVerdict.ACCEPTED if is_of_api else TokenVerdict.UNKNOWN
            return TokenVerdict.ACCEPTED

        identity = {"x-vol-tenant": self._settings.tenant, "x-vol-site": self._settings.site}
        headers = {name: value for name, value in identity.items() if value}
        auth = BearerAuth(self._renewal, verdict_of=verdict_of, admit=self._admit_renewed)
        try:
            response = await server.transport.get(url, parameters=parameters, headers=headers, auth=auth)
        except ApiError as error:
            raise worded(error) from error
        finally:
            self._notify_once(f"note: {concern}" for concern in self._tokens.facts.concerns)
        if isinstance(outcome, ApiError):
            raise outcome
        return response, outcome

    def _read(self, response: RawResponse, read: Callable[[RawResponse], T], host: str) -> T:
        try:
            return read(response)
        except Unauthorised as error:  # the body reports it with status 200
            raise unauthorised(response, self._refusal(response), host=host) from error

    def _refusal(self, response: RawResponse) -> TokenRejection:
        """Return the reason to report if the response rejects the token."""
        return token_rejection(self._tokens.facts, response.server_time or self._clock.now())

    async def _admit_renewed(self) -> None:
        self._renewed_at = self._clock.now()
        await self._admit()


@dataclass(frozen=True, slots=True)
class _Server:
    """One server and its transport."""

    base: str
    """Scheme, host and path: the prefix of all its URLs."""
    transport: Transport

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc


def _empty(error: JobNotFound) -> ApiResult[tuple[Job, ...]]:
    """Return an empty list, the meaning of a 404 (tui/api/README.md, Calls).

    Raises:
        BadAnswer: The server has removed the list.
    """
    if error.http_status != 404:
        what, remedy = "the server has removed the list of jobs", "request each job by its id"
        raise BadAnswer(
            what, remedy=remedy, correlation_id=error.correlation_id, http_status=error.http_status
        ) from error
    return ApiResult((), error.correlation_id, error.server_time, 404)


def _answer(value: T, response: RawResponse) -> ApiResult[T]:
    return ApiResult(value, response.correlation_id, response.server_time, response.status)
