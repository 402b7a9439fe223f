"""How long an unfinished job still takes, and whether it is late, learned from the jobs that have ended.

Pure and deterministic: jobs and the server's time go in. What is learned is bounded, so it can be rebuilt at any start
by learning the newest ended jobs again, in the order of their ends.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from math import exp, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeVar

from tui.analysis.learned_durations import LOCATIONS_KEPT, ErrorDistribution, LearnedDurations, Punctuality
from tui.analysis.queue_order import RUNS_KEPT, QueueKey, QueueOrder, Run, queue_of, recognise
from tui.domain.job_status import JobStatus, JobType

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

LOW, HIGH = 0.08, 0.92
"""Ends of a range. A little more than 80 %: the ends are estimates themselves."""

RUN_RESOLUTION_S = 0.1
"""Runs that are shorter are alike."""

WAIT_RESOLUTION_S = 1.0
"""Waits that are shorter are alike."""

IDS_KEPT = 20_000
"""Ended jobs that are not learned twice."""

PREDICTIONS_KEPT = 100_000
"""Predictions that wait for the end of their jobs; jobs that are no longer observed lose theirs first."""

LEVEL_UNCERTAINTY = 0.2
"""How far the level of all jobs ahead may be off, as a logarithm: however many there are, it does not average out."""

TYPES_KEPT = 1_000
"""Types of jobs, over all tenants, that are kept: a server may name any."""

PREDICTIONS_PER_JOB = 6

FORECASTS_KEPT = 800
"""Newest errors of waiting jobs that their ranges rest on: those of one burst are alike, so it takes several bursts."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of a job's remaining time."""

    low_s: float
    """The true remaining time lies between `low_s` and `high_s` in 80 % of the cases."""
    high_s: float
    basis: int
    """Ended jobs that the range rests on."""
    punctuality: Punctuality
    queue_position: int | None = None
    """1 for the job that starts next; None unless the queue takes one job at a time and the job waits in it."""


