"""Asks the queue API and gives back an `Answer` or exactly one error of ours. Decides nothing about when to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from tui.api.answer import Answer
from tui.api.credentials.refusal import refusal
from tui.api.credentials.source import TokenSource
from tui.api.errors import ApiError, BadAnswer, JobNotFound, TokenRenewed, Unauthorised
from tui.api.http_errors import REFUSALS, Subject, error_for, unauthorised
from tui.api.models import Job
from tui.api.query import JobQuery
from tui.api.reader import JobReader
from tui.api.renewal import Renewal
from tui.api.reply import Reply
from tui.api.transport import TOTAL_S, transport_to
from tui.clock import Clock
from tui.settings import Settings

T = TypeVar("T")

_QUEUE = "/commerce/inventory/v1/queue"


class JobClient:
    """The queue API of one tenant.

    Args:
        settings: Where it is and how patiently to wait.
        tokens: Has the access token; asked again once after a 401, and the caller told by TokenRenewed.
        clock: Tells the time to which a Retry-After date without a Date header refers.
        transport: Replaces the network; None means the real one.
        total_s: Seconds that one request may take in all, above 0.

    Raises:
        ConfigError: A proxy or certificate setting of the environment is unusable.
    """

    def __init__(
        self,
        settings: Settings,
        tokens: TokenSource,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        self._settings = settings
        self._host = urlsplit(settings.api_base).netloc
        self._tokens = tokens
        self._renewal = Renewal(tokens)
        self._reader = JobReader(settings.tenant)
        self._clock = clock
        self._transport = transport_to(settings.api_base, settings, total_s=total_s, transport=transport)

    async def job(self, job_id: int) -> Answer[Job]:
        """Return one reading of the job `job_id`.

        Raises:
            ApiError: One of its kinds; JobNotFound where the server knows no such job.
            ConfigError: The token or the environment is unusable.
        """
        subject = Subject(f"job {job_id}", "check the id, the tenant and the site")
        reply, job = await self._get(f"/{job_id}", subject, lambda reply: self._reader.job(reply, job_id))
        return _answer(job, reply)

    async def jobs(self, query: JobQuery) -> Answer[tuple[Job, ...]]:
        """Return the jobs that match `query`, in the server's order; those of another tenant are left out.

        Raises:
            ApiError: One of its kinds, but not JobNotFound.
            ConfigError: The token or the environment is unusable.
        """
        parameters = query.parameters()
        subject = Subject("the list of jobs", f"check {'the filter values' if parameters else 'the tenant and the site'}")
        try:
            reply, listed = await self._get("", subject, lambda reply: self._reader.jobs(reply, query), parameters=parameters)
        except JobNotFound as error:
            return _empty(error)
        return replace(_answer(listed.jobs, reply), skipped=listed.skipped, withheld=listed.withheld)

    def is_renewed(self) -> bool:
        """Return whether somebody renewed the token that did not open the door; costs no request."""
        return self._renewal.has_news()

    def access_ends_at(self) -> datetime | None:
        """Return when the present token ends, unless somebody renews it; None if nobody says so, or jobdeck renews it by itself."""
        facts = self._tokens.facts
        return None if facts.renews_itself else facts.expires_at

    async def aclose(self) -> None:
        """Close every connection; requests in flight end at once."""
        await self._transport.aclose()

    async def _get(
        self, path: str, subject: Subject, read: Callable[[Reply], T], *, parameters: Sequence[tuple[str, str]] = ()
    ) -> tuple[Reply, T]:
        """Return the answer and what `read` makes of it.

        Only an answer of the API itself shows that the token is good: whatever stands in front of it answers all kinds of things.
        """
        token = await self._renewal.token()
        reply = await self._send(path, parameters, token)
        try:
            value = self._read(reply, subject, read, path)
        except ApiError as error:
            error.server_time = reply.server_time
            if isinstance(error, JobNotFound) or reply.status in REFUSALS:
                self._renewal.accepted(token)
            if isinstance(error, Unauthorised) and reply.status != 403 and await self._is_renewed(token, reply):
                raise TokenRenewed("the token was refused and has been renewed", **reply.evidence) from error
            raise
        self._renewal.accepted(token)
        return reply, value

    def _read(self, reply: Reply, subject: Subject, read: Callable[[Reply], T], path: str) -> T:
        now = self._clock.now()
        why = refusal(self._tokens.facts, reply.server_time or now)
        if not 200 <= reply.status < 300:
            url = f"{self._settings.api_base}{_QUEUE}{path}"
            raise error_for(reply, subject, host=self._host, now=now, url=url, refusal=why)
        try:
            return read(reply)
        except Unauthorised as error:  # the body says so under a 200
            raise unauthorised(reply, why, host=self._host) from error

    async def _is_renewed(self, token: SecretStr, reply: Reply) -> bool:
        try:
            return await self._renewal.is_renewed(token)
        except Unauthorised as error:
            raise Unauthorised(error.message, remedy=error.remedy, host=self._host, **reply.evidence) from error

    async def _send(self, path: str, parameters: Sequence[tuple[str, str]], token: SecretStr) -> Reply:
        identity = {"x-vol-tenant": self._settings.tenant, "x-vol-site": self._settings.site}
        headers = httpx.Headers({name: value for name, value in identity.items() if value})  # its repr masks the token; a dict's does not
        headers["Authorization"] = f"Bearer {token.get_secret_value()}"
        url = f"{self._settings.api_base}{_QUEUE}{path}"
        reply = await self._transport.get(url, parameters=parameters, headers=headers, secrets=(token,))
        return reply.without_secrets()


def _empty(error: JobNotFound) -> Answer[tuple[Job, ...]]:
    """Return what "not found" means of a list: an empty one (contract.md, Calls).

    Raises:
        BadAnswer: The server has removed the list.
    """
    if error.http_status != 404:
        what, remedy = "the server has removed the list of jobs", "ask for each job by its id"
        raise BadAnswer(what, remedy=remedy, correlation_id=error.correlation_id, http_status=error.http_status) from error
    return Answer((), error.correlation_id, error.server_time, 404)


def _answer(value: T, reply: Reply) -> Answer[T]:
    return Answer(value, reply.correlation_id, reply.server_time, reply.status)
