"""Textual's terminal driver, made robust against unexpected signals and bytes."""

from __future__ import annotations

import asyncio
import codecs
import os
import re
import select
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TextIO

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.color import Color
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.message import Message

from tui.core.clock import SystemClock
from tui.core.terminal import Multiplexer, multiplexer
from tui.ui.terminal.diffing_app import DiffingApp
from tui.ui.terminal.events import InputNote, TextRun
from tui.ui.terminal.input_parser import ESC, InputParser, Keys, Pasted

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class PrintableOnly(LineFilter):
    """Removes characters that could control the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without unprintable characters; Textual calls it for each painted line."""
        del background
        if not any(_UNPRINTABLE.search(segment.text) for segment in segments):
            return segments
        return [Segment(_UNPRINTABLE.sub("", text), style, control) for text, style, control in segments]


_ERRORS = "jobdeck.cells"


def keep_cells(stream: TextIO | None) -> None:
    """Make `stream` write question marks for characters outside its encoding; ignore a closed or replaced stream."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        codecs.register_error(_ERRORS, _marks)
        reconfigure(errors=_ERRORS)


def _marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "?" * cell_len(error.object[error.start : error.end]), error.end


READ_BYTES = 4096
"""Maximum bytes per read, the size of the kernel's terminal buffer."""

LOOK_S = 0.1
"""Seconds between two checks of the input thread whether it must end."""

MANY, MOST_WAITING, PAUSE_S = 64, 2000, 0.005
"""Bytes from which a read is more than keys, messages in the app's queue above which reading pauses, and the seconds of
a pause.
"""

_RUNS = re.compile(r"[^\x00-\x1f\x7f]+|[\x00-\x1f\x7f]")
"""Runs of text, and single control characters."""


class HungUp(Exception):
    """The terminal has closed."""


class Output:
    """Writes to the terminal and ignores errors after it closes, which the input thread handles."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()


class SignalSafeDriver(LinuxDriver):
    """A driver that resumes only after it was suspended.

    `timeout`, debuggers and some supervisors send SIGCONT to a program that was never stopped. Textual would enter
    application mode a second time, leak threads and hang on exit (tests/README.md, row 24).
    """

    _is_suspended = False
    _sent: Future[bool] | None = None

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = Output(self._file)  # type: ignore[assignment]  # Textual calls only these methods

    @property
    def is_drained(self) -> bool:
        """Whether the tty accepts more and the queue is almost empty. Buffers of an ssh server are unknown."""
        writer = self._writer_thread
        if writer is None:
            return True
        return writer._queue.qsize() < 2 and bool(select.select([], [writer], [], 0)[1])  # noqa: SLF001  # it has no public name

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size that the app uses.

        For a terminal without a size (0x0) driver and app used different ones, and the layout alternated forever.
        """
        return self._app.console.size

    def take_mouse(self, *, is_taken: bool) -> None:
        """Have the terminal report the mouse, or stop it; after a suspension it reports the mouse again."""
        if is_taken:
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()
        self.flush()

    @property
    def can_suspend(self) -> bool:
        """Whether a shell with job control started us: it gives each command a process group and can resume it."""
        return os.getpgrp() != os.getsid(0)

    def suspend_group(self) -> None:
        """Restore the terminal and stop the process group, as ctrl-z does: the shell also waits for a wrapper."""
        self._is_suspended = self._must_signal_resume = True
        # First, because the shell takes the terminal when the wrapper stops.
        self.suspend_application_mode()
        os.killpg(0, signal.SIGTSTP)

    def _sigtstp_application(self, *args: object) -> None:
        if self._is_suspended:
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            self._is_suspended = True
            super()._sigtstp_application(*args)

    def _sigcont_application(self, *args: object) -> None:
        if self._is_suspended:
            super()._sigcont_application(*args)
            # After `bg` the kernel has stopped us again, and `fg` follows later.
            self._is_suspended = self._writer_thread is None or not self._writer_thread.is_alive()

    def start_application_mode(self) -> None:
        # The content of the terminal is unknown, at the start and after another program.
        if isinstance(self._app, DiffingApp):
            self._app.forget_cells()
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual gives it no types
        except BaseException:
            self.stop_application_mode()  # Textual would leave the terminal half changed
            raise

    def _run_input_thread(self) -> None:
        """Read keys until the driver stops; an error ends the app as a bug or as a hangup."""
        try:
            self.run_input_thread()
        except HungUp:
            signal.raise_signal(signal.SIGHUP)  # the kernel sends it only to the session leader
        except Exception as error:  # noqa: BLE001  # passed on to the app
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)  # noqa: SLF001  # it has no public name

    def run_input_thread(self) -> None:
        """Pass keys, pastes and reports of the terminal to the app; drop other bytes.

        Raises:
            HungUp: The terminal has closed.
        """
        keyboard = InputParser(has_alt=multiplexer(os.environ) is not Multiplexer.SCREEN)
        parser, clock = XTermParser(self._debug), SystemClock()
        while not self.exit_event.is_set():
            now_s, deadline_s = clock.monotonic_s(), keyboard.deadline_s
            wait_s = LOOK_S if deadline_s is None else max(0.0, min(LOOK_S, deadline_s - now_s))
            data = self._read() if select.select([self.fileno], [], [], wait_s)[0] else b""
            now_s = clock.monotonic_s()
            for piece in keyboard.feed(data, now_s) if data else keyboard.tick(now_s):
                for message in messages_of(piece, parser):
                    self.process_message(message)
            if len(data) >= MANY:
                self._wait_for_app()

    def _read(self) -> bytes:
        """Return the bytes from the terminal.

        Raises:
            HungUp: The terminal has closed.
        """
        try:
            data = os.read(self.fileno, READ_BYTES)
        except OSError as error:
            raise HungUp from error
        if not data:
            raise HungUp
        return data

    def send_message(self, message: Message) -> None:
        self._sent = asyncio.run_coroutine_threadsafe(self._app._post_message(message), loop=self._loop)  # noqa: SLF001

    def _wait_for_app(self) -> None:
        """Wait until the app catches up. The terminal buffers unread bytes; in the app each may take a kilobyte."""
        while (self._sent is not None and not self._sent.done()) or self._app.message_queue_size > MOST_WAITING:
            if self.exit_event.wait(PAUSE_S):
                return


def messages_of(piece: Keys | Pasted, parser: XTermParser) -> Iterator[Message]:
    """Yield Textual's messages for a key, a report or a paste."""
    if isinstance(piece, Pasted):
        yield events.Paste(piece.text)
        if piece.note:
            yield InputNote(piece.note)
    elif piece.text == ESC:
        yield events.Key("escape", ESC)  # the parser would wait for more bytes
    elif len(piece.text) == 2 and piece.text[0] == ESC:
        yield from _alt_keys(piece.text, parser)
    elif piece.text[0] == ESC:
        yield from parser.feed(piece.text)
    else:
        for text in _RUNS.findall(piece.text):
            yield from (TextRun(text),) if len(text) > 1 else parser.feed(text)


def _alt_keys(sequence: str, parser: XTermParser) -> Iterator[Message]:
    """Yield the key of ESC and one character, without the character that Textual would type."""
    if sequence in ANSI_SEQUENCES_KEYS:
        yield from parser._sequence_to_key_events(sequence)  # noqa: SLF001  # feed() would wait for more bytes
    else:
        for key in parser._sequence_to_key_events(sequence[1], alt=True):  # noqa: SLF001
            yield events.Key(key.key, None)
