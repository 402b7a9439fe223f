"""The front end for scripts and pipes, independent of Textual. The commands print its results."""

from __future__ import annotations
