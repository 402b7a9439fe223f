"""The root exceptions: every expected failure derives from `JobDeckError`."""

from __future__ import annotations


class JobDeckError(Exception):
    """An expected failure; its text is one safe line with the problem, the value and a remedy.

    Args:
        message: What failed, with which value; lower case, no full stop.
        remedy: What to do; empty if the message contains it.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """Message and remedy, without details for support."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    @property
    def cause(self) -> str:
        """Message with details for support, without the remedy."""
        return self.message


class ConfigError(JobDeckError):
    """A setting is missing or wrong; the message names it.

    Args:
        message: As in JobDeckError.
        remedy: As in JobDeckError, but required.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
