"""A real terminal for tests: runs a program in a pty and sees what a person would see. Knows nothing of jobdeck; Linux only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.emulator import SYNC_MODE, Cell, Emulator
from tests.support.keys import key_bytes, mouse_bytes, paste_bytes

CHECK_S = 0.02
"""Longest wait before a condition is looked at again; things other than output (a stopped process) make no sound."""

DRAIN_S = 0.2
"""Silence after which the output of an ended program is complete although another process still holds its tty."""

DRAIN_LIMIT_S = 1.0
"""Longest time spent on reading what is already there."""

REAP_S = 5.0
"""Longest wait for the end of killed processes."""

SYNC_S = 1.0
"""Silence after which a terminal shows a synchronised update that was never ended."""

MOUSE_MODES = frozenset({1000, 1002, 1003})

_SHOWN_BYTES = 400


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a program's output."""

    offset: int
    """Bytes before it."""
    at_s: float
    """Seconds since the start."""


class Terminal:
    """A program in a pty, from `with` to its end; the whole session is killed and reaped on leaving.

    Nothing reads the program's output between two calls: a test that calls nothing is a frozen terminal.
    No shell stands above the program, so the kernel's own SIGTSTP and ctrl+z do not stop it; run it in ``sh -i`` for that.

    Args:
        argv: Program and arguments; the program is looked up in PATH.
        size: Columns and rows before the start; 0 is allowed.
        env: Variables on top of the clean environment; None removes one.
        cwd: Where the program starts; None for here.
        answers: Whether queries are answered; they are recorded in `queries` either way.
        home: A home that outlives the terminal, for programs started twice; None for a new one.
        spawn: Starts ``argv`` with an environment in a directory, as leader of a session in a tty, or returns None for a fresh process.
    """

    READ_BYTES = 65536
    """Most bytes that are read at once."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str | None] | None = None,
        cwd: str | Path | None = None,
        answers: bool = True,
        home: Path | None = None,
        spawn: Callable[[list[str], dict[str, str], str | Path | None, str], int | None] | None = None,
    ) -> None:
        self._argv = list(argv)
        self._env = dict(env or {})
        self._cwd = cwd
        self._answers = answers
        self._given_home = home
        self._spawn = spawn or (lambda *_: None)
        self._size = size
        self._emulator = Emulator(*size)
        self._raw = bytearray()
        self._chunks: list[tuple[float, int]] = []
        self._outbox = bytearray()
        self._code: int | None = None
        self._is_readable = True
        self._closing = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            directory = self._given_home or stack.enter_context(
                tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True)
            )
            self.home = Path(directory)
            """The program's HOME."""
            self._fd, slave = pty.openpty()
            stack.callback(self.hang_up)
            try:
                _set_size(self._fd, self._size)
                os.set_blocking(self._fd, False)
                self._termios = termios.tcgetattr(self._fd)
                self._started_s = time.monotonic()
                program = self._argv, self._environment(), self._cwd, os.ttyname(slave)
                self.pid = self._spawn(*program) or _fresh(*program)
            finally:
                os.close(slave)
            stack.callback(self._reap)
            self._pidfd = os.pidfd_open(self.pid)
            stack.callback(os.close, self._pidfd)
            self._closing = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.close()

    # What is on the screen

    @property
    def text(self) -> str:
        """The screen's lines joined by line feeds, without trailing blanks."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line of the screen, without trailing blanks."""
        return tuple(line for line, _ in self._emulator.rendered)

    def line(self, y: int) -> str:
        """Return line `y`, from 0 at the top."""
        return self.lines[y]

    def find(self, text: str) -> tuple[int, int]:
        """Return the cell (x, y) where `text` first stands within one line.

        Raises:
            AssertionError: It is not on the screen.
        """
        for y, (line, places) in enumerate(self._emulator.rendered):
            if (index := line.find(text)) >= 0:
                return places[index], y
        raise AssertionError(self._report(f"{text!r} is not on the screen"))

    def cell(self, x: int, y: int) -> Cell:
        """Return the cell in column `x` of line `y`, both from 0."""
        return self._emulator.cell(x, y)

    def colour_of(self, text: str) -> str:
        """Return the foreground of the first cell of `text`, as in `Cell.fg`."""
        return self.cell(*self.find(text)).fg

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's cell (x, y)."""
        cursor = self._emulator.screen.cursor
        return cursor.x, cursor.y

    @property
    def title(self) -> str:
        """The window title the program has set, or an empty text."""
        return self._emulator.title

    # What came over the wire

    @property
    def raw(self) -> bytes:
        """Every byte the program wrote and the terminal has read."""
        return bytes(self._raw)

    @property
    def queries(self) -> tuple[str, ...]:
        """Each query the program sent, oldest first; hostile text that reached the terminal raw shows up here."""
        return tuple(self._emulator.queries)

    @property
    def modes(self) -> frozenset[int]:
        """DEC private modes that are on."""
        return frozenset(self._emulator.modes)

    def mark(self) -> Mark:
        """Return this moment, after reading what the program has written until now."""
        self._drain()
        return Mark(len(self._raw), self._now_s())

    def since(self, mark: Mark) -> bytes:
        """Return the bytes that came after `mark`."""
        return bytes(self._raw[mark.offset :])

    def timed_since(self, mark: Mark) -> tuple[tuple[float, bytes], ...]:
        """Return what came after `mark` as read, each piece with its seconds after `mark`."""
        ends = [offset for _, offset in self._chunks[1:]] + [len(self._raw)]
        pieces = zip(self._chunks, ends, strict=False)
        return tuple(
            (at_s - mark.at_s, bytes(self._raw[begin:end])) for (at_s, begin), end in pieces if begin >= mark.offset
        )

    def leftovers(self) -> tuple[str, ...]:
        """Return what of the terminal is not as it was before the start, in words; for assertions that explain themselves."""
        found = self._emulator.leftovers()
        if self._fd >= 0 and termios.tcgetattr(self._fd) != self._termios:
            found += ("tty settings changed",)
        return found

    def is_restored(self) -> bool:
        """Return whether screen, cursor, mouse, paste, focus, keyboard and tty are as before the start."""
        return not self.leftovers()

    # Waiting

    def wait_for(self, condition: str | re.Pattern[str] | Callable[[Terminal], bool], timeout_s: float = 10.0) -> None:
        """Read output until `condition` holds: a text on the screen, a pattern found in its text, or a function that says yes.

        Within a synchronised update (mode 2026) nothing is looked at, as no terminal would show it, unless it falls silent for `SYNC_S`.

        Raises:
            AssertionError: It did not hold in time, or the program ended without it.
        """
        __tracebackhide__ = True
        self._wait(lambda: not self._is_in_update() and self._holds(condition), timeout_s, f"no {condition!r}")

    def wait_quiet(self, quiet_s: float = 0.3, timeout_s: float = 10.0) -> None:
        """Read output until none came for `quiet_s` seconds, counted from this call, or the program ended.

        Raises:
            AssertionError: It never was quiet for so long.
        """
        __tracebackhide__ = True
        begin_s = self._now_s()

        def is_quiet() -> bool:
            if self._has_output():
                return False  # it may have waited here while this process was busy
            return self._is_over() or min(self._now_s() - begin_s, self._silence_s()) >= quiet_s

        self._wait(is_quiet, timeout_s, f"never quiet for {quiet_s} s")

    def wait_exit(self, timeout_s: float = 10.0) -> int:
        """Return the exit code, or minus the number of the signal that killed the program, and read its last output.

        Raises:
            AssertionError: It still runs.
        """
        __tracebackhide__ = True
        self._wait(lambda: self._code is not None, timeout_s, "still running")
        self._drain(DRAIN_S)
        assert self._code is not None
        return self._code

    # What a person does

    def press(self, *keys: str) -> None:
        """Press keys one after the other: ``j``, ``enter``, ``esc``, ``ctrl+d``, ``shift+tab``, ``up``, ``f5``, ``alt+x``.

        A key right behind ``esc`` reads as alt and that key, so let ``esc`` be the last of a call and wait for its effect.
        """
        for key in keys:
            self.send(key_bytes(key, application_cursor=1 in self.modes))

    def type(self, text: str) -> None:
        """Type `text` letter by letter."""
        for character in text:
            self.send(character.encode())

    def paste(self, text: str) -> None:
        """Paste `text`, in brackets if the program asked for them."""
        self.send(paste_bytes(text, bracketed=2004 in self.modes))

    def click(self, x: int, y: int, *, button: int = 0) -> None:
        """Click on a cell, counted from 0; button 0 is the left one.

        Raises:
            AssertionError: The program asked for no mouse, so no terminal would tell it.
        """
        self._mouse(button, x, y)
        self.send(mouse_bytes(button, x, y, released=True))

    def scroll(self, x: int, y: int, *, up: bool = False) -> None:
        """Turn the wheel by one notch over a cell; otherwise as `click`."""
        self._mouse(64 if up else 65, x, y)

    def focus(self, *, gained: bool) -> None:
        """Give the window the focus or take it; a program that did not ask for mode 1004 hears nothing."""
        if 1004 in self.modes:
            self.send(b"\x1b[I" if gained else b"\x1b[O")

    def resize(self, cols: int, rows: int) -> None:
        """Give the window another size; the kernel tells the program by SIGWINCH. The emulated screen has at least one cell."""
        self._drain()
        self._emulator.resize(cols, rows)
        _set_size(self._fd, (cols, rows))

    def signal(self, number: int) -> None:
        """Send a signal to the program alone, not to its children."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Take the terminal away, as a killed ssh client does; what was read stays readable."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._is_readable = -1, False
        self._outbox.clear()

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:
        """Send bytes as they are, reading output meanwhile.

        Raises:
            AssertionError: The program does not take them.
        """
        __tracebackhide__ = True
        if self._fd < 0:
            raise AssertionError(self._report("the terminal is gone"))
        self._outbox += data
        self._flush()
        self._wait(lambda: not self._outbox, timeout_s, "input not taken")

    # The process

    def state(self, pid: int | None = None) -> str:
        """Return the letter /proc has for the program's state: R, S, T for stopped, Z for ended."""
        return _stat(pid or self.pid)[0]

    def threads(self, pid: int | None = None) -> int:
        """Return the program's number of threads; `pid` picks another process, such as `foreground_pid`."""
        return _status_number(pid or self.pid, "Threads")

    def rss_kib(self, pid: int | None = None) -> int:
        """Return the program's resident memory in KiB."""
        return _status_number(pid or self.pid, "VmRSS")

    @property
    def foreground_pid(self) -> int:
        """Leader of the tty's foreground group: under an interactive shell the command that runs now."""
        return os.tcgetpgrp(self._fd)

    def _environment(self) -> dict[str, str]:
        clean: dict[str, str | None] = {
            "PATH": os.environ.get("PATH", os.defpath),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
        }
        return {name: value for name, value in (clean | self._env).items() if value is not None}

    def _mouse(self, button: int, x: int, y: int) -> None:
        if not self.modes & MOUSE_MODES or 1006 not in self.modes:
            raise AssertionError(self._report("the program asked for no mouse"))
        self.send(mouse_bytes(button, x, y))

    def _silence_s(self) -> float:
        """Return the seconds since the last output, or since the start."""
        return self._now_s() - (self._chunks[-1][0] if self._chunks else 0.0)

    def _is_in_update(self) -> bool:
        return SYNC_MODE in self.modes and self._code is None and self._silence_s() < SYNC_S

    def _holds(self, condition: str | re.Pattern[str] | Callable[[Terminal], bool]) -> bool:
        if isinstance(condition, str):
            return condition in self.text
        if isinstance(condition, re.Pattern):
            return condition.search(self.text) is not None
        return condition(self)

    def _wait(self, done: Callable[[], bool], timeout_s: float, complaint: str) -> None:
        __tracebackhide__ = True
        deadline_s = self._now_s() + timeout_s
        while not done():
            if self._is_over():
                raise AssertionError(self._report(f"{complaint}; the program ended with {self._code}"))
            if self._now_s() >= deadline_s:
                raise AssertionError(self._report(f"{complaint} within {timeout_s} s"))
            self._pump(min(deadline_s, self._now_s() + CHECK_S))

    def _is_over(self) -> bool:
        """Return whether the program has ended and all it wrote was read."""
        if self._code is not None:
            self._drain(DRAIN_S)
        return self._code is not None

    def _pump(self, until_s: float) -> bool:
        """Wait for output, for room to write or for the end, not longer than `until_s`; return whether any came."""
        sources = [self._fd] * self._is_readable + [self._pidfd] * (self._code is None)
        targets = [self._fd] * (bool(self._outbox) and self._fd >= 0)
        ready, writable, _ = select.select(sources, targets, [], max(0.0, until_s - self._now_s()))
        if writable:
            self._flush()
        if self._is_readable and self._fd in ready:
            self._read()
        elif self._pidfd in ready:
            self._code = _exit_code(self.pid)
        return bool(ready or writable)

    def _drain(self, quiet_s: float = 0.0) -> None:
        """Read what is there until nothing came for `quiet_s` seconds; from an endless writer for `DRAIN_LIMIT_S` at most."""
        deadline_s = self._now_s() + DRAIN_LIMIT_S
        while self._has_output(quiet_s) and self._now_s() < deadline_s:
            self._read()

    def _has_output(self, wait_s: float = 0.0) -> bool:
        return self._is_readable and bool(select.select([self._fd], [], [], wait_s)[0])

    def _read(self) -> None:
        try:
            data = os.read(self._fd, self.READ_BYTES)
        except OSError:
            self._is_readable = False  # EIO: nobody holds the other side any more
            return
        self._chunks.append((self._now_s(), len(self._raw)))
        self._raw += data
        answer = self._emulator.feed(data)
        if answer and self._answers:
            self._outbox += answer
            self._flush()

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._outbox:
                del self._outbox[: os.write(self._fd, self._outbox[:4096])]

    def _now_s(self) -> float:
        return time.monotonic() - self._started_s

    def _reap(self) -> None:
        # The leader was not reaped before, so its number still names this session and no other.
        deadline_s = self._now_s() + REAP_S
        while (pids := _session(self.pid)) and self._now_s() < deadline_s:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for pid in pids:
                _wait_end(pid, deadline_s - self._now_s())
        os.waitpid(self.pid, 0)

    def _report(self, complaint: str) -> str:
        state = "running" if self._code is None else f"ended with {self._code}"
        frame = "-" * max(1, self._size[0])
        return f"{complaint}\n({' '.join(self._argv)}: {state})\n{frame}\n{self.text.rstrip()}\n{frame}\nlast bytes: {bytes(self._raw[-_SHOWN_BYTES:])!r}"


