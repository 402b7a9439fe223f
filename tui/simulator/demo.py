"""The fleet of the demo: a nightly file over 24 locations, with failures, late jobs and jobs that go on for 90 s."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count

from tui.simulator.queue import SimJob

FIRST_ID = 884201

NIGHTLY_FILE = "STORE_INVENTORY_0930.csv"
EARLIER_FILE = "STORE_INVENTORY_0830.csv"
NEXT_FILE = "STORE_INVENTORY_0945.csv"
ADJUSTMENTS_FILE = "KIBO_ADJUST_0915"

LOCATIONS = (
    *("0412", "0413", "0420", "0421", "0598", "0611", "0702", "0733", "0815", "0901", "1002", "1105"),
    *("1204", "1399", "1420", "1511", "1588", "1603", "1700", "1707", "1820", "1954", "2101", "2239"),
)
LATE_LOCATION, STUCK_LOCATION = "0412", "0598"
"""Their jobs wait: the first one for another minute, the second one for ten."""

NIGHTLY_START_S = -707.0
NIGHTLY_STEP_S = 28.0
"""The file is split into jobs one location at a time."""

PAUSE_S = 0.6
"""Seconds between the end of a job and the start of the next one in its lane."""

JITTER_S = 0.5
"""Random offset of each end in seconds, both ways; it does not accumulate, so that changes stay spread."""

_Slot = tuple[SimJob, float]
"""A waiting job, and its planned end in seconds after the start."""


def demo(*, seed: int = 0) -> tuple[SimJob, ...]:
    """Return the jobs by id, oldest first; at most three work at a time, and most have ended after 90 s."""
    rng = random.Random(seed)  # noqa: S311 - must repeat, not surprise
    nightly = {job.location: job for job in _nightly(rng)}
    lanes = (
        _lane(rng, -24.0, _first_lane(rng, nightly)),
        _lane(rng, -31.0, _second_lane(rng, nightly)),
        _lane(rng, 3.0, _third_lane(rng)),
    )
    stuck = replace(nightly[STUCK_LOCATION], start_s=600.0, end_s=617.0)
    ended = (job for job in nightly.values() if job.end_s < 0)
    jobs = chain(_earlier(rng), _adjustments(rng), ended, (stuck,), *lanes)
    return tuple(replace(job, job_id=job_id) for job, job_id in zip(sorted(jobs, key=_added_s), count(FIRST_ID)))


def _added_s(job: SimJob) -> float:
    return job.added_s


def _earlier(rng: random.Random) -> Iterator[SimJob]:
    """Yield good jobs of the locations that fail tonight, and a failed adjustment."""
    for offset_s, location in enumerate(("1399", "1707", "2239")):
        yield _ended(rng, _part(rng, location, EARLIER_FILE, added_s=-3_700.0 + offset_s))
    yield SimJob(
        job_id=0,
        type="ADJUST",
        location="0421",
        owner="pos",
        added_s=-903.5,
        start_s=-901.7,
        end_s=-898.8,
        status="FAILED",
        success=True,
        items=35,
        messages=("Adjustment of UPC 0041877 would leave -3 on hand at location 0421",),
    )


def _adjustments(rng: random.Random) -> Iterator[SimJob]:
    """Yield the jobs of a file that has ended well four minutes ago."""
    for offset_s, location in enumerate(LOCATIONS[:6]):
        added_s = -292.5 + offset_s
        start_s = added_s + rng.uniform(2, 9)
        yield replace(
            _adjustment(rng, location, added_s=added_s),
            original_filename=ADJUSTMENTS_FILE,
            start_s=start_s,
            end_s=start_s + rng.uniform(20, 35),
        )


def _nightly(rng: random.Random) -> Iterator[SimJob]:
    """Yield the jobs of the nightly file; those that go on after the start have no times yet."""
    messages = {
        "1399": _bad_rows(rng, 24),
        "1707": (*_unknown_upcs(rng, "1707", 96), *_bad_rows(rng, 39), "Unexpected end of file"),
        "2239": _unknown_upcs(rng, "2239", 58),
    }
    for number, location in enumerate(_in_order_of_their_jobs()):
        job = _part(rng, location, NIGHTLY_FILE, added_s=NIGHTLY_START_S + number * NIGHTLY_STEP_S)
        if location in messages:
            job = replace(job, status="FAILED", messages=messages[location])
        elif location == "0815":
            job = replace(job, messages=("Warning: 3 items without a bin were put into DEFAULT",))
        is_waiting = location in {LATE_LOCATION, STUCK_LOCATION, *_LAST}
        yield job if is_waiting else _ended(rng, job)


_LAST = ("0413", "0420", "0421")
"""The locations that come last: they work or wait at the start."""


def _in_order_of_their_jobs() -> tuple[str, ...]:
    return (*(location for location in LOCATIONS if location not in _LAST), *_LAST)


def _first_lane(rng: random.Random, nightly: dict[str, SimJob]) -> tuple[_Slot, ...]:
    return (
        (nightly["0413"], 8.5),
        (nightly["0421"], 25.0),
        (_part(rng, "1420", NEXT_FILE, added_s=-21.0), 36.0),
        (_part(rng, "1511", NEXT_FILE, added_s=-20.0), 53.0),
        (_part(rng, "1603", NEXT_FILE, added_s=20.0), 72.0),
    )


def _second_lane(rng: random.Random, nightly: dict[str, SimJob]) -> tuple[_Slot, ...]:
    failed = replace(
        _part(rng, "1588", NEXT_FILE, added_s=-19.0), status="FAILED", messages=_unknown_upcs(rng, "1588", 7)
    )
    return (
        (nightly["0420"], 19.5),
        (failed, 42.0),
        (nightly[LATE_LOCATION], 65.0),
        (_part(rng, "1700", NEXT_FILE, added_s=21.0), 86.0),
    )


def _third_lane(rng: random.Random) -> tuple[_Slot, ...]:
    return (
        (_adjustment(rng, "0413", added_s=-18.0), 14.0),
        (_call("RELEASE_SHIPMENTS", "0412", "fulfiller", added_s=-12.0), 30.0),
        (_call("PUT_AWAY_FILE", "0611", "warehouse", added_s=-2.0), 47.0),
        (replace(_adjustment(rng, "0733", added_s=-5.0), vanishes_s=60.0), 66.0),
        (_adjustment(rng, "0420", added_s=8.0), 78.5),
        (replace(_adjustment(rng, "0611", added_s=40.0), counts_while_working=False), 91.0),
        (_adjustment(rng, "0412", added_s=70.0), 105.0),
    )


def _lane(rng: random.Random, start_s: float, slots: Sequence[_Slot]) -> Iterator[SimJob]:
    """Yield the jobs with their times, each starting after the one before has ended."""
    for waiting, planned_s in slots:
        end_s = planned_s + rng.uniform(-JITTER_S, JITTER_S)
        yield replace(waiting, start_s=start_s, end_s=end_s)
        start_s = end_s + PAUSE_S


def _ended(rng: random.Random, job: SimJob) -> SimJob:
    """Return the job with a usual wait and run."""
    start_s = job.added_s + rng.uniform(31, 42)
    return replace(job, start_s=start_s, end_s=start_s + rng.uniform(14, 29))


def _part(rng: random.Random, location: str, filename: str, *, added_s: float) -> SimJob:
    """Return the job of one location of an upload."""
    items = rng.randint(1_500, 3_000)
    return SimJob(job_id=0, location=location, original_filename=filename, owner="erp", added_s=added_s, items=items)


def _adjustment(rng: random.Random, location: str, *, added_s: float) -> SimJob:
    return replace(_call("ADJUST", location, "pos", added_s=added_s), items=rng.randint(40, 900))


def _call(kind: str, location: str, owner: str, *, added_s: float) -> SimJob:
    return SimJob(job_id=0, type=kind, location=location, owner=owner, added_s=added_s)


def _unknown_upcs(rng: random.Random, location: str, number: int) -> tuple[str, ...]:
    return tuple(
        f"UPC {upc:07d} not found at location {location}" for upc in rng.sample(range(10_000, 100_000), number)
    )


def _bad_rows(rng: random.Random, number: int) -> tuple[str, ...]:
    return tuple(f'Row {row}: quantity "n/a" is not a number' for row in sorted(rng.sample(range(2, 1_500), number)))
