"""Extract job ids from any text: API responses, logs, tables, mails.

Pure; `extract_ids` reads every input.
"""

from __future__ import annotations

from tui.core.paste.answers import AnswerError
from tui.core.paste.extract import ExtractedIds, Found, Skipped, extract_ids

__all__ = ["AnswerError", "ExtractedIds", "Found", "Skipped", "extract_ids"]
