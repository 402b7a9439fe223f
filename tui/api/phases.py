"""How far a request has got, so that an error can say what hung. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Phase(Enum):
    """What a request waits for; the value is what is said if that takes too long."""

    QUEUE = "it was not sent yet"
    CONNECT = "no connection, or no address for the name"
    TLS = "the TLS handshake did not end"
    REQUEST = "the request could not be sent"
    FIRST_BYTE = "no first byte came"
    BODY = "the answer did not end"


_BY_STEP = {
    "connect_tcp": Phase.CONNECT,
    "start_tls": Phase.TLS,
    "send_request_headers": Phase.REQUEST,
    "send_request_body": Phase.REQUEST,
    "receive_response_headers": Phase.FIRST_BYTE,
    "receive_response_body": Phase.BODY,
}
"""The steps that httpcore reports, as `connection.connect_tcp.started`; connecting includes the look-up of the name."""


class Progress:
    """The steps of one request; `note` is httpx's extension `trace`."""

    def __init__(self) -> None:
        self.phase = Phase.QUEUE
        self.is_on_open_connection = False
        """Whether it went out on a connection that was open before; without a real network it did not."""
        self._has_connected = False

    async def note(self, step: str, _facts: Mapping[str, object]) -> None:
        """Take note that a step began or ended."""
        _, _, name = step.partition(".")
        name, _, event = name.partition(".")
        if event != "started":
            return
        self.phase = _BY_STEP.get(name, self.phase)
        self._has_connected = self._has_connected or self.phase is Phase.CONNECT
        if name == "send_request_headers":
            self.is_on_open_connection = not self._has_connected
