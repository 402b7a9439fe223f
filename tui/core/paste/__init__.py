"""Job ids in whatever people bring: API answers, logs, tables, mails.

Pure; `understand` is the one reader of every input.
"""

from __future__ import annotations

from tui.core.paste.answers import AnswerError
from tui.core.paste.extract import Found, Skipped, Understood, understand

__all__ = ["AnswerError", "Found", "Skipped", "Understood", "understand"]
