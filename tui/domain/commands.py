"""What a front end can tell the monitor, as values. `Monitor.execute` carries them out."""

from __future__ import annotations

from dataclasses import dataclass

from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection


@dataclass(frozen=True, slots=True)
class BeginSession:
    """Watch what an earlier session watched, in one step."""

    job_ids: tuple[int, ...]
    selections: tuple[Selection, ...] = ()
    removed: tuple[int, ...] = ()
    """Jobs of the selections that stay unwatched."""


@dataclass(frozen=True, slots=True)
class TrackJobs:
    """Watch these jobs too."""

    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UntrackJobs:
    """Stop watching these jobs."""

    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RestoreJobs:
    """Watch jobs again that were removed together, at their former positions in the list."""

    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrackSelection:
    """Watch every job of a selection, including jobs that appear later."""

    selection: Selection
    is_checked: bool = False
    """Whether to check that all its jobs are known as soon as the known ones have ended."""


@dataclass(frozen=True, slots=True)
class UntrackSelection:
    """Stop watching a selection; its known jobs stay watched."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class CheckCompleteness:
    """Check whether the last list of a watched selection holds all its jobs."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class SetFocus:
    """Give these jobs, and no others, priority if the rate limit delays jobs."""

    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refresh:
    """Request these jobs as soon as the rate limit allows."""

    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verify:
    """Request these jobs once more, ended ones too, by list if a list brings several."""

    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause or resume polling."""

    is_paused: bool


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Poll by this policy from now on."""

    policy: PollPolicy


Command = (
    BeginSession
    | TrackJobs
    | UntrackJobs
    | RestoreJobs
    | TrackSelection
    | UntrackSelection
    | CheckCompleteness
    | SetFocus
    | Refresh
    | Verify
    | Pause
    | SetPolicy
)
