"""The roots of every failure that jobdeck foresaw. Knows neither the API nor how a failure is shown."""

from __future__ import annotations


class JobDeckError(Exception):
    """Any failure that jobdeck foresaw; its text is one safe line that says what, which value and what to do."""


class ConfigError(JobDeckError):
    """A setting is missing or wrong; the text names it."""
