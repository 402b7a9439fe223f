"""The second net under `text.plain()`: nothing unprintable reaches the terminal, whoever forgot to clean it."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class PrintableOnly(LineFilter):
    """Drops what could steer the terminal (faults.md, "What Textual … do if you let them")."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without unprintable characters; Textual calls it for each line that it paints."""
        del background
        if not any(_UNPRINTABLE.search(segment.text) for segment in segments):
            return segments
        return [Segment(_UNPRINTABLE.sub("", text), style, control) for text, style, control in segments]
