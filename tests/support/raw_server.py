"""A server on a real socket that plays scripted bytes: what only a socket can show. Knows no HTTP beyond the end of a request."""

import asyncio
import socket
import ssl
import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass


def answer(body=b'{"jobID": 1}', *, status="200 OK", headers=()):
    """Return the bytes of a whole answer that keeps the connection open."""
    lines = [f"HTTP/1.1 {status}".encode("latin-1"), b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def gzip_bomb(megabytes=300):
    """Return a few hundred kB that unpack to so much; it has no end, which nobody should get to, and takes no time to make."""
    packer = zlib.compressobj(wbits=31)
    first, more = (packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + more * (megabytes - 1)


@dataclass(frozen=True)
class Asked:
    """Wait for the end of one request."""

    async def play(self, server, reader, writer):
        server.requests.append(await reader.readuntil(b"\r\n\r\n"))
        server.asked.set()


@dataclass(frozen=True)
class Sent:
    """Write these bytes, `times` over, until the other side hangs up."""

    content: bytes
    times: int = 1

    async def play(self, server, reader, writer):
        for _ in range(self.times):
            writer.write(self.content)
            await writer.drain()


@dataclass(frozen=True)
class Dripped:
    """Write these bytes one by one for as long as anybody reads."""

    content: bytes

    async def play(self, server, reader, writer):
        for byte in self.content:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Held:
    """Say nothing until the other side hangs up."""

    async def play(self, server, reader, writer):
        await reader.read()


@dataclass(frozen=True)
class Reset:
    """End the connection by RST instead of FIN."""

    async def play(self, server, reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


class RawServer:
    """Plays one script a connection, the last one for all later connections; each closes at its script's end."""

    def __init__(self, *scripts, certificate=None, authority=None, tls=None):
        """Speak TLS with a `certificate`; ask clients for one of an `authority`; speak version `tls` alone."""
        self.scripts, self.certificate, self.authority, self.tls = scripts, certificate, authority, tls
        self.connections, self.requests, self._open = 0, [], set()
        self.asked = asyncio.Event()

    async def __aenter__(self):
        context = None
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            if self.authority:
                context.load_verify_locations(self.authority)
                context.verify_mode = ssl.CERT_REQUIRED
            if self.tls:
                context.minimum_version = context.maximum_version = self.tls
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def url(self):
        """Address of the server, without a path."""
        port = self._server.sockets[0].getsockname()[1]
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{port}"

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._open.add(task)
        script = self.scripts[min(self.connections, len(self.scripts) - 1)]
        self.connections += 1
        try:
            for step in script:
                await step.play(self, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()
            self._open.discard(task)
