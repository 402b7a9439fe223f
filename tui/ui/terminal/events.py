"""What the driver sends to the app beside Textual's own events."""

from __future__ import annotations

from textual import events
from textual.message import Message


class TextRun(events.Event, bubble=False):
    """Characters that arrived together, in one message: a message costs 0.1 ms, and a paste may have 100,000."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class InputNote(Message):
    """A note about typed or pasted text for the user."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
