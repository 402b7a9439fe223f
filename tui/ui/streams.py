"""How the app writes characters that the terminal's locale lacks: as many question marks as they have cells, so that no column shifts."""

from __future__ import annotations

import codecs
from typing import TextIO

from rich.cells import cell_len

_ERRORS = "jobdeck.cells"


def keep_cells(stream: TextIO | None) -> None:
    """Have `stream` write question marks for what its encoding lacks; one that is closed or replaced stays as it is."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        codecs.register_error(_ERRORS, _marks)
        reconfigure(errors=_ERRORS)


def _marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "?" * cell_len(error.object[error.start : error.end]), error.end
