"""Runs of jobdeck without the half second of imports that each fresh process spends; Linux only.

Each run is a process of its own and a child of this one. Only what was imported before it began is not its own.
Where that could matter (variables that modules or Python itself read when they start), a fresh process is started instead.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER = Path(__file__).with_name("warm_server.py")
PROGRAM = ("-m", "tui")

_STARTUP = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "GLIBC_")
"""Beginnings of the names that the interpreter and the C library read when they start."""

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


class Server:
    """A process that has imported jobdeck, and forks at request.

    Args:
        flags: Flags of the interpreter.
    """

    def __init__(self, flags: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        self._wire, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, *flags, str(SERVER), str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, env=self._env, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        (size,) = struct.unpack("!I", self._wire.recv(4, socket.MSG_WAITALL))
        self._read = frozenset(json.loads(self._wire.recv(size, socket.MSG_WAITALL)))

    def suits(self, env: Mapping[str, str]) -> bool:
        """Return whether a process with these variables would have started and imported in the same way."""
        names = self._read | {name for name in {*env, *self._env} if name.startswith(_STARTUP)}
        return all(env.get(name) == self._env.get(name) for name in names)

    def fork(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str],
        *,
        cwd: str | Path | None = None,
        streams: Sequence[int] = (),
        tty: str = "",
        is_session: bool = False,
    ) -> int:
        """Start a run; return its process, a child of this one. It has the three `streams`, or those of a `tty`, which it controls."""
        wanted = {
            "arguments": list(arguments),
            "env": dict(env),
            "cwd": str(cwd or Path.cwd()),
            "tty": tty,
            "is_session": is_session or bool(tty),
        }
        text = json.dumps(wanted).encode()
        with self._lock, _adopting():
            socket.send_fds(self._wire, [struct.pack("!I", len(text))], list(streams))
            self._wire.sendall(text)
            answer = self._wire.recv(4, socket.MSG_WAITALL)
        return int(struct.unpack("!I", answer)[0])

    def end(self) -> None:
        """End the server; its runs go on."""
        self._wire.close()
        self._process.wait()


@contextlib.contextmanager
def _adopting():
    """Become the parent of grandchildren whose parent ends meanwhile."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_SUBREAPER, 0, 0, 0, 0)


@functools.cache
def server(flags: tuple[str, ...]) -> Server:
    """Return the server of this process for these flags."""
    started = Server(flags)
    atexit.register(started.end)
    return started


def split(command: Sequence[str]) -> tuple[tuple[str, ...], list[str]] | None:
    """Return flags and arguments of ``python FLAGS -m tui ARGUMENTS``; None for any other command."""
    if not command or command[0] != sys.executable:
        return None
    rest = list(command[1:])
    flags = tuple(rest[:2]) if rest[:2] == ["-W", "error"] else ()
    rest = rest[len(flags) :]
    return (flags, rest[2:]) if tuple(rest[:2]) == PROGRAM else None


class Popen(subprocess.Popen):
    """As `subprocess.Popen`, for ``python -m tui``; anything else starts as it always does."""

    def _execute_child(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, *rest) -> None:
        _, _, shell, stdin, to_stdin, from_stdout, stdout, from_stderr, stderr, *others = rest
        wanted = (
            split(args)
            if isinstance(args, list) and not (shell or preexec_fn or pass_fds) and env is not None
            else None
        )
        if wanted is None or not server(wanted[0]).suits(env):
            super()._execute_child(args, executable, preexec_fn, close_fds, pass_fds, cwd, env, *rest)
            return
        given = (stdin, stdout, stderr)
        streams = [number if stream == -1 else stream for number, stream in enumerate(given)]
        is_session = bool(others[5])
        self.pid = server(wanted[0]).fork(wanted[1], env, cwd=cwd, streams=streams, is_session=is_session)
        self._child_created = True
        self._close_pipe_fds(stdin, to_stdin, from_stdout, stdout, from_stderr, stderr)


def run(command: Sequence[str], *, input: str, timeout: float, **kwargs) -> subprocess.CompletedProcess[str]:  # noqa: A002
    """As `subprocess.run` with `capture_output`."""
    pipe = subprocess.PIPE
    with Popen(list(command), stdin=pipe, stdout=pipe, stderr=pipe, **kwargs) as process:
        try:
            stdout, stderr = process.communicate(input, timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def spawn(argv: list[str], env: dict[str, str], cwd: str | Path | None, tty: str) -> int | None:
    """Start ``python -m tui`` as the leader of a session in a tty; None for anything else."""
    wanted = split(argv)
    if wanted is None or not server(wanted[0]).suits(env):
        return None
    return server(wanted[0]).fork(wanted[1], env, cwd=cwd, tty=tty)
