"""Observe the connection of a request by httpcore's trace events: connect, proxy tunnel, TLS."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tui.core.text import one_line

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Certificate:
    """Subject, issuer and validity of a certificate."""

    subject: str
    issuer: str
    starts_at: datetime
    ends_at: datetime
    """Aware."""


def certificate(peer: Mapping[str, Any]) -> Certificate | None:
    """Return the certificate from `ssl.SSLSocket.getpeercert()`; None if it is empty, as on systems that verify
    certificates themselves.
    """
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
    """Return the common name, the organisation, or both."""
    fields = {field: value for part in parts for field, value in part}
    common, organisation = (_safe(fields.get(field, "")) for field in ("commonName", "organizationName"))
    return (
        f"{common} ({organisation})"
        if common and organisation and organisation not in common
        else common or organisation
    )


def _safe(text: str) -> str:
    return one_line(text)[:_LONGEST_NAME]


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection to the server or its proxy."""

    address: str
    ms: float


@dataclass(frozen=True, slots=True)
class Secured:
    """Result of a TLS handshake with the server."""

    version: str
    """Such as `TLSv1.3`."""
    certificate: Certificate | None
    """None if the system verifies certificates itself and does not expose them."""
    ms: float


class ConnectionTrace:
    """The steps of one connection. Pass `note` as httpx's extension `trace`, or let a `JobClient` call it.

    Args:
        now_s: Returns a monotonic second.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self.connected: Connected | None = None
        """None until the server, or the proxy in front of it, accepted a connection."""
        self.tunnel_ms: float | None = None
        """Milliseconds that the proxy took to open a tunnel; None if it opened none."""
        self.secured: Secured | None = None
        """None until the TLS handshake with the server has ended."""
        self._now_s = now_s
        self._began_s = 0.0
        self._connected_s = 0.0

    async def note(self, step: str, facts: Mapping[str, Any]) -> None:
        """Record an event such as `connection.connect_tcp.complete`."""
        layer, _, event = step.partition(".")
        match event:
            case "connect_tcp.started" | "start_tls.started":
                self._began_s = self._now_s()
                if layer == "proxy":
                    self.secured = None  # that was the handshake with the proxy
                    self.tunnel_ms = (self._began_s - self._connected_s) * 1000
            case "connect_tcp.complete":
                self._connected_s = self._now_s()
                address = facts["return_value"].get_extra_info("server_addr")
                self.connected = Connected(one_line(str(address[0])), (self._connected_s - self._began_s) * 1000)
            case "start_tls.complete":
                agreed: ssl.SSLObject = facts["return_value"].get_extra_info("ssl_object")
                shown = certificate(agreed.getpeercert() or {})
                self.secured = Secured(agreed.version() or "TLS", shown, (self._now_s() - self._began_s) * 1000)
