"""What a server's certificate says of itself, for people. Judges nothing: OpenSSL and the system do."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tui.core.text import one_line

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whose it is, who says so, and for how long."""

    subject: str
    issuer: str
    starts_at: datetime
    ends_at: datetime
    """Aware, as the one before."""


def certificate(peer: Mapping[str, Any]) -> Certificate | None:
    """Return what `ssl.SSLSocket.getpeercert()` found; None where it found nothing, as on systems that judge certificates themselves."""
    if not peer:
        return None
    names = (value for kind, value in peer.get("subjectAltName", ()) if kind in {"DNS", "IP Address"})
    return Certificate(
        subject=_name(peer.get("subject", ())) or _safe(next(names, "?")),
        issuer=_name(peer.get("issuer", ())) or "?",
        starts_at=_moment(peer["notBefore"]),
        ends_at=_moment(peer["notAfter"]),
    )


def _name(parts: Iterable[Iterable[tuple[str, str]]]) -> str:
    """Return the common name and the organisation, whichever there are."""
    fields = {field: value for part in parts for field, value in part}
    common, organisation = (_safe(fields.get(field, "")) for field in ("commonName", "organizationName"))
    return f"{common} ({organisation})" if common and organisation and organisation not in common else common or organisation


def _safe(text: str) -> str:
    return one_line(text)[:_LONGEST_NAME]


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
