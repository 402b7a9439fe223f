"""What a list call asks for. Imports nothing heavy: the monitor plans with it, the client sends it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobQuery:
    """A filter of the list call; None and empty mean "any" (contract.md, Calls)."""

    location_code: str | None = None
    types: tuple[str, ...] = ()
    owner: str | None = None
    original_filename: str | None = None
    limit: int | None = None

    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Return the query string's pairs; `types` is repeated."""
        named = (
            ("locationCode", self.location_code),
            ("owner", self.owner),
            ("originalFilename", self.original_filename),
            ("limit", None if self.limit is None else str(self.limit)),
        )
        return (*((name, value) for name, value in named if value is not None), *(("types", kind) for kind in self.types))
