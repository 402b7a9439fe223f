"""What a list call asks for. Imports nothing heavy: the monitor plans with it, the client sends it."""

from __future__ import annotations

from dataclasses import dataclass, replace

DEFAULT_LIMIT = 100
"""About as many jobs a list holds if no limit is named (contract.md, Calls)."""

FILTERED_TYPES = frozenset({
    "REFRESH",
    "ADJUST",
    "RELEASE_SHIPMENTS",
    "CREATE_PICK_WAVE",
    "CLOSE_PICK_WAVE",
    "PUT_AWAY_FILE",
    "SHORT_PICK_ERROR",
    "BIN_AUDIT_START",
    "BIN_AUDIT_COMPLETION",
    "CREATE_BIN_AUDIT",
    "RELEASE_PENDING_ITEMS",
})  # fmt: skip
"""What `types` may name; jobs of other types come through lists without that filter alone (contract.md, Job)."""


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

    @property
    def unlimited(self) -> JobQuery:
        """The same filter without a limit, under which what is known of it is kept."""
        return self if self.limit is None else replace(self, limit=None)
