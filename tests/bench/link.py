"""What a slow line makes of keys: `python -m tests.bench.link` prints the table. Takes about a minute."""

import re
import sys
import time

from tests.bench.figures import Figure, table
from tests.bench.screen import PATIENCE_S, QUIET_S, SIZES, busy, label, quantile, stands_on
from tests.support.pty_terminal import Terminal

BYTES_PER_S = 20_000
REPEATS_PER_S = 30
"""How often a key that is held down comes, as most desktops have it."""
HELD_KEYS = 90
BOUND_MS = 50

STEPS = (*["j"] * 60, *["k"] * 20)
LEAPS = ("ctrl+d", "ctrl+d", "G", "ctrl+u", "ctrl+u", "g") * 4

_ROW = re.compile(r"▌ \S \S+ +(\d+) ")


class SlowTerminal(Terminal):
    """Reads no faster than the line carries: bytes arrive when the last of them has gone through."""

    READ_BYTES = 64

    def _read(self) -> None:
        before, begin_s = len(self._raw), time.monotonic()
        super()._read()
        sent = len(self._raw) - before
        time.sleep(max(0.0, begin_s + sent / BYTES_PER_S - time.monotonic()))
        if sent:
            self._chunks[-1] = (self._now_s(), before)


def under_bar(terminal: Terminal) -> frozenset[int]:
    """Return the jobs that are shown with the cursor's bar; while a screen is half painted there may be two."""
    rows = enumerate(map(_ROW.match, terminal.lines))
    return frozenset(int(found[1]) for y, found in rows if found and terminal.cell(y).reverse)


def waits_ms(terminal: Terminal, keys: tuple[str, ...]) -> list[float]:
    """Return how long each key takes until the cursor has visibly moved, with the line at rest before."""
    waits = []
    for key in keys:
        terminal.wait_quiet(QUIET_S, PATIENCE_S)
        before, mark = under_bar(terminal), terminal.mark()
        terminal.press(key)
        terminal.wait_for(lambda it, before=before: bool(under_bar(it) - before), PATIENCE_S)
        waits.append(1e3 * terminal.timed_since(mark)[-1][0])
    return waits


def held(terminal: Terminal) -> tuple[float, float]:
    """Hold `j` down for three seconds; return the milliseconds from the last key to its row, and the bytes of a key."""
    terminal.wait_quiet(QUIET_S, PATIENCE_S)
    begin = mark = terminal.mark()
    for turn in range(1, HELD_KEYS + 1):
        mark = terminal.mark()
        terminal.press("j")
        while (left_s := begin.at_s + turn / REPEATS_PER_S - terminal._now_s()) > 0 and turn < HELD_KEYS:
            terminal._pump(terminal._now_s() + left_s)
    terminal.wait_for(stands_on(1 + HELD_KEYS), PATIENCE_S)
    wait_ms = 1e3 * terminal.timed_since(mark)[-1][0]
    terminal.wait_quiet(QUIET_S, PATIENCE_S)
    return wait_ms, len(terminal.since(begin)) / HELD_KEYS


def figures() -> list[Figure]:
    """Measure keys over the slow line, those that scroll included."""
    found = []
    for size in SIZES:
        with busy(100, size=size, kind=SlowTerminal) as terminal:
            steps, leaps = waits_ms(terminal, STEPS), waits_ms(terminal, LEAPS)
            wait_ms, sent = held(terminal)
        found += [
            Figure(
                f"key to moved cursor at {BYTES_PER_S // 1000} kB/s, {name}, {label(size)}", value, "ms", None, bound
            )
            for name, value, bound in (
                ("p50", quantile(steps, 0.5), None),
                ("p90", quantile(steps, 0.9), BOUND_MS),
                ("slowest", max(steps), BOUND_MS),
                ("pages and ends, slowest", max(leaps), BOUND_MS),
                ("the last of a held key", wait_ms, BOUND_MS),
            )
        ]
        found.append(Figure(f"… a held key, {label(size)}", sent, "bytes"))
    return found


if __name__ == "__main__":
    sys.stdout.write(table(figures()) + "\n")
