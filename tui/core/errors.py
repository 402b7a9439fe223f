"""The root exceptions: every failure that jobdeck expects is one of them."""

from __future__ import annotations


class JobDeckError(Exception):
    """Any failure that jobdeck foresaw; its text is one safe line that says what, which value and what to do.

    Args:
        message: What failed, with which value; lower case, no full stop.
        remedy: What to do about it; empty where the message says that by itself.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What failed and what to do, without what support asks for."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    @property
    def cause(self) -> str:
        """What failed and what support asks for, without what to do."""
        return self.message


class ConfigError(JobDeckError):
    """A setting is missing or wrong; the message names it.

    Args:
        message: As in JobDeckError.
        remedy: As in JobDeckError; nobody may forget it.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
