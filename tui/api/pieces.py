"""Reads a list of jobs piece by piece, so that only what changed is parsed. Knows no HTTP and no field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.api.payloads import is_error_body, jobs_from
from tui.core.json_decoding import decode_strictly, is_plain
from tui.domain.job import Job


def cut(body: bytes) -> list[bytes]:
    """Cut a JSON array where objects seem to meet, and return what their braces seem to hold; empty where there is nothing to cut.

    A nested list or a string may hold what looks so too: pieces are the elements only if each in its braces is JSON.
    """
    pieces = body[2:-2].split(b"},{")
    return pieces if len(pieces) > 1 and body.startswith(b"[{") and body.endswith(b"}]") else []


def joined(pieces: Iterable[bytes]) -> bytes:
    """Return the array that `cut` cuts into these pieces; of none it makes no sense."""
    return b"[{%b}]" % b"},{".join(pieces)


def read_pieces(body: bytes, known: Mapping[bytes, Job]) -> dict[bytes, Job]:
    """Return the jobs of a list by its pieces, in its order; empty where it must be read whole.

    Args:
        body: The list as it came.
        known: Jobs by their pieces, read by this function before.
    """
    pieces = cut(body)
    read = _plain_job_in if is_plain(body) else _job_in
    try:
        by_piece = {piece: known.get(piece) or read(piece) for piece in pieces}
    except ValueError:
        return {}
    return by_piece if len(by_piece) == len(pieces) else {}  # a piece that comes twice would count once


def _plain_job_in(piece: bytes) -> Job:
    """Read a piece whose strings are fit to be shown."""
    job = Job.from_piece(piece)
    if not job.status and is_error_body(job.raw):
        raise ValueError("an error instead of a job")
    return job


def _job_in(piece: bytes) -> Job:
    """Read a piece that may hold strings to be cleaned."""
    if is_plain(piece):
        return _plain_job_in(piece)
    (job,) = jobs_from([decode_strictly(b"{%b}" % piece)])  # without a usable id there is none, which is a ValueError too
    return job
