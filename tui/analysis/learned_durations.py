"""Durations learned from ended jobs, and how long one that has lasted some time still takes.

A duration is predicted as level × size × location, each learned from recent jobs. The range around a prediction comes
from the errors of earlier predictions, each made before its duration was known: it has the right width whatever the
shape of the distribution, and it grows by itself while durations drift.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from math import exp, log, sqrt
from statistics import fmean

ERRORS_KEPT = 200
"""Newest errors that a range rests on: with fewer its ends are noisy, with more it follows drift late."""

LEVEL_MEMORY = 12
"""Newest durations that decide the level. Plain means of 50 follow drift four times slower."""

LOCATION_MEMORY = 20
"""Newest durations of a location that decide how much longer it takes than others."""

LOCATION_CAUTION = 1.0
"""Durations that a location must have until it counts as much as what is known of all others."""

LOCATION_KNOWN_FROM = 3
"""Durations of a location from which its predictions are better than those of an unknown one."""

LOCATIONS_KEPT = 5_000
"""Locations that are kept; the least recently learned ones are dropped first."""

SIZE_MEMORY = 100
"""Newest durations that decide how much a larger job takes longer."""

FARTHEST = 1.5
"""Limit of what one error changes, as a multiple of the distance between the quartiles: outliers are no drift."""

FEWEST = 5
"""Errors that a range needs."""

TAIL = 10
"""Errors that decide how long the longest durations are; with fewer longer ones a range is extrapolated."""

HEAVIEST_TAIL = 0.5
"""Limit of the tail: few errors can look heavier than any queue is, and the range of a long job explodes."""

LEVELS = tuple(0.05 + 0.1 * step for step in range(10))
"""Middles of ten equally likely parts of a distribution."""


LONG = 0.94
"""Share of the regular durations that a long one exceeds."""

OUTLIER_MEMORY = 50
MOST_OUTLIERS = 0.07
"""Durations of stuck jobs are not learned. If more of the recent ones look stuck, the queue has changed."""

LATE_FACTOR = 1.4
"""A duration is late beyond this multiple of a long one."""

STUCK_FACTORS = 2.0, 2.7
"""A duration is stuck beyond a multiple of a long one: a larger one where durations spread more."""

STRETCH = 1.17
"""How far beyond a long duration a stuck one is, in distances from the 75th percentile to a long one."""


class Punctuality(StrEnum):
    """How a duration that is not over yet compares with what is usual."""

    ON_TIME = "on_time"
    LATE = "late"
    STUCK = "stuck"


class ErrorDistribution:
    """The newest errors of predictions, as logarithms of true to predicted duration.

    Args:
        kept: Number of the errors.
    """

    def __init__(self, kept: int = ERRORS_KEPT) -> None:
        self._kept = kept
        self._recent: deque[float] = deque()
        self._sorted: list[float] = []

    def __len__(self) -> int:
        return len(self._sorted)

    def add(self, error: float) -> None:
        """Learn an error; the oldest one is dropped."""
        if len(self._recent) == self._kept:
            oldest = self._recent.popleft()
            del self._sorted[bisect_right(self._sorted, oldest) - 1]
        self._recent.append(error)
        insort(self._sorted, error)
        self.__dict__.pop("tail", None)
        self.__dict__.pop("factors", None)

    @cached_property
    def tail(self) -> float:
        """How far the longest durations exceed the others: the mean excess of the largest errors (Hill's estimator)."""
        count = min(max(TAIL, len(self._sorted) // 10), len(self._sorted) - 1)
        if count < 1:
            return 1.0
        largest = self._sorted[-count:]
        return min(max(fmean(largest) - self._sorted[-count - 1], 0.01), HEAVIEST_TAIL)

    @cached_property
    def factors(self) -> tuple[float, float]:
        """Mean and variance of true to predicted duration; the longest and shortest twentieth count as less extreme."""
        return _mean_and_variance([exp(self.quantile(level)) for level in LEVELS])

    def quantile(self, level: float, above: float | None = None) -> float:
        """Return the error that the share `level` of the errors is below.

        Args:
            level: Between 0 and 1.
            above: Consider only errors that are larger, because the duration already lasts that long.
        """
        first = 0 if above is None else bisect_right(self._sorted, above)
        count = len(self._sorted) - first
        if above is not None and count < TAIL:
            return above - self.tail * log(1 - level)
        rank = level * (count + 1)
        if rank >= count:
            return self._sorted[-1] + self.tail * max(0.0, -log((1 - level) * (count + 1)))
        before = first + int(rank) - 1
        lower = self._sorted[before] if before >= first else (self._sorted[0] if above is None else above)
        return lower + (rank - int(rank)) * (self._sorted[before + 1] - lower)


class _Effect:
    """A value that follows its errors: fast while little is known, then with a fixed memory."""

    def __init__(self, memory: float, caution: float = 0.0) -> None:
        self.value = 0.0
        self.count = 0
        self._memory = memory
        self._caution = caution

    def follow(self, error: float) -> None:
        self.count += 1
        self.value += error / (min(self.count, self._memory) + self._caution)


class _SizeEffect:
    """The slope of log duration over log size, over recent jobs."""

    def __init__(self) -> None:
        self._count = 0.0
        self._size = self._duration = 0.0
        self._variance = self._covariance = 0.0

    def of(self, items: int) -> float:
        """Return what a size adds to the logarithm of a duration."""
        return self._covariance / (self._variance + 0.1) * (log(items + 1) - self._size)

    def learn(self, items: int, log_duration: float) -> None:
        self._count = min(self._count + 1, SIZE_MEMORY)
        step = 1 / self._count
        size, duration = log(items + 1) - self._size, log_duration - self._duration
        self._size += step * size
        self._duration += step * duration
        self._variance = (1 - step) * (self._variance + step * size * size)
        self._covariance = (1 - step) * (self._covariance + step * size * duration)


class LearnedDurations:
    """Durations of one kind, such as the run times of one type of job.

    Args:
        resolution_s: Shorter durations are the same for it.
    """

    def __init__(self, *, resolution_s: float) -> None:
        self._resolution_s = resolution_s
        self._level = _Effect(LEVEL_MEMORY)
        self._size = _SizeEffect()
        self._locations: dict[str | None, _Effect] = {}
        self._errors = ErrorDistribution()
        self._errors_of_known_locations = ErrorDistribution()
        self._regular_errors = ErrorDistribution()
        """The errors without outliers, which would hide the next one."""
        self._regular_errors_of_known_locations = ErrorDistribution()
        self._regular_errors_without_location = ErrorDistribution()
        self._outlier_share = 0.0

    @property
    def is_known(self) -> bool:
        """Whether enough durations are known for a range."""
        return len(self._errors) >= FEWEST

    def basis(self, location: str | None) -> int:
        """Return the number of durations that the range at a location rests on."""
        return len(self._errors_at(location))

    def learn(self, duration_s: float, location: str | None = None, items: int | None = None) -> None:
        """Learn the duration of a job that ended just now.

        Args:
            duration_s: At least 0.
            location: Where; None if unknown.
            items: The size of the job; None if unknown or not to be considered.
        """
        duration = log(duration_s + self._resolution_s)
        effect = self._locations.get(location) or _Effect(LOCATION_MEMORY, LOCATION_CAUTION)
        error = duration - self._level.value - effect.value - (0.0 if items is None else self._size.of(items))
        is_known_location = self._is_known(location)
        if self._level.count:
            self._errors.add(error)
            if is_known_location:
                self._errors_of_known_locations.add(error)
        if self._is_outlier(duration_s, location, items):
            return
        if self._level.count:
            self._regular_errors.add(error)
            self._regular_errors_without_location.add(error + effect.value)
            if is_known_location:
                self._regular_errors_of_known_locations.add(error)
        if items is not None:
            self._size.learn(items, duration)
        if self.is_known:  # one long job must not move the level for all
            farthest = FARTHEST * max(self._errors.quantile(0.75) - self._errors.quantile(0.25), 0.1)
            error = min(max(error, -farthest), farthest)
        before = self._level.value
        self._level.follow(error)
        effect.follow(error - (self._level.value - before))
        self._locations.pop(location, None)
        self._locations[location] = effect
        if len(self._locations) > LOCATIONS_KEPT:
            del self._locations[next(iter(self._locations))]

    def punctuality(self, elapsed_s: float, location: str | None, items: int | None = None) -> Punctuality:
        """Return whether a duration is longer than usual, so far, at its location or anywhere."""
        predicted = self._predicted(location, items)
        error = log(elapsed_s + self._resolution_s) - predicted
        errors = self._regular_errors
        if self._is_known(location) and len(self._regular_errors_of_known_locations) >= TAIL:
            errors = self._regular_errors_of_known_locations
        long = errors.quantile(LONG)
        least, most = map(log, STUCK_FACTORS)
        stuck = long + min(max(STRETCH * (long - errors.quantile(0.75)), least), most)
        effect = self._locations.get(location)
        anywhere = error if effect is None else error + effect.value
        if error > stuck or anywhere > self._regular_errors_without_location.quantile(LONG) + most:
            return Punctuality.STUCK
        return Punctuality.LATE if error > long + log(LATE_FACTOR) else Punctuality.ON_TIME

    def _is_outlier(self, duration_s: float, location: str | None, items: int | None) -> bool:
        """Return whether not to learn a duration: it is that of a stuck job, and few are."""
        if len(self._regular_errors) < TAIL:
            return False
        is_stuck = self.punctuality(duration_s, location, items) is Punctuality.STUCK
        self._outlier_share += (is_stuck - self._outlier_share) / OUTLIER_MEMORY
        return is_stuck and self._outlier_share <= MOST_OUTLIERS

    def uncertainty(self, location: str | None) -> float:
        """Return how far the level of a location may be off, as a logarithm: all its jobs are off by it together."""
        effect = self._locations.get(location)
        return 0.6 / sqrt(1 + (0 if effect is None else effect.count))

    def remaining_s(self, level: float, elapsed_s: float, location: str | None, items: int | None = None) -> float:
        """Return the remaining time, in seconds, that the share `level` of the jobs with this elapsed time need."""
        predicted = self._predicted(location, items)
        above = log(elapsed_s + self._resolution_s) - predicted
        total_s = exp(predicted + self._errors_at(location).quantile(level, above)) - self._resolution_s
        return max(0.0, total_s - elapsed_s)

    def moments(self, location: str | None, items: int | None = None, elapsed_s: float = 0.0) -> tuple[float, float]:
        """Return mean and variance of the remaining time; the longest and shortest twentieth count as less extreme."""
        if elapsed_s > 0:
            return _mean_and_variance([self.remaining_s(level, elapsed_s, location, items) for level in LEVELS])
        predicted_s = exp(self._predicted(location, items))
        mean, variance = self._errors_at(location).factors
        return predicted_s * mean, predicted_s**2 * variance

    def _predicted(self, location: str | None, items: int | None) -> float:
        effect = self._locations.get(location)
        of_size = 0.0 if items is None else self._size.of(items)
        return self._level.value + of_size + (effect.value if effect is not None else 0.0)

    def _is_known(self, location: str | None) -> bool:
        effect = self._locations.get(location)
        return effect is not None and effect.count >= LOCATION_KNOWN_FROM

    def _errors_at(self, location: str | None) -> ErrorDistribution:
        known = self._errors_of_known_locations
        return known if self._is_known(location) and len(known) >= TAIL else self._errors


def _mean_and_variance(values: Sequence[float]) -> tuple[float, float]:
    mean = fmean(values)
    return mean, fmean([(value - mean) ** 2 for value in values])