def _fresh(argv: list[str], env: dict[str, str], cwd: str | Path | None, tty: str) -> int:
    if cwd is not None:
        argv = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(cwd), *argv]
    return os.posix_spawnp(
        argv[0],
        argv,
        env,
        # A session leader without a terminal that opens one gets it as its controlling terminal; no fork, no preexec.
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, tty, os.O_RDWR, 0),
            (os.POSIX_SPAWN_DUP2, 0, 1),
            (os.POSIX_SPAWN_DUP2, 0, 2),
        ],
        setsid=True,
        # Whoever started pytest with nohup or & made it ignore signals; the program must not inherit that.
        setsigdef=signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP},
        setsigmask=[],
    )


def _set_size(fd: int, size: tuple[int, int]) -> None:
    cols, rows = size
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))


def _exit_code(pid: int) -> int | None:
    """Return the exit code of an ended child without reaping it; None while it runs."""
    result = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if result is None:
        return None
    return result.si_status if result.si_code == os.CLD_EXITED else -result.si_status


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on."""
    return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()


def _status_number(pid: int, name: str) -> int:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines())
    return int(fields[name].split()[0])


def _session(leader: int) -> list[int]:
    """Return the living processes of a session; background jobs of a shell have groups of their own."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                state, _, _, session, *_ = _stat(int(entry.name))
                if int(session) == leader and state not in {"Z", "X"}:
                    found.append(int(entry.name))
    return found


def _wait_end(pid: int, timeout_s: float) -> None:
    with contextlib.suppress(ProcessLookupError):
        pidfd = os.pidfd_open(pid)
        try:
            select.select([pidfd], [], [], max(0.0, timeout_s))
        finally:
            os.close(pidfd)
