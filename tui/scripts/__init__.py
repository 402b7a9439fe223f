"""The front end for scripts and pipes. Imports no textual and prints nothing itself."""

from __future__ import annotations
