"""Reads a list of jobs piece by piece, so that only what changed is parsed. Knows no HTTP and no field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pydantic import JsonValue

from tui.api.models import Job
from tui.api.wire import decode_each, is_plain


class ReadJobs(Protocol):
    """Makes the jobs of a decoded array's elements; `is_plain` tells that its strings are fit to be shown as they are."""

    def __call__(self, value: JsonValue, *, is_plain: bool) -> tuple[Job, ...]: ...


def cut(body: bytes) -> list[bytes]:
    """Cut a JSON array where objects seem to meet, and return what their braces seem to hold; empty where there is nothing to cut.

    A nested list or a string may hold what looks so too: pieces are the elements only if each in its braces is JSON.
    """
    pieces = body[2:-2].split(b"},{")
    return pieces if len(pieces) > 1 and body.startswith(b"[{") and body.endswith(b"}]") else []


def read_pieces(body: bytes, known: Mapping[bytes, Job], read: ReadJobs) -> tuple[Job, ...] | None:
    """Return the jobs of a list, one for each of its pieces; None where it must be read whole.

    Args:
        body: The list as it came.
        known: Jobs by their pieces, read by this function before.
        read: Makes the jobs of an array's elements; it may leave some out.
    """
    pieces = cut(body)
    fresh = [piece for piece in pieces if piece not in known]
    try:
        jobs = read(decode_each([b"{%b}" % piece for piece in fresh]), is_plain=is_plain(b"".join(fresh)))
    except ValueError:
        return None
    if not pieces or len(jobs) != len(fresh):
        return None
    by_piece = {**known, **dict(zip(fresh, jobs, strict=True))}
    return tuple([by_piece[piece] for piece in pieces])
