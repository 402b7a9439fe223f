"""Makes jobs of answers: what equals the last answer is not read again, and what is another tenant's is withheld. Sends nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from tui.api.http_errors import remedy_by_words
from tui.api.payloads import NoJob, job_from, jobs_from
from tui.api.pieces import read_pieces
from tui.api.recall import NOTHING, Recall, Remembered
from tui.api.reply import Reply
from tui.domain.errors import ApiError, BadAnswer, Unauthorised
from tui.domain.job import NAMES, Job, Origin, origin_of
from tui.domain.job_source import JobQuery

_NO_JOB = "the server answered with an error instead of a job"
_NOT_FOUND = re.compile(r"\bjob\b.*(?:not found|does not exist|unknown)|no such job|unknown job", re.IGNORECASE)
_FOREIGN_REMEDY = "check --tenant, --site and --api-host"


class JobReader:
    """Reads each answer beside the last one to the same question; jobs that did not change are the very same objects.

    Args:
        tenant: Digits of the tenant whose jobs are asked for; None withholds nothing.
    """

    def __init__(self, tenant: str | None) -> None:
        self._tenant = tenant
        self._recall = Recall()

    def job(self, reply: Reply, job_id: int) -> Job:
        """Return the job in a 2xx answer to the call for `job_id`.

        Raises:
            BadAnswer: It holds no job, another one, or one of another tenant.
            Unauthorised: It holds no job and says that the token or the permission is why.
        """
        (job,) = self._read(reply, job_id, partial(_one_job, job_id)).jobs
        if self._is_foreign(job.origin):
            raise self._foreign(reply, job.origin)
        return job

    def jobs(self, reply: Reply, query: JobQuery) -> Remembered:
        """Return what a 2xx answer to `query` holds: its jobs in the server's order, and how many elements are left out.

        Raises:
            BadAnswer: It holds no list, or a list in which nothing is a job.
            Unauthorised: The same, and it says that the token or the permission is why.
        """
        return self._read(reply, query, self._list)

    def _read(self, reply: Reply, question: int | JobQuery, read: Callable[[Reply, Remembered], Remembered]) -> Remembered:
        """Return what `read` makes of the answer and the last one; of an answer that is equal to that, what it made of it then."""
        if reply.status != 200:
            raise BadAnswer("answered without content", **reply.evidence)
        last = self._recall.get(question)
        if last is not None and last.has_body(reply.body):
            return last
        try:
            answer = read(reply, last or NOTHING)
        except NoJob as error:
            raise self._no_job(reply, error) from error
        except ValueError as error:
            raise BadAnswer(reply.shown(str(error)), **reply.evidence) from error
        self._recall.keep(question, answer)
        return answer

    def _no_job(self, reply: Reply, error: NoJob) -> ApiError:
        """Return the error of a 200 that describes no job: with the server's own words where it is the body of an error."""
        value = error.value
        if isinstance(value, dict) and self._is_foreign(origin := origin_of(*map(value.get, NAMES))):
            return self._foreign(reply, origin)
        words = reply.words if error.is_error else ""
        if words and reply.said.is_about_access:
            return Unauthorised(words, **reply.evidence)
        if words:
            return BadAnswer(f"{_NO_JOB}: {words}", remedy=remedy_by_words(reply, _remedy_of(words)), **reply.evidence)
        return BadAnswer(reply.shown(str(error)), **reply.evidence)

    def _foreign(self, reply: Reply, origin: Origin) -> BadAnswer:
        described = f"the answer describes tenant {origin.tenant}, not {self._tenant}: withheld"
        return BadAnswer(described, remedy=_FOREIGN_REMEDY, **reply.evidence)

    def _list(self, reply: Reply, last: Remembered) -> Remembered:
        by_piece = read_pieces(reply.body, last.by_piece)
        if by_piece:
            jobs = tuple(by_piece.values())
            own = self._own(jobs)
            return Remembered(own, by_piece=by_piece, withheld=len(jobs) - len(own))
        elements = reply.json()
        jobs = jobs_from(elements, earlier=last.by_id)
        skipped = len(elements) - len(jobs) if isinstance(elements, list) else 0
        own = self._own(jobs)
        return Remembered(own, reply.body, skipped=skipped, withheld=len(jobs) - len(own))

    def _own(self, jobs: tuple[Job, ...]) -> tuple[Job, ...]:
        foreign = {origin for origin in {job.origin for job in jobs} if self._is_foreign(origin)}
        return tuple([job for job in jobs if job.origin not in foreign]) if foreign else jobs

    def _is_foreign(self, origin: Origin) -> bool:
        """Return whether another tenant than ours is named; an unreadable one hides nothing."""
        tenant, named = self._tenant, origin.tenant
        if not tenant or named is None or named == tenant:
            return False
        return re.fullmatch(r"[0-9]{1,18}", named) is not None and int(named) != int(tenant)


def _remedy_of(words: str) -> str | None:
    """Return what to do about an error that speaks of a job that is not there."""
    return "check the id, the tenant and the site" if _NOT_FOUND.search(words) else None


def _one_job(job_id: int, reply: Reply, last: Remembered) -> Remembered:
    return Remembered((job_from(reply.json(), asked=job_id, earlier=last.by_id),), reply.body)
