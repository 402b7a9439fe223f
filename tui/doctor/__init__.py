"""Check what may keep jobdeck from working; each finding has its remedy. Changes nothing."""

from __future__ import annotations
