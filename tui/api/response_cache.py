"""Parse response bodies into jobs; unchanged bodies and list elements give the same objects as before.

Omits jobs of other tenants.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple, TypeGuard

from pydantic import JsonValue

from tui.api.failures import remedy_by_words
from tui.api.raw_response import RawResponse
from tui.core.json_decoding import cleaned, is_plain, json_text, looks_same, repeats_a_name
from tui.core.text import count
from tui.domain.errors import ApiError, BadAnswer, Unauthorised
from tui.domain.job import Job, identity, verbatim
from tui.domain.job_source import JobQuery

ERROR_FIELDS = frozenset({"error", "errorCode", "errorMessage", "error_description", "exceptionDetail", "items"})

_WORDS = ERROR_FIELDS | {"message", "messages"}

JOB_FIELDS = frozenset(
    {"status", "type", "locationCode", "originalFilename", "itemCount", "added", "started", "finished"}
)


class NoJob(ValueError):
    """A decoded response without any job.

    Args:
        text: What the response is instead.
        value: The whole decoded response.
        is_error: Whether it may be an error body, whose message then takes precedence.
    """

    def __init__(self, text: str, value: JsonValue, *, is_error: bool) -> None:
        super().__init__(text)
        self.value = value
        self.is_error = is_error


def is_error_body(value: Mapping[str, JsonValue]) -> bool:
    """Return whether an object with an id is an error body that repeats the id of the request."""
    if value.get("status") or any(value.get(name) for name in JOB_FIELDS):
        return False
    return value.get("success") is False or any(value.get(name) for name in _WORDS)


def job_from(value: JsonValue, *, job_id: int, earlier: Mapping[int, Job] | None = None) -> Job:
    """Return the job in the response to a request for the job `job_id`.

    Args:
        value: Decoded JSON.
        job_id: The job's id.
        earlier: Jobs of the previous response; an unchanged one is reused.

    Raises:
        NoJob: It is no object, has no `jobID` (tui/api/README.md, Traps), or is an error body that repeats the id.
        ValueError: It describes another job.
    """
    if not isinstance(value, dict):
        raise NoJob(f"expected one job, got {_described(value)}", value, is_error=isinstance(value, list | str))
    named = value.get("jobID")
    if named is None:
        is_error = not ERROR_FIELDS.isdisjoint(value) or JOB_FIELDS.isdisjoint(value)
        raise NoJob(
            f"expected job {job_id}, got an object without a jobID{_fields_of(value)}", value, is_error=is_error
        )
    if identity(named) != job_id:
        raise ValueError(f"requested job {job_id}, the response describes job {json_text(named)}: withheld")
    if is_error_body(value):
        raise NoJob(f"expected job {job_id}, got an object without a status{_fields_of(value)}", value, is_error=True)
    return _job(value, job_id, earlier or {})


def jobs_from(value: JsonValue, *, earlier: Mapping[int, Job] | None = None, is_safe: bool = False) -> tuple[Job, ...]:
    """Return the jobs in the response to a list request, in the server's order.

    Omits errors, elements without a usable id, and all elements of a job that the list describes in two ways.

    Args:
        value: Decoded JSON.
        earlier: Jobs of the previous response, by id; unchanged ones are reused.
        is_safe: Whether all strings are known to be safe to show.

    Raises:
        NoJob: It is no array, or it contains no job.
    """
    if not isinstance(value, list):
        raise NoJob(
            f"expected an array of jobs, got {_described(value)}", value, is_error=isinstance(value, dict | str)
        )
    known = earlier or {}
    placed = [
        (element, identity(element.get("jobID")))
        for element in value
        if isinstance(element, dict) and not is_error_body(element)
    ]
    contradicted = _contradicted(placed)
    jobs = tuple(
        [
            _job(element, job_id, known, is_safe=is_safe)
            for element, job_id in placed
            if job_id and job_id not in contradicted
        ]
    )
    if value and not jobs and not contradicted:
        raise NoJob(
            f"expected an array of jobs, got {count(len(value), 'element')} without a jobID", value, is_error=True
        )
    return jobs


def _contradicted(placed: list[tuple[dict[str, JsonValue], int | None]]) -> set[int]:
    """Return the ids of the jobs that a list describes in different ways: neither description is believed."""
    if len({job_id for _, job_id in placed}) == len(placed):
        return set()
    first: dict[int, dict[str, JsonValue]] = {}
    return {job_id for element, job_id in placed if job_id and first.setdefault(job_id, element) != element}


def _job(raw: dict[str, JsonValue], job_id: int, earlier: Mapping[int, Job], *, is_safe: bool = False) -> Job:
    known = earlier.get(job_id)
    if known is not None and looks_same(raw, known.raw):
        return known
    return Job.from_raw(raw, job_id=job_id, is_safe=is_safe)


def _fields_of(value: dict[str, JsonValue]) -> str:
    """Return the fields of an object as text for the error message."""
    held = (f"{name} {json_text(cleaned(item))}" for name, item in value.items() if item is not None)
    text = ", ".join(held)
    return f": {text}" if text else ""


def _described(value: JsonValue) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


LIMIT_BYTES = 8_000_000
"""Limit of all bodies plus `JOB_BYTES` a job. Holds 10,000 jobs of up to 600 bytes."""

JOB_BYTES = 200
"""Added for each job: a small job needs more memory than its JSON."""


class CachedResponse(NamedTuple):
    """One cached response."""

    jobs: tuple[Job, ...]
    body: bytes = b""
    skipped: int = 0
    """Number of list elements that are not jobs."""
    withheld: int = 0
    """Number of jobs of other tenants, which `jobs` omits."""

    @property
    def by_id(self) -> dict[int, Job]:
        """The jobs by their ids."""
        return {job.job_id: job for job in self.jobs}

    @property
    def size_bytes(self) -> int:
        return len(self.body) + JOB_BYTES * max(1, len(self.jobs))


NOTHING = CachedResponse(())
"""The entry of a request without a cached response."""


class ResponseCache:
    """The newest response for each request (a job id or a query); evicts the least recently used.

    Args:
        limit_bytes: Limit for all responses; one larger than half of it is never cached.
    """

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._answers: OrderedDict[int | JobQuery, CachedResponse] = OrderedDict()

    @property
    def size_bytes(self) -> int:
        """Bytes of all cached responses."""
        return self._size_bytes

    def get(self, question: int | JobQuery) -> CachedResponse | None:
        """Return the last response to `question` and mark it as used; None if there is none."""
        known = self._answers.get(question)
        if known is not None:
            self._answers.move_to_end(question)
        return known

    def keep(self, question: int | JobQuery, answer: CachedResponse) -> None:
        """Replace the response to `question`, and evict others until it fits."""
        self.forget(question)
        size_bytes = answer.size_bytes
        if size_bytes > self._limit_bytes / 2:
            return
        self._answers[question] = answer
        self._size_bytes += size_bytes
        while self._size_bytes > self._limit_bytes:
            self._size_bytes -= self._answers.popitem(last=False)[1].size_bytes

    def forget(self, question: int | JobQuery) -> None:
        """Remove the response to `question`, if there is one."""
        known = self._answers.pop(question, None)
        self._size_bytes -= known.size_bytes if known else 0


_NO_JOB = "the server answered with an error instead of a job"

_NOT_FOUND = re.compile(r"\bjob\b.*(?:not found|does not exist|unknown)|no such job|unknown job", re.IGNORECASE)

_FOREIGN_REMEDY = "check --tenant, --site and --api-host"

_MOST_TENANTS = 50_000
"""Number of jobs whose tenant is remembered; above it the oldest is forgotten."""


class JobReader:
    """Parses responses with a cache: unchanged jobs are the same objects as before.

    Args:
        tenant: Digits of the configured tenant. None accepts the jobs of all tenants, but each job keeps the tenant of
            its first response.
    """

    def __init__(self, tenant: str | None) -> None:
        self._tenant = tenant
        self._tenants: dict[int, str] = {}
        self._recall = ResponseCache()

    def job(self, response: RawResponse, job_id: int) -> Job:
        """Return the job in a 2xx response to the request for `job_id`.

        Raises:
            BadAnswer: The response has no job, another job, or a job of another tenant.
            Unauthorised: It has no job and blames the token or a permission.
        """
        (job,) = self._read(response, job_id, partial(_one_job, job_id)).jobs
        if not self._own((job,)):
            raise self._foreign(response, job.origin.tenant, self._tenant_of(job))
        return job

    def jobs(self, response: RawResponse, query: JobQuery) -> CachedResponse:
        """Return the jobs in a 2xx response to `query`, in the server's order, and the number of omitted elements.

        Raises:
            BadAnswer: The response is no list, or a list without any job.
            Unauthorised: The same, and it blames the token or a permission.
        """
        return self._read(response, query, self._list)

    def _read(
        self,
        response: RawResponse,
        question: int | JobQuery,
        read: Callable[[RawResponse, CachedResponse], CachedResponse],
    ) -> CachedResponse:
        """Return the result of `read` for the response and the last one; an equal response gives the cached result."""
        if response.status != 200:
            raise BadAnswer("answered without content", **response.evidence)
        last = self._recall.get(question)
        if last is not None and last.body == response.body:
            return last
        try:
            answer = read(response, last or NOTHING)
        except NoJob as error:
            raise self._no_job(response, error) from error
        except ValueError as error:
            raise BadAnswer(response.shown(str(error)), **response.evidence) from error
        self._recall.keep(question, answer)
        return answer

    def _no_job(self, response: RawResponse, error: NoJob) -> ApiError:
        """Return the error of a 200 without a job, with the server's message if it is an error body."""
        value = error.value
        if isinstance(value, dict) and _differs(named := verbatim(value.get("tenantID")), self._tenant):
            return self._foreign(response, named, self._tenant)
        words = response.words if error.is_error else ""
        if words and response.said.is_about_access:
            return Unauthorised(words, **response.evidence)
        if words:
            return BadAnswer(
                f"{_NO_JOB}: {words}", remedy=remedy_by_words(response, _remedy_of(words)), **response.evidence
            )
        return BadAnswer(response.shown(str(error)), **response.evidence)

    def _foreign(self, response: RawResponse, named: str | None, tenant: str | None) -> BadAnswer:
        described = f"the response describes tenant {named}, not {tenant}: withheld"
        return BadAnswer(described, remedy=_FOREIGN_REMEDY, **response.evidence)

    def _list(self, response: RawResponse, last: CachedResponse) -> CachedResponse:
        elements = _decoded(response)
        jobs = jobs_from(elements, earlier=last.by_id, is_safe=is_plain(response.body))
        skipped = len(elements) - len(jobs) if isinstance(elements, list) else 0
        own = self._own(jobs)
        return CachedResponse(own, response.body, skipped=skipped, withheld=len(jobs) - len(own))

    def _own(self, jobs: tuple[Job, ...]) -> tuple[Job, ...]:
        """Return the jobs of the configured tenant; without one, those whose tenant did not change."""
        if not self._tenant:
            return tuple([job for job in jobs if self._keeps_its_tenant(job)])
        foreign = {named for named in {job.origin.tenant for job in jobs} if _differs(named, self._tenant)}
        return tuple([job for job in jobs if job.origin.tenant not in foreign]) if foreign else jobs

    def _keeps_its_tenant(self, job: Job) -> bool:
        known = self._tenants.get(job.job_id)
        if known is None and _is_readable(job.origin.tenant):
            self._tenants[job.job_id] = job.origin.tenant
            if len(self._tenants) > _MOST_TENANTS:
                self._tenants.pop(next(iter(self._tenants)))
        return not _differs(job.origin.tenant, known)

    def _tenant_of(self, job: Job) -> str | None:
        return self._tenant or self._tenants.get(job.job_id)


