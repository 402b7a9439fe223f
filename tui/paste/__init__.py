"""Job ids in whatever people bring: API answers, logs, tables, mails. Pure; `understand` is the one reader of every input."""

from tui.paste.answers import AnswerError
from tui.paste.reading import Found, Skipped, Understood, understand

__all__ = ["AnswerError", "Found", "Skipped", "Understood", "understand"]
