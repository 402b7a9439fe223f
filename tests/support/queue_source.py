"""The simulated queue as a source of jobs, without a wire: what a monitor asks, and how long a change stays unseen."""

from datetime import timedelta

from tui.api.response_cache import job_from, jobs_from
from tui.core.clock import ManualClock
from tui.domain.errors import ApiError, BadAnswer, JobNotFound
from tui.domain.job import Job
from tui.domain.job_source import ApiResult, JobQuery
from tui.simulator.queue import DEFAULT_LIMIT, JobQueue, SimJob


class QuickClock(ManualClock):
    """A manual clock for sources that answer without waiting for anything but time."""

    SETTLE_TURNS = 40


class QueueSource:
    """Answers as the simulated queue does.

    Args:
        jobs: The lives of all jobs.
        clock: Time of the queue.
        takes_s: Seconds until an answer comes.
        has_lists: Whether list calls work.
        most: Jobs that a list holds at most, whatever its limit.
    """

    def __init__(
        self, jobs: tuple[SimJob, ...], clock, *, takes_s: float = 0.0, has_lists: bool = True, most: int = 10**9
    ):
        self.clock = clock
        self.queue = JobQueue(jobs, clock)
        self.asked: list[tuple[float, int | JobQuery]] = []
        self.outage: ApiError | None = None
        """Why nothing is answered."""
        self._takes_s = takes_s
        self._has_lists = has_lists
        self._most = most
        self._last: dict[int, Job] = {}

    async def job(self, job_id: int) -> ApiResult[Job]:
        self.asked.append((self.clock.monotonic_s(), job_id))
        found = self.queue.job(job_id)
        await self._arrive()
        if found is None:
            raise JobNotFound(f"no job {job_id}", http_status=404)
        return ApiResult(self._kept(job_from(found, job_id=job_id)), None, self._date())

    async def jobs(self, query: JobQuery) -> ApiResult[tuple[Job, ...]]:
        self.asked.append((self.clock.monotonic_s(), query))
        found = self.found(query)
        await self._arrive()
        if not self._has_lists:
            raise BadAnswer("no lists here", http_status=400)
        return ApiResult(tuple(map(self._kept, jobs_from(list(found)))), None, self._date())

    async def _arrive(self) -> None:
        await self.clock.sleep(self._takes_s)
        if self.outage is not None:
            raise self.outage

    def has_new_token(self) -> bool:
        return False

    def access_ends_at(self):
        return None

    def token_renewed_at(self):
        return None

    def found(self, query: JobQuery):
        return self.queue.jobs(
            location=query.location_code,
            types=query.types,
            owner=query.owner,
            filename=query.original_filename,
            limit=min(self._most, query.limit or DEFAULT_LIMIT),
        )

    @property
    def lists(self) -> list[JobQuery]:
        return [asked for _, asked in self.asked if isinstance(asked, JobQuery)]

    @property
    def singles(self) -> list[int]:
        return [asked for _, asked in self.asked if isinstance(asked, int)]

    def _date(self):
        now = self.clock.now()
        return now - timedelta(microseconds=now.microsecond)

    def _kept(self, job: Job) -> Job:
        """Return the very same job where nothing changed, as the client does."""
        last = self._last.get(job.job_id)
        if last is not None and last.sent == job.sent:
            return last
        self._last[job.job_id] = job
        return job


class Delays:
    """How long after a change of status the monitor knew it."""

    def __init__(self, jobs: tuple[SimJob, ...], monitor, clock):
        self.delays_s: list[float] = []
        self._due = {job.job_id: [(job.start_s, "WORKING"), (job.end_s, job.status)] for job in jobs}
        self._clock = clock
        self._started_s = clock.monotonic_s()
        monitor.subscribe(self._take)

    def _take(self, batch):
        now_s = self._clock.monotonic_s() - self._started_s
        for tracked in batch.changed:
            due = self._due.get(tracked.job_id, [])
            while due and (tracked.status == due[0][1] or (tracked.job and tracked.job.is_ended)):
                changed_s, _ = due.pop(0)
                if changed_s > 0:
                    self.delays_s.append(now_s - changed_s)


def uploaded(
    count: int, *, file: str = "inv.csv", lanes: int = 10, first_id: int = 1, seed: int = 0
) -> tuple[SimJob, ...]:
    """Return the jobs of one uploaded file, a job a location, worked off in `lanes` at once, each for 20 to 90 s."""
    import random

    rng = random.Random(seed)
    free_s = [rng.uniform(1, 30) for _ in range(lanes)]
    jobs = []
    for number in range(count):
        lane = min(range(lanes), key=free_s.__getitem__)
        end_s = free_s[lane] + rng.uniform(20, 90)
        jobs.append(
            SimJob(
                job_id=first_id + number,
                location=f"W{number + 1:03}",
                original_filename=file,
                added_s=-5.0,
                start_s=free_s[lane],
                end_s=end_s,
                items=rng.randint(100, 3000),
                status="FAILED" if rng.random() < 0.05 else "SUCCESS",
            )
        )
        free_s[lane] = end_s + 0.5
    return tuple(jobs)
