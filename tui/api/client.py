"""Asks the queue API and gives back an `Answer` or exactly one error of ours. Decides nothing about when to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from tui.api.answer import Answer
from tui.api.credentials.refusal import refusal
from tui.api.credentials.source import TokenSource
from tui.api.errors import BadAnswer, TokenRenewed, Unauthorised
from tui.api.http_errors import Subject, error_for
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
        reply = await self._get(f"/{job_id}", Subject(f"job {job_id}", "check the id, the tenant and the site"))
        return _answer(self._reader.job(reply, job_id), reply)

    async def jobs(self, query: JobQuery) -> Answer[tuple[Job, ...]]:
        """Return the jobs that match `query`, in the server's order; those of another tenant are left out.

        Raises:
            ApiError: One of its kinds, but not JobNotFound.
            ConfigError: The token or the environment is unusable.
        """
        parameters = query.parameters()
        subject = Subject("the list of jobs", f"check {'the filter values' if parameters else 'the tenant and the site'}")
        reply = await self._get("", subject, parameters=parameters, accepted=frozenset({404, 410}))
        if reply.status == 404:  # contract.md, Calls: documented for the list too
            return _answer((), reply)
        if reply.status == 410:
            raise BadAnswer("the server has removed the list of jobs", remedy="ask for each job by its id", **reply.evidence)
        listed = self._reader.jobs(reply, query)
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
        self, path: str, subject: Subject, *, parameters: Sequence[tuple[str, str]] = (), accepted: frozenset[int] = frozenset()
    ) -> Reply:
        """Return the answer if its status is 2xx or `accepted`."""
        token = await self._renewal.token()
        reply = await self._send(path, parameters, token)
        if reply.status != 401:
            self._renewal.accepted(token)
        elif await self._is_renewed(token, reply):
            raise TokenRenewed("the token was refused and has been renewed", **reply.evidence)
        if 200 <= reply.status < 300 or reply.status in accepted:
            return reply
        now = self._clock.now()
        why = refusal(self._tokens.facts, reply.server_time or now)
        error = error_for(reply, subject, host=self._host, now=now, refusal=why)
        error.server_time = reply.server_time
        raise error

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


def _answer(value: T, reply: Reply) -> Answer[T]:
    return Answer(value, reply.correlation_id, reply.server_time, reply.status)
