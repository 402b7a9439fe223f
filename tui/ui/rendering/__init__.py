"""Render values as lines of spans. Pure: no widget, no clock, no Textual."""

from __future__ import annotations
