"""Job ids in whatever people bring: API answers, logs, tables, mails.

Pure; `understand` is the one reader of every input.
"""

from __future__ import annotations

from tui.core.paste.answers import AnswerError
from tui.core.paste.extract import ExtractedIds, Found, Skipped, extract_ids

__all__ = ["AnswerError", "ExtractedIds", "Found", "Skipped", "extract_ids"]
