"""The texts that the app copies and exports, in the formats of the scripts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tui.domain.tracked_job import TrackedJob
from tui.ui.app_context import Form


def rendered(form: Form, jobs: Sequence[TrackedJob], at: datetime, title: str) -> str:
    """Return jobs in a format of the scripts: the causes in Markdown, or the jobs as JSON, JSON lines, CSV or text.

    Args:
        form: The format.
        jobs: The jobs.
        at: The moment of the report; aware.
        title: The heading of a Markdown report.
    """
    from tui.scripts.formats import Marks, as_csv, as_text, inert_markdown  # noqa: PLC0415  # on demand
    from tui.scripts.json_output import as_json, as_jsonl  # noqa: PLC0415
    from tui.scripts.read_once import ReadResult  # noqa: PLC0415
    from tui.scripts.why import explanation, why_markdown  # noqa: PLC0415

    readings = tuple(
        ReadResult(each.job_id, each.answered_at or at, job=each.job, error=each.error, server_at=at) for each in jobs
    )
    match form:
        case Form.MARKDOWN:
            return f"## {inert_markdown(title)}\n\n{why_markdown(explanation(readings, at), Marks())}"
        case Form.JSON:
            return as_json(readings)
        case Form.JSONL:
            return as_jsonl(readings)
        case Form.CSV:
            return as_csv(readings)
        case Form.TEXT:
            return as_text(readings, marks=Marks())


def job_address(api_base: str, job_id: int) -> str:
    """Return the URL of a job."""
    from tui.api.client import QUEUE  # noqa: PLC0415  # heavy: httpx

    return f"{api_base}{QUEUE}/{job_id}"


def write_new(name: str, text: str) -> Path:
    """Write a private file that does not exist yet, in the current folder; return its path.

    Args:
        name: The name. If there is such a file, `-2` and so on is put before its suffix.
        text: The content.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    wanted = Path(name)
    for number in range(1, 1000):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise FileExistsError(17, "999 files of this name exist", name)