class Estimator:
    """Learns from ended jobs and estimates the others. Call it from one thread."""

    def __init__(self) -> None:
        self._types: dict[_TypeKey, _TypeHistory] = defaultdict(_TypeHistory)
        self._queues: dict[QueueKey, _QueueHistory] = defaultdict(_QueueHistory)
        self._learned: dict[_JobKey, None] = {}
        self._predictions: dict[_JobKey, list[_Prediction]] = {}
        self._first_sizes: dict[_JobKey, int | None] = {}
        self._sizes_known_before: deque[bool] = deque(maxlen=50)
        self._places: dict[_JobKey, _Place] = {}
        self._observed_at = datetime.min.replace(tzinfo=UTC)

    def learn(self, job: Job) -> None:
        """Learn an ended job; each one counts once, the others not at all. Call it in the order of the ends."""
        key = _job_key(job)
        if not job.is_ended or key in self._learned:
            return
        self._learned[key] = None
        _drop_oldest(self._learned, IDS_KEPT)
        _drop_oldest(self._types, TYPES_KEPT)
        _drop_oldest(self._queues, TYPES_KEPT)
        history = self._types[_type_key(job)]
        wait_s = _seconds(job.added, job.started)
        run_s = _seconds(job.started, job.finished)
        if wait_s is not None:
            history.waits.learn(wait_s, job.location_code)
        if run_s is not None:
            history.runs.learn(run_s, job.location_code)
            if job.item_count:
                history.sized_runs.learn(run_s, job.location_code, job.item_count)
        first_size = self._first_sizes.pop(key, None)
        if first_size:
            self._sizes_known_before.append(first_size == job.item_count)
        if job.started is None or job.finished is None or wait_s is None or run_s is None:
            self._predictions.pop(key, None)
            return
        for prediction in self._predictions.pop(key, ()):
            remaining_s = (job.finished - prediction.at).total_seconds()
            for way, forecast in prediction.forecasts.items():
                history.accuracy[way].learn(forecast, remaining_s)
        started_s = job.started.timestamp()
        self._queues[queue_of(job)].learn(
            Run(started_s - wait_s, started_s, started_s + run_s, job.location_code), wait_s + run_s
        )

    def observe(self, jobs: Iterable[Job], at: datetime) -> None:
        """Note which jobs wait and run now: a queue position follows from them, and the quality of predictions.

        Args:
            jobs: All unfinished jobs that are known; ended ones are ignored.
            at: The server's time.
        """
        running, waiting = defaultdict(list), defaultdict(list)
        for job in jobs:
            if job.is_ended:
                continue
            queue_key = queue_of(job)
            part = queue_key, job.location_code if self._queues[queue_key].order.is_per_location else None
            if job.status is JobStatus.WORKING:
                running[part].append(job)
                self._queues[queue_key].note_start(job)
            elif job.status is JobStatus.PENDING:
                waiting[part].append(job)
            key = _job_key(job)
            if self._first_sizes.setdefault(key, job.item_count) != job.item_count and job.item_count is not None:
                self._first_sizes[key] = -1  # it grows while the job runs
        self._places = {}
        self._observed_at = at
        for part, members in waiting.items():
            self._places |= self._line_up(self._queues[part[0]], running[part], members, at)
        for members in waiting.values():
            for job in members:
                self._predict(job, at)
        _drop_oldest(self._types, TYPES_KEPT)
        _drop_oldest(self._queues, TYPES_KEPT)
        _drop_oldest(self._predictions, PREDICTIONS_KEPT // PREDICTIONS_PER_JOB)
        _drop_oldest(self._first_sizes, PREDICTIONS_KEPT)

    def estimate(self, job: Job, at: datetime) -> Estimate | None:
        """Return how long a job still takes; None if it has ended or too few jobs of its type are known.

        Args:
            job: A waiting or running job.
            at: The server's time.
        """
        history = self._types.get(_type_key(job))
        if history is None or job.is_ended:
            return None
        if job.status is JobStatus.WORKING:
            return self._of_running(job, history, at)
        if job.status is JobStatus.PENDING:
            return self._of_waiting(job, history, at)
        return None

    def _of_running(self, job: Job, history: _TypeHistory, at: datetime) -> Estimate | None:
        runs, items = self._runs(job, history)
        if job.started is None or not runs.is_known:
            return None
        elapsed_s = max(0.0, (at - job.started).total_seconds())
        return Estimate(
            low_s=runs.remaining_s(LOW, elapsed_s, job.location_code, items),
            high_s=runs.remaining_s(HIGH, elapsed_s, job.location_code, items),
            basis=runs.basis(job.location_code),
            punctuality=runs.punctuality(elapsed_s, job.location_code, items),
        )

    def _of_waiting(self, job: Job, history: _TypeHistory, at: datetime) -> Estimate | None:
        forecasts = self._forecasts(job, history, at)
        if not forecasts:
            return None
        way = min(forecasts, key=lambda way: history.accuracy[way].miss)
        low_s, high_s = history.accuracy[way].range_s(forecasts[way])
        place = self._places.get(_job_key(job))
        punctuality = Punctuality.ON_TIME
        if history.waits.is_known and job.added is not None and self._queues[queue_of(job)].has_overtaken(job):
            punctuality = history.waits.punctuality(max(0.0, (at - job.added).total_seconds()), job.location_code)
        if punctuality is Punctuality.ON_TIME and place is not None and place.is_blocked:
            punctuality = Punctuality.LATE
        return Estimate(
            low_s=low_s,
            high_s=high_s,
            basis=history.runs.basis(job.location_code),
            punctuality=punctuality,
            queue_position=place.position if place is not None and place.is_one_at_a_time else None,
        )

    def _runs(self, job: Job, history: _TypeHistory) -> tuple[LearnedDurations, int | None]:
        """Return what is known of a job's run time, and the size to ask it for."""
        known_before = self._sizes_known_before
        if job.item_count and history.sized_runs.is_known and sum(known_before) >= max(5, 0.9 * len(known_before)):
            return history.sized_runs, job.item_count
        return history.runs, None

    def _forecasts(self, job: Job, history: _TypeHistory, at: datetime) -> dict[_Way, _Forecast]:
        """Return the remaining time of a waiting job by each way of predicting it that is possible."""
        runs, items = self._runs(job, history)
        if not runs.is_known:
            return {}
        run = runs.moments(job.location_code, items)
        waits = {}
        place = self._places.get(_job_key(job))
        if place is not None:
            passed_s = (at - self._observed_at).total_seconds()
            waits[_Way.QUEUE] = max(0.0, place.mean_s - passed_s), place.variance
        if history.waits.is_known:
            waited_s = max(0.0, (at - job.added).total_seconds()) if job.added is not None else 0.0
            waits[_Way.HISTORY] = history.waits.moments(job.location_code, elapsed_s=waited_s)
        uncertainty = runs.uncertainty(job.location_code)
        return {way: _Forecast.of(wait[0] + run[0], wait[1] + run[1], uncertainty) for way, wait in waits.items()}

    def _line_up(
        self, queue: _QueueHistory, running: list[Job], waiting: list[Job], at: datetime
    ) -> dict[_JobKey, _Place]:
        """Return the places of the waiting jobs in one part of a queue."""
        slots = queue.order.slots
        if slots is None:
            return {}
        ahead = []
        is_blocked = False
        for job in running:
            history = self._types[_type_key(job)]
            runs, items = self._runs(job, history)
            elapsed_s = max(0.0, (at - job.started).total_seconds()) if job.started is not None else 0.0
            ahead.append(self._run_moments(job, queue, elapsed_s))
            if slots == 1 and runs.is_known:
                is_blocked = runs.punctuality(elapsed_s, job.location_code, items) is not Punctuality.ON_TIME
        places = {}
        mean_s = variance = 0.0
        for position, job in enumerate(sorted(waiting, key=_arrival), 1):
            own = self._run_moments(job, queue, 0.0)
            if len(ahead) < slots:
                place = _Place(position, queue.order.gap_s, queue.order.gap_s**2, slots == 1, is_blocked)
                ahead.append(own)
            else:
                if not mean_s:
                    residual_s = sum(mean for mean, _ in ahead) / len(ahead)
                    mean_s = residual_s * (len(ahead) - slots + 1) / slots
                    variance = sum(variance for _, variance in ahead) / len(ahead) / slots**2
                mean_s += queue.order.gap_s / slots
                place = _Place(position, mean_s, variance, slots == 1, is_blocked)
                mean_s += own[0] / slots
                variance += own[1] / slots**2
            places[_job_key(job)] = place
        return places

    def _run_moments(self, job: Job, queue: _QueueHistory, elapsed_s: float) -> tuple[float, float]:
        runs, items = self._runs(job, self._types[_type_key(job)])
        if runs.is_known:
            return runs.moments(job.location_code, items, elapsed_s)
        return queue.usual_run_s, queue.usual_run_s**2

    def _predict(self, job: Job, at: datetime) -> None:
        """Keep predictions of a waiting job, to compare them with its end."""
        key = _job_key(job)
        predictions = self._predictions.setdefault(key, [])
        stride_s = self._queues[queue_of(job)].usual_total_s / 4
        if predictions and (at - predictions[-1].at).total_seconds() < stride_s:
            return
        forecasts = self._forecasts(job, self._types[_type_key(job)], at)
        if not forecasts:
            return
        if len(predictions) == PREDICTIONS_PER_JOB:
            del predictions[1::2]
        predictions.append(_Prediction(at, forecasts))


_Key = TypeVar("_Key")

_Kept = TypeVar("_Kept")

_JobKey = tuple[int | None, int]

_TypeKey = tuple[int | None, JobType | None]


def _job_key(job: Job) -> _JobKey:
    return job.tenant_id, job.job_id


def _type_key(job: Job) -> _TypeKey:
    return job.tenant_id, job.type


def _arrival(job: Job) -> tuple[bool, float, int]:
    """Return a sort key for the order in which jobs start."""
    return job.added is None, 0.0 if job.added is None else job.added.timestamp(), job.job_id


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    """Return the time between; None if one is missing or the order contradicts itself by more than the resolution."""
    if start is None or end is None:
        return None
    seconds = (end - start).total_seconds()
    return max(0.0, seconds) if seconds > -1 else None


def _drop_oldest(entries: dict[_Key, _Kept], limit: int) -> None:
    while len(entries) > limit:
        del entries[next(iter(entries))]


class _Way(StrEnum):
    """How the wait of a job is predicted."""

    QUEUE = "queue"
    """From the jobs before it."""
    HISTORY = "history"
    """From the waits of earlier jobs."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A waiting job's place in its queue when the jobs were observed."""

    position: int
    mean_s: float
    """Expected time until it starts."""
    variance: float
    is_one_at_a_time: bool
    is_blocked: bool
    """Whether the job that runs before it is late."""


@dataclass(frozen=True, slots=True)
class _Forecast:
    """A predicted duration: a lognormal distribution with this mean and spread of its logarithm."""

    log_mean: float
    log_spread: float

    @classmethod
    def of(cls, mean: float, variance: float, uncertainty: float) -> _Forecast:
        mean += RUN_RESOLUTION_S
        log_variance = log(1 + variance / mean**2)
        return cls(log(mean) - log_variance / 2, sqrt(log_variance + LEVEL_UNCERTAINTY**2 + uncertainty**2))


@dataclass(frozen=True, slots=True)
class _Prediction:
    at: datetime
    forecasts: dict[_Way, _Forecast]


_NORMAL_ERRORS = tuple(NormalDist().inv_cdf((step + 0.5) / 50) for step in range(50))


class _Accuracy:
    """How well one way of predicting has worked; its ranges are widened or narrowed accordingly."""

    def __init__(self) -> None:
        self.miss = 0.0
        """Recent mean distance of prediction and truth, as a logarithm."""
        self._count = 0
        self._errors = ErrorDistribution(FORECASTS_KEPT)
        for error in _NORMAL_ERRORS:
            self._errors.add(error)

    def learn(self, forecast: _Forecast, true_s: float) -> None:
        error = log(max(0.0, true_s) + RUN_RESOLUTION_S) - forecast.log_mean
        self._errors.add(error / forecast.log_spread)
        self._count += 1
        self.miss += (abs(error) - self.miss) / min(self._count, 100)

    def range_s(self, forecast: _Forecast) -> tuple[float, float]:
        low, high = (
            exp(forecast.log_mean + forecast.log_spread * self._errors.quantile(level)) - RUN_RESOLUTION_S
            for level in (LOW, HIGH)
        )
        return max(0.0, low), max(0.0, high)


@dataclass(slots=True)
class _TypeHistory:
    """What is known of the jobs of one type."""

    runs: LearnedDurations = field(default_factory=lambda: LearnedDurations(resolution_s=RUN_RESOLUTION_S))
    sized_runs: LearnedDurations = field(default_factory=lambda: LearnedDurations(resolution_s=RUN_RESOLUTION_S))
    """The same, of jobs with a known size."""
    waits: LearnedDurations = field(default_factory=lambda: LearnedDurations(resolution_s=WAIT_RESOLUTION_S))
    accuracy: dict[_Way, _Accuracy] = field(default_factory=lambda: {way: _Accuracy() for way in _Way})


class _QueueHistory:
    """What is known of one queue."""

    def __init__(self) -> None:
        self._newest_added_s: dict[str | None, float] = {}
        """For each location, when the newest job was added that has started."""
        self.usual_total_s = 0.0
        """Recent mean of wait and run."""
        self.usual_run_s = 0.0
        self._runs: deque[Run] = deque(maxlen=RUNS_KEPT)
        self._order: QueueOrder | None = None

    @property
    def order(self) -> QueueOrder:
        """How the queue takes its jobs, by its newest runs."""
        if self._order is None:
            self._order = recognise(self._runs)
        return self._order

    def learn(self, run: Run, total_s: float) -> None:
        self._runs.append(run)
        self._order = None
        self._note_start(run.location, run.added_s)
        step = 1 / min(len(self._runs), 30)
        self.usual_total_s += step * (total_s - self.usual_total_s)
        self.usual_run_s += step * (run.finished_s - run.started_s - self.usual_run_s)

    def note_start(self, job: Job) -> None:
        """Note a job that runs."""
        if job.added is not None:
            self._note_start(job.location_code, job.added.timestamp())

    def has_overtaken(self, job: Job) -> bool:
        """Return whether a job has started that was added after this one."""
        if job.added is None or not self._newest_added_s:
            return False
        if self.order.is_per_location:
            newest_s = self._newest_added_s.get(job.location_code, 0.0)
        else:
            newest_s = max(self._newest_added_s.values())
        return newest_s > job.added.timestamp()

    def _note_start(self, location: str | None, added_s: float) -> None:
        self._newest_added_s[location] = max(added_s, self._newest_added_s.pop(location, 0.0))
        _drop_oldest(self._newest_added_s, LOCATIONS_KEPT)
