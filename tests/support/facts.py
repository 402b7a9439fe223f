"""Hypothesis strategies for everything that the monitor publishes or is told."""

import json
from datetime import UTC
from typing import get_args

from hypothesis import strategies as st

from tui.core.json_decoding import decode
from tui.domain.commands import Command
from tui.domain.connection import Connection
from tui.domain.errors import ErrorRecord
from tui.domain.job import Job
from tui.domain.job_status import JobStatus
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.domain.server_clock import ServerClock
from tui.domain.snapshot import UNCHANGED, Snapshot, Traffic, Update
from tui.domain.tracked_job import Failed, Missing, Seen, TrackedJob
from tui.domain.watched_list import WatchedList
from tui.domain.watchlist import Watchlist

TEXTS = st.text(st.characters(exclude_categories=()), max_size=8)
"""Any text, lone surrogates among it."""
TIMES = st.datetimes(timezones=st.just(UTC))
IDS = st.integers(1, 2**63 - 1)
SOME_IDS = st.lists(IDS, unique=True, max_size=3).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
NAMES = ["status", "type", "added", "started", "finished", "itemCount", "messages", "is", "raw", "originalFilename"]
JOBS = st.builds(
    lambda job_id, raw: Job.from_raw(decode(json.dumps(raw).encode()), job_id=job_id),
    IDS,
    st.dictionaries(
        st.sampled_from(NAMES) | TEXTS, JSON | st.sampled_from(["SUCCESS", "2026-11-23T09:30Z"]), max_size=5
    ),
)

st.register_type_strategy(JobStatus, st.sampled_from(["PENDING", "SUCCESS", "New\n"]).map(JobStatus))

ERRORS = st.builds(ErrorRecord, message=TEXTS, remedy=TEXTS, retry_after_s=st.none() | st.floats(1, 900))
CONNECTIONS = st.builds(
    Connection, error=st.none() | ERRORS, since=st.none() | TIMES, until=st.none() | TIMES, refused_at=st.none() | TIMES
)
POLICIES = st.builds(
    PollPolicy, interval_s=st.none() | st.floats(1, 60), jitter=st.floats(0, 1), confirm_s=st.floats(0, 9)
)
TRAFFIC = st.builds(Traffic, next_at=st.none() | TIMES, late_s=st.floats(0, 900))
CLOCKS = st.builds(ServerClock, st.lists(TIMES, max_size=2).map(tuple), st.lists(TIMES, max_size=1).map(tuple))
SELECTIONS = st.builds(Selection, file=st.none() | TEXTS, location=st.none() | TEXTS, since=st.none() | TIMES)
LISTS = st.builds(WatchedList, selection=SELECTIONS, read_at=st.none() | TIMES)


@st.composite
def tracked_jobs(draw):
    """A job after up to three readings."""
    tracked = TrackedJob(draw(IDS))
    for kind in draw(st.lists(st.sampled_from([Seen, Missing, Failed]), max_size=3)):
        tracked = tracked.apply_reading(kind(draw(JOBS if kind is Seen else ERRORS), draw(TIMES)))
    return tracked


TRACKED = st.lists(tracked_jobs(), max_size=3, unique_by=lambda tracked: tracked.job_id)

FIELDS = {
    "link": CONNECTIONS,
    "policy": POLICIES,
    "is_paused": st.booleans(),
    "traffic": TRAFFIC,
    "server_clock": CLOCKS,
    "answered_at": st.none() | TIMES,
    "token_renewed_at": st.none() | TIMES,
    "access_ends_at": st.none() | TIMES,
    "lists": st.lists(LISTS, max_size=2).map(tuple),
    "removed": SOME_IDS,
    "skipped": st.integers(0, 9),
    "restarts": st.integers(0, 9),
}

SNAPSHOTS = st.builds(Snapshot, watchlist=TRACKED.map(Watchlist().with_jobs), **FIELDS)

UPDATES = st.builds(
    Update,
    changed=TRACKED.map(tuple),
    untracked=SOME_IDS,
    order=st.none() | SOME_IDS,
    **{name: st.just(UNCHANGED) | values for name, values in FIELDS.items()},
)

_ARGUMENTS = {
    "job_id": IDS,
    "job_ids": SOME_IDS,
    "removed": SOME_IDS,
    "selection": SELECTIONS,
    "selections": st.lists(SELECTIONS, max_size=2).map(tuple),
    "is_checked": st.booleans(),
    "is_paused": st.booleans(),
    "policy": POLICIES,
}

COMMANDS = st.one_of(
    st.builds(kind, **{name: _ARGUMENTS[name] for name in kind.__slots__}) for kind in get_args(Command)
)
