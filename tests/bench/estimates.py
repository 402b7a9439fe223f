"""Ranges of remaining times on simulated fleets, beside two plain rules: `python -m tests.bench.estimates`."""

import heapq
import itertools
import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import exp
from statistics import fmean, quantiles

from tests.bench.figures import Figure, table
from tests.support.factories import job as job_of
from tui.analysis.estimates import Estimate, Estimator, Punctuality
from tui.domain.job import Job

START = datetime(2026, 11, 23, tzinfo=UTC)
MISS_FACTOR = 10
"""What a range pays for each second that the truth lies outside: 2 / (1 - 0.8), the interval score of 80 % ranges."""
KNOWN = 20
"""Jobs of a type that must have ended until its moments count."""
FRESH_SEEDS = 21, 22, 23, 24
"""The constants of the estimator were chosen by the fleets of the seeds 1 to 6; these were not looked at before."""
STUCK_SHARE = 0.03
STUCK_TIMES = 8
"""Multiple of its 95th percentile after which a stuck job is killed."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """How the jobs of a simulated tenant arrive and run."""

    name: str
    slots: int | None = 1
    """Jobs that run at once; None: all."""
    is_per_location: bool = False
    noise: Callable[[random.Random], float] = lambda dice: exp(dice.gauss(0, 0.3))
    """What a run is multiplied by."""
    burst: int = 1
    """Jobs that are added at once."""
    load: float = 0.75
    """Share of the time that the slots are busy."""
    drift: Callable[[float], float] = lambda share: 1.0
    """What runs are multiplied by, at a share of the fleet's life."""
    latency_s: Callable[[random.Random], float] = lambda dice: dice.uniform(0.2, 1.0)
    """Time that the queue needs for a start."""
    has_sizes_before: bool = False
    """Whether `itemCount` is sent before the end."""
    stuck: float = 0.0
    """Share of the jobs that get stuck."""
    locations: int = 20
    jobs: int = 600


def steps(share: float) -> float:
    """Double at a third of the life, and fall to half at two thirds."""
    return 1.0 if share < 1 / 3 else 2.0 if share < 2 / 3 else 0.5


FLEETS = (
    Fleet("one at a time"),
    Fleet("one at a time, bursts", burst=25, load=0.6),
    Fleet("one at a time, heavy tails", noise=lambda dice: dice.paretovariate(1.6), load=0.5),
    Fleet("one per location, bursts", is_per_location=True, burst=40, locations=12, load=0.3),
    Fleet("four at a time", slots=4, load=0.85),
    Fleet("four at a time, bursts, drift", slots=4, burst=30, load=0.6, drift=lambda share: 1 + 2 * share),
    Fleet("in parallel", slots=None, load=6),
    Fleet("in parallel, drift by steps", slots=None, load=6, drift=steps),
    Fleet("in parallel, heavy tails", slots=None, load=6, noise=lambda dice: exp(dice.gauss(0, 1.2))),
    Fleet("in parallel, sizes known", slots=None, load=6, has_sizes_before=True),
)


@dataclass(slots=True)
class Life:
    """The true life of one job, in seconds since the start."""

    job_id: int
    type: str
    location: str
    items: int
    added_s: float
    run_s: float
    longest_s: float
    """95th percentile of the runs of its type: of all, or of those at its location where that is more."""
    is_stuck: bool = False
    started_s: float = 0.0
    views: dict[str, Job] = field(default_factory=dict)

    @property
    def finished_s(self) -> float:
        return self.started_s + self.run_s


def lives(fleet: Fleet, seed: int = 1) -> list[Life]:
    """Return the jobs of a fleet with their true times, in the order in which they are added."""
    dice = random.Random(f"{fleet.name} {seed}")
    pace = {f"L{number:02}": exp(dice.gauss(0, 0.5)) for number in range(fleet.locations)}
    usual_items = {location: 200 * exp(dice.gauss(0, 0.8)) for location in pace}
    longest_s: dict[tuple[str, str], float] = {}
    for kind in ("REFRESH", "ADJUST"):
        runs_s = {
            location: [run_of(fleet, dice, kind, pace[location], items)[0] for _ in range(200)]
            for location, items in usual_items.items()
        }
        of_all_s = quantiles(itertools.chain.from_iterable(runs_s.values()), n=20)[-1]
        for location, similar_s in runs_s.items():
            longest_s[kind, location] = max(of_all_s, quantiles(similar_s, n=20)[-1])
    made, now_s = [], 0.0
    for number in range(fleet.jobs):
        kind = "ADJUST" if dice.random() < 0.3 else "REFRESH"
        location = dice.choice(list(pace))
        drift = fleet.drift(number / fleet.jobs)
        run_s, items = run_of(fleet, dice, kind, pace[location], usual_items[location])
        p95_s = longest_s[kind, location] * drift
        is_stuck = dice.random() < fleet.stuck
        run_s = p95_s * STUCK_TIMES if is_stuck else run_s * drift
        made.append(Life(number + 1, kind, location, items, now_s, run_s, p95_s, is_stuck))
        if (number + 1) % fleet.burst == 0:
            mean_s = fmean([life.run_s for life in made[-200:] if not life.is_stuck] or [30.0])
            slots = fleet.locations / 2 if fleet.is_per_location else (fleet.slots or 1)
            now_s += dice.expovariate(fleet.load * slots / mean_s / fleet.burst)
    free = defaultdict(lambda: [0.0] * (fleet.slots or fleet.jobs))
    for life in made:
        slots = free[life.location if fleet.is_per_location else ""]
        life.started_s = max(heapq.heappop(slots), life.added_s) + fleet.latency_s(dice)
        heapq.heappush(slots, life.finished_s)
    return made


