"""The API's two enumerations, open to values that nobody announced.

Imports nothing heavy: the screens need it at start.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class _OpenEnum(StrEnum):
    """A string enum that takes any other text as a member of its own, kept verbatim (contract.md, Traps)."""

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
    """Where a job stands."""

    PENDING = "PENDING"
    WORKING = "WORKING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"

    @property
    def is_terminal(self) -> bool:
        """Whether the server will do nothing more with the job; an unknown status is not terminal."""
        return self in _TERMINAL


_TERMINAL = frozenset({JobStatus.SUCCESS, JobStatus.FAILED})


def is_known(status: JobStatus | None) -> bool:
    """Return whether there is a status, and one that the contract names."""
    return status is not None and status.is_known


class JobType(_OpenEnum):
    """What a job does."""

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
