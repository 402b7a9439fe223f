"""Checks of everything that jobdeck needs, each with a remedy. Read-only."""

from __future__ import annotations
