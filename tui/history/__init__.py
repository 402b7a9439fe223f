"""Files that outlive the process: the session list and the logs."""

from __future__ import annotations