def _is_readable(tenant: str | None) -> TypeGuard[str]:
    return tenant is not None and re.fullmatch(r"[0-9]{1,18}", tenant) is not None


def _differs(named: str | None, tenant: str | None) -> bool:
    """Return whether a job of the tenant `named` belongs to another one than `tenant`; False if either is unreadable."""
    if not tenant or named == tenant or not _is_readable(named):
        return False
    return int(named) != int(tenant)


def _remedy_of(words: str) -> str | None:
    """Return the remedy for a message about a missing job; None for any other."""
    return "check the id, the tenant and the site" if _NOT_FOUND.search(words) else None


def _decoded(response: RawResponse) -> JsonValue:
    """Return the decoded body.

    Raises:
        BadAnswer: It is not JSON.
        ValueError: A job in it has two ids or two statuses.
    """
    value = response.json()
    jobs = len(value) if isinstance(value, list) else 1
    # Counting is much faster than decoding once more, and the names rarely occur elsewhere.
    if any(response.body.count(name) > jobs for name in (b'"jobID"', b'"status"')) and repeats_a_name(response.body):
        raise ValueError("the response names a field of one object twice: withheld")
    return value


def _one_job(job_id: int, response: RawResponse, last: CachedResponse) -> CachedResponse:
    return CachedResponse((job_from(_decoded(response), job_id=job_id, earlier=last.by_id),), response.body)
