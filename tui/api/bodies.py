"""Reads the body of an answer without trusting its size, its speed or its compression. Judges no status and no JSON."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

import httpx

from tui.core.text import one_line
from tui.domain.errors import AnswerTooLarge, BadAnswer, Unreachable

LARGEST_RAW = 1_000_000
"""Bytes of a compressed body on the wire."""
LARGEST_DECODED = 5_000_000
"""Bytes of a body once unpacked, or sent unpacked (faults.md, "Polling etiquette")."""

_ODD_REMEDY = "try again; if it stays so, ask who runs the proxy on the way"
_TOO_LARGE = "answer too large (over 5 MB)"
_ENCODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The `wbits` of each encoding that jobdeck accepts."""


class _Decoder(Protocol):
    def feed(self, chunk: bytes) -> None: ...
    def finish(self) -> bytes: ...


async def read_body(response: httpx.Response, *, deadline_s: float) -> bytes:
    """Return the unpacked body.

    Args:
        response: An answer whose body was not read yet.
        deadline_s: Moment of the event loop's clock after which no further piece is taken.

    Raises:
        BadAnswer: It is too large, or its compression is unknown or broken.
        Unreachable: It was not whole by the deadline.
    """
    decoder = _decoder(response.headers.get("content-encoding", ""))
    loop = asyncio.get_running_loop()
    async with aclosing(_pieces(response)) as pieces:
        async for piece in pieces:
            if loop.time() > deadline_s:
                raise Unreachable("the answer came too slowly to wait for its end")
            decoder.feed(piece)
    return decoder.finish()


async def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield the body as it is on the wire; `aiter_raw` would refuse the ready-made answers of `httpx.MockTransport`."""
    async for piece in response.stream:  # type: ignore[union-attr]  # an AsyncClient's answers stream asynchronously
        yield piece


def _decoder(encoding: str) -> _Decoder:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name not in _ENCODINGS:
        raise BadAnswer(f"the answer has the content encoding '{one_line(name)[:40]}', which was not asked for", remedy=_ODD_REMEDY)
    return _Unpacked(_ENCODINGS[name])


class _Plain:
    def __init__(self) -> None:
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        self._body += chunk
        if len(self._body) > LARGEST_DECODED:
            raise AnswerTooLarge(_TOO_LARGE)

    def finish(self) -> bytes:
        return bytes(self._body)


class _Unpacked:
    """Unpacks piece by piece, never more than one byte beyond the limit (292 kB of gzip hold 300 MB)."""

    def __init__(self, wbits: int) -> None:
        self._unpacker = zlib.decompressobj(wbits)
        self._wbits = wbits
        self._raw_size = 0
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        if not self._raw_size and self._wbits == zlib.MAX_WBITS and _is_headless(chunk):
            self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        self._raw_size += len(chunk)
        if self._raw_size > LARGEST_RAW:
            raise AnswerTooLarge("answer too large (over 1 MB compressed)")
        try:
            self._body += self._unpacker.decompress(chunk, LARGEST_DECODED + 1 - len(self._body))
        except zlib.error as error:
            raise BadAnswer("the compressed answer is damaged", remedy=_ODD_REMEDY) from error
        if len(self._body) > LARGEST_DECODED:
            raise AnswerTooLarge(_TOO_LARGE)

    def finish(self) -> bytes:
        if self._raw_size and not self._unpacker.eof:
            raise BadAnswer("the compressed answer ends in the middle", remedy=_ODD_REMEDY)
        return bytes(self._body)


def _is_headless(chunk: bytes) -> bool:
    """Some servers send `deflate` without the zlib header, whose first byte always ends in 8."""
    return chunk != b"" and chunk[0] & 0x0F != 8