def run_of(fleet: Fleet, dice: random.Random, kind: str, pace: float, usual_items: float) -> tuple[float, int]:
    """Return the run time in seconds and the size of a random job; both differ by location and are related."""
    items = max(1, round(usual_items * exp(dice.gauss(0, 0.6))))
    base_s = 3 + 0.1 * items if kind == "REFRESH" else 2 + 0.02 * items
    return base_s * pace * fleet.noise(dice), items


def view(fleet: Fleet, life: Life, status: str) -> Job:
    """Return the job as the API describes it in a status."""
    if status not in life.views:
        fields = {"tenantID": 1, "type": life.type, "locationCode": life.location, "added": stamp(life.added_s)}
        if status != "PENDING":
            fields["started"] = stamp(life.started_s)
        if status in {"SUCCESS", "FAILED"}:
            fields["finished"] = stamp(life.finished_s)
        if status in {"SUCCESS", "FAILED"} or fleet.has_sizes_before:
            fields["itemCount"] = life.items
        life.views[status] = job_of(life.job_id, status, **fields)
    return life.views[status]


def stamp(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


@dataclass(frozen=True, slots=True)
class Moment:
    """One unfinished job at one moment."""

    life: Life
    now_s: float
    is_waiting: bool
    job: Job
    estimator: Estimator
    estimate: Estimate | None
    similar_s: tuple[float, ...]
    """The last 50 times of its type, as a plain rule takes them: runs, for a waiting job waits and runs together."""

    @property
    def elapsed_s(self) -> float:
        return self.now_s - (self.life.added_s if self.is_waiting else self.life.started_s)

    @property
    def true_s(self) -> float:
        return self.life.finished_s - self.now_s


def moments(fleet: Fleet, seed: int = 1, samples: int = 200) -> Iterator[Moment]:
    """Yield all unfinished jobs at evenly spaced moments of a fleet's life, once enough jobs of their type are known."""
    made = lives(fleet, seed)
    ends = deque(sorted(made, key=lambda life: life.finished_s))
    arrivals = deque(made)
    estimator = Estimator()
    runs, totals = (defaultdict(lambda: deque(maxlen=50)) for _ in range(2))
    present: dict[int, Life] = {}
    for step in range(1, samples + 1):
        now_s = made[-1].added_s * step / samples
        while arrivals and arrivals[0].added_s <= now_s:
            life = arrivals.popleft()
            present[life.job_id] = life
        while ends and ends[0].finished_s <= now_s:
            life = ends.popleft()
            present.pop(life.job_id, None)
            estimator.learn(view(fleet, life, "FAILED" if life.is_stuck else "SUCCESS"))
            runs[life.type].append(life.run_s)
            totals[life.type].append(life.finished_s - life.added_s)
        at = START + timedelta(seconds=now_s)
        waiting = {life.job_id for life in present.values() if life.started_s > now_s}
        jobs = {
            life.job_id: view(fleet, life, "PENDING" if life.job_id in waiting else "WORKING")
            for life in present.values()
        }
        estimator.observe(jobs.values(), at)
        for life in present.values():
            if len(runs[life.type]) >= KNOWN:
                is_waiting, job = life.job_id in waiting, jobs[life.job_id]
                similar_s = tuple((totals if is_waiting else runs)[life.type])
                yield Moment(life, now_s, is_waiting, job, estimator, estimator.estimate(job, at), similar_s)


def standings(fleet: Fleet, seed: int = 1, samples: int = 200) -> tuple[float, float]:
    """Return the share of stuck jobs that were marked within 3 times their 95th percentile, and of others marked."""
    step_s = lives(fleet, seed)[-1].added_s / samples
    stuck: dict[int, bool] = {}
    others: dict[int, bool] = defaultdict(bool)
    for moment in moments(fleet, seed, samples):
        life = moment.life
        limit_s = life.started_s + 3 * life.longest_s
        if moment.is_waiting:
            others[life.job_id] |= is_stuck_at(moment, min(moment.now_s + step_s, life.started_s))
        elif not life.is_stuck:
            others[life.job_id] |= is_stuck_at(moment, min(moment.now_s + step_s, life.finished_s))
        elif life.job_id not in stuck and limit_s < moment.now_s + step_s:
            stuck[life.job_id] = is_stuck_at(moment, limit_s)
    return fmean(stuck.values()), fmean(others.values())


def is_stuck_at(moment: Moment, seconds: float) -> bool:
    """Return whether a job counts as stuck at another time, by what is known at this moment."""
    estimate = moment.estimator.estimate(moment.job, START + timedelta(seconds=seconds))
    return estimate is not None and estimate.punctuality is Punctuality.STUCK


def by_percentiles(moment: Moment) -> tuple[float, float]:
    """Return the range of the first plain rule: the 10th to the 90th percentile of the last 50 jobs of the type."""
    tenths = quantiles(moment.similar_s, n=10)
    return max(0.0, tenths[0] - moment.elapsed_s), max(0.0, tenths[-1] - moment.elapsed_s)


def by_mean(moment: Moment) -> tuple[float, float]:
    """Return the range of the second plain rule: the mean of the type, half of it more or less."""
    mean_s = fmean(moment.similar_s)
    return max(0.0, 0.5 * mean_s - moment.elapsed_s), max(0.0, 1.5 * mean_s - moment.elapsed_s)


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the ranges of one rule are."""

    coverage: float
    """Share of the ranges that hold the true remaining time."""
    width_s: float
    score_s: float
    """Mean interval score: the width, and for a miss its distance times `MISS_FACTOR`."""
    share: float
    """Share of the moments with a range."""

    @classmethod
    def of(cls, ranges: Sequence[tuple[float, float] | None], true_s: Sequence[float]) -> "Quality":
        given = [(*limits, true) for limits, true in zip(ranges, true_s, strict=True) if limits is not None]
        return cls(
            coverage=fmean(low <= true <= high for low, high, true in given),
            width_s=fmean(high - low for low, high, _ in given),
            score_s=fmean(
                high - low + MISS_FACTOR * (max(0.0, low - true) + max(0.0, true - high)) for low, high, true in given
            ),
            share=len(given) / len(ranges),
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The quality of the estimates and of both plain rules at the same moments."""

    estimates: Quality
    percentiles: Quality
    mean: Quality

    @classmethod
    def of(cls, seen: Sequence[Moment]) -> "Comparison":
        true_s = [moment.true_s for moment in seen]
        estimates = [moment.estimate and (moment.estimate.low_s, moment.estimate.high_s) for moment in seen]
        return cls(
            Quality.of(estimates, true_s),
            Quality.of([by_percentiles(moment) for moment in seen], true_s),
            Quality.of([by_mean(moment) for moment in seen], true_s),
        )

    @property
    def gain(self) -> float:
        """How much smaller the score is than that of the better plain rule, as a share."""
        return 1 - self.estimates.score_s / min(self.percentiles.score_s, self.mean.score_s)


def figures(fleets: Sequence[Fleet] = FLEETS, seeds: Sequence[int] = FRESH_SEEDS) -> list[Figure]:
    """Return coverage, width, score and share of all three rules, and how stuck jobs are marked, for each fleet."""
    found = []
    for fleet in fleets:
        seen = list(itertools.chain.from_iterable(moments(fleet, seed) for seed in seeds))
        compared = Comparison.of(seen)
        ours, percentiles, mean = compared.estimates, compared.percentiles, compared.mean
        marks = [standings(replace(fleet, stuck=STUCK_SHARE), seed) for seed in seeds]
        found += [
            Figure(f"{fleet.name}: coverage, at least", ours.coverage, "", bound=0.78, is_least=True),
            Figure(f"{fleet.name}: coverage, at most", ours.coverage, "", bound=0.90),
            Figure(f"{fleet.name}: coverage of 10th to 90th percentile", percentiles.coverage, ""),
            Figure(f"{fleet.name}: coverage of mean ± 50 %", mean.coverage, ""),
            Figure(f"{fleet.name}: width, beside percentiles", ours.width_s, "s", percentiles.width_s),
            Figure(f"{fleet.name}: width, beside mean ± 50 %", ours.width_s, "s", mean.width_s),
            Figure(f"{fleet.name}: score, beside percentiles", ours.score_s, "s", percentiles.score_s, 0.8, True),
            Figure(f"{fleet.name}: score, beside mean ± 50 %", ours.score_s, "s", mean.score_s, 0.8, True),
            Figure(f"{fleet.name}: share (plain rules: 1)", ours.share, "", bound=0.8, is_least=True),
            Figure(f"{fleet.name}: stuck marked", fmean(found for found, _ in marks), "", bound=0.95, is_least=True),
            Figure(f"{fleet.name}: others marked stuck", fmean(wrong for _, wrong in marks), "", bound=0.02),
        ]
    return found


if __name__ == "__main__":
    print(table(figures()))
