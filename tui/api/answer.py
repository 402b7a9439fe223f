"""What one good call to the API gives. Imports nothing heavy: the monitor needs the type, not the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from tui.core.text import count

T = TypeVar("T")


def skipped_note(skipped: int) -> str:
    """Return what people are told of a list with elements that are not jobs."""
    return f"the server's list holds {count(skipped, 'element')} that describe no job; the list does not count as complete"


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What the server said, and when by its own clock."""

    value: T
    correlation_id: str | None
    """The `x-vol-correlation` of the answer; None if it had none."""
    server_time: datetime | None
    """Its `Date`, aware, in whole seconds; None if it had no readable one."""
    http_status: int = 200
    """404 for a list stands for an empty one (contract.md, Calls)."""
    skipped: int = 0
    """Elements of a list that are not jobs and so are not in `value`: with any of them the list does not count as complete."""
    withheld: int = 0
    """Jobs of other tenants that a list held and `value` leaves out; the list was `len(value) + skipped + withheld` long."""
    size_bytes: int = 0
    """Bytes of a list as it was sent, unpacked."""

    @property
    def length(self) -> int:
        """Elements of the list as it was sent; meaningful for lists only."""
        return (len(self.value) if isinstance(self.value, tuple) else 1) + self.skipped + self.withheld
