"""Where jobs come from: what those of one file, place or kind have in common. Reads no JSON."""

from __future__ import annotations

from functools import lru_cache

from pydantic import JsonValue

from tui.api import fields
from tui.api.status import JobType
from tui.facts import fact

NAMES = ("tenantID", "type", "locationCode", "originalFilename")
"""The fields that tell it, in the order in which `origin_of` takes their values; the first two fit to be shown, the others as sent."""


@fact(eq=False)
class Origin:
    """What a job has in common with others. Compared by identity: jobs that have all of it in common share one of these."""

    tenant: str | None
    """The tenant's id as it was sent; None if none was."""
    type: JobType | None
    location_code: str | None
    """As it was sent, so that a list can be requested by it: not fit to be shown."""
    original_filename: str | None
    """The same."""

    @property
    def is_short(self) -> bool:
        """Whether its names are no longer than names are: only then is it kept for the next job."""
        return all(name is None or len(name) <= fields.LONGEST_NAME for name in (self.tenant, self.location_code, self.original_filename))


def _origin(tenant: JsonValue, kind: JsonValue, location: JsonValue, file: JsonValue) -> Origin:
    return Origin(fields.verbatim(tenant), fields.read_kind(kind), fields.words(location), fields.words(file))


shared_origin = lru_cache(maxsize=20_000, typed=True)(_origin)
"""Returns the same object for the same values, each as it was sent; none may be an array or an object, or longer than names are."""


def origin_of(*named: JsonValue) -> Origin:
    """Return the origin that the values of `NAMES` tell; the same object for the same values, if they are of any use."""
    return shared_origin(*named) if all(map(_is_name, named)) else _origin(*named)  # type: ignore[arg-type]  # so they can be hashed


def _is_name(value: JsonValue) -> bool:
    return not isinstance(value, dict | list) and len(str(value)) <= fields.LONGEST_NAME
