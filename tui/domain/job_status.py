"""The API's two enumerations, which also accept unknown values.

Light imports only: the first screen needs this module.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class _OpenEnum(StrEnum):
    """A string enum that accepts any other text as a new member, verbatim (tui/api/README.md, Traps)."""

    @classmethod
    def _missing_(cls, value: object) -> Self:
        text = str(value)
        member = str.__new__(cls, text)
        member._name_ = "UNKNOWN"
        member._value_ = text
        return member

    @property
    def is_known(self) -> bool:
        """Whether the contract names this value."""
        return self._name_ != "UNKNOWN"


class JobStatus(_OpenEnum):
    """Status of a job."""

    PENDING = "PENDING"
    WORKING = "WORKING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"

    @property
    def is_terminal(self) -> bool:
        """Whether the server has finished the job; an unknown status is not terminal."""
        return self in _TERMINAL


_TERMINAL = frozenset({JobStatus.SUCCESS, JobStatus.FAILED})


def is_known(status: JobStatus | None) -> bool:
    """Return whether the status is present and part of the contract."""
    return status is not None and status.is_known


class JobType(_OpenEnum):
    """Type of a job."""

    REFRESH = "REFRESH"
    ADJUST = "ADJUST"
    RELEASE_SHIPMENTS = "RELEASE_SHIPMENTS"
    CREATE_PICK_WAVE = "CREATE_PICK_WAVE"
    CLOSE_PICK_WAVE = "CLOSE_PICK_WAVE"
    PUT_AWAY_FILE = "PUT_AWAY_FILE"
    SHORT_PICK_ERROR = "SHORT_PICK_ERROR"
    BIN_AUDIT_START = "BIN_AUDIT_START"
    BIN_AUDIT_COMPLETION = "BIN_AUDIT_COMPLETION"
    CREATE_BIN_AUDIT = "CREATE_BIN_AUDIT"
    RELEASE_PENDING_ITEMS = "RELEASE_PENDING_ITEMS"
    ALLOCATE = "ALLOCATE"
    DEALLOCATE = "DEALLOCATE"
    FULFILL = "FULFILL"
    DELETE = "DELETE"
