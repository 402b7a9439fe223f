"""Measures what the screen costs, from outside, in a real pty: `python -m tests.bench.screen` prints the table. Takes about three minutes.

The app over many jobs is `tests.bench.busy`, which reads the bytes of lists as they would come from a server; start-up is the program's own.
"""

import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure, table
from tests.support.pty_app import ROOT, command, environment, is_on
from tests.support.pty_terminal import Mark, Terminal
from tui.ui.terminal.gc_scheduler import EVERY_S

SIZES = ((80, 24), (200, 50))
NOBODY = "http://127.0.0.1:9"
"""Where nobody answers; the first text must not wait for anybody."""
PATIENCE_S = 20.0
QUIET_S = 0.3
ID_CELLS = slice(2, 20)
"""The cells of a row from the status to the end of the id."""


@contextmanager
def running(
    module: str, *arguments: object, size: tuple[int, int] = SIZES[0], until: str = "", kind: type[Terminal] = Terminal
) -> Iterator[Terminal]:
    """Run a module of the bench, from the moment at which it shows `until`."""
    argv = [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)]
    with kind(argv, size=size, env={"PYTHONPATH": str(ROOT)}, cwd=ROOT) as terminal:
        terminal.wait_for(until or (lambda it: bool(it.text.strip())), PATIENCE_S)
        read_for(terminal, 1.0)
        yield terminal


def busy(jobs: int, *arguments: object, size: tuple[int, int] = SIZES[0], kind: type[Terminal] = Terminal):
    """Run the app over `jobs` jobs, from the moment at which it shows them."""
    return running("busy", jobs, *arguments, size=size, until=f" {jobs:,} job" if jobs else "No jobs yet", kind=kind)


def read_for(terminal: Terminal, seconds: float) -> bytes:
    """Return what comes within so many seconds."""
    mark = terminal.mark()
    end_s = mark.at_s + seconds
    terminal.wait_for(lambda it: it._now_s() >= end_s, seconds + PATIENCE_S)
    return terminal.since(mark)


def cpu_s(pid: int) -> float:
    """Return the seconds that all threads of a process have run, to the microsecond."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def cost_of(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """Return the bytes and the CPU seconds that a program takes in so many seconds."""
    begin_s = cpu_s(terminal.pid)
    size = len(read_for(terminal, seconds))
    return size, cpu_s(terminal.pid) - begin_s


def label(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


# changes


def change_figures() -> Iterator[Figure]:
    """What a status costs that changes in a visible row, and in one out of sight."""
    with running("floors", "painter", 0.2) as terminal:
        floor_bytes, floor_cpu_s = cost_of(terminal, 4.0)
    for size in SIZES:
        for name, only, batch, bound in (
            ("visible row", 2, 2, 200),
            ("visible row and counts", 2, 1, None),
            ("out of sight: counts", 90, 1, None),
        ):
            with busy(
                100, "--batch", batch, "--only", only, "--every", 0.2, "--statuses", "PENDING,FAILED", size=size
            ) as terminal:
                sent, used_s = cost_of(terminal, 4.0)
            yield Figure(f"status change, {name}, {label(size)}", sent / 20 / batch, "bytes", floor_bytes / 20, bound)
            if batch == 1 and only == 2:
                yield Figure(f"CPU of a status change, {label(size)}", used_s / 20 * 1e3, "ms", floor_cpu_s / 20 * 1e3)


# keys


def stands_on(job_id: int) -> Callable[[Terminal], bool]:
    """Whether the cursor's bar lies on the row of a job."""
    return lambda it: any(line.startswith("▌") and f" {job_id} " in line for line in it.lines)


def bytes_of_keys(terminal: Terminal, keys: str) -> list[int]:
    """Return what each key makes the program send until it is quiet."""
    sizes = []
    for key in keys:
        mark = terminal.mark()
        terminal.press(key)
        terminal.wait_quiet(0.12, PATIENCE_S)
        sizes.append(len(terminal.since(mark)))
    return sizes


EVERY_CHANGE = "SUCCESS,FAILED,PENDING,WORKING,HALTED,SUCCESS,PENDING,HALTED,FAILED,WORKING"
"""Statuses in turns, so that each has each other one for a neighbour."""
FIRST_ID = 884213
"""Ids are as long as real ones: each digit of the cursor's is sent."""


def largest_keys(size: tuple[int, int], *arguments: str, jobs: int = 60) -> tuple[list[int], list[int]]:
    """Return what each cursor key costs, down and up a list where neighbours differ in status: keys that leave it in place, and that scroll."""
    moved, scrolled = [], []
    with busy(jobs, "--statuses", EVERY_CHANGE, "--first", FIRST_ID, "--still", *arguments, size=size) as terminal:
        for key, place in [
            *(("j", place) for place in range(1, jobs)),
            *(("k", place) for place in reversed(range(jobs - 1))),
        ]:
            top, mark = listed_first(terminal), terminal.mark()
            terminal.press(key)
            terminal.wait_for(f"━ {FIRST_ID + place} ", PATIENCE_S)  # the detail has followed
            terminal.wait_quiet(0.12, PATIENCE_S)
            (moved if listed_first(terminal) == top else scrolled).append(len(terminal.since(mark)))
    return moved, scrolled


def listed_first(terminal: Terminal) -> str:
    """Return the uppermost row of the list, the one below its header."""
    header = next(y for y, line in enumerate(terminal.lines) if " STATUS " in line)
    return terminal.lines[header + 1][ID_CELLS]


def largest_key_figures() -> Iterator[Figure]:
    """What the dearest cursor keys cost. Where the detail stands beside the list a terminal cannot scroll it, so the list leaps."""
    narrow, wide = SIZES
    yield Figure(f"cursor key, largest, {label(narrow)}", max(map(max, largest_keys(narrow))), "bytes", None, 800)
    unlike = max(map(max, largest_keys(narrow, "--unlike")))
    yield Figure(f"cursor key, largest, unlike types, locations, files, {label(narrow)}", unlike, "bytes")
    moved, leapt = largest_keys(wide, jobs=120)
    yield Figure(f"cursor key, largest, list in place, {label(wide)}", max(moved), "bytes", None, 800)
    yield Figure(f"cursor key, largest, list leaps, {label(wide)}", max(leapt), "bytes")
    yield Figure(
        f"cursor key, mean, leaps included, {label(wide)}", statistics.fmean(moved + leapt), "bytes", None, 300
    )


def key_figures() -> Iterator[Figure]:
    """What a cursor key costs in bytes, the detail that follows it included."""
    for size in SIZES:
        with running("floors", "painter", 0, size=size) as terminal:
            floor = bytes_of_keys(terminal, "j" * 30)
        with busy(100, size=size) as terminal:
            sent = bytes_of_keys(terminal, "j" * 60 + "k" * 20)
        for name, pick in (("median", statistics.median), ("p90", lambda sizes: quantile(sizes, 0.9))):
            yield Figure(f"cursor key, {name}, {label(size)}", pick(sent), "bytes", pick(floor), 800)


def quantile(numbers: list[float], share: float) -> float:
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def latency_figures() -> Iterator[Figure]:
    """How long a key takes to its paint while list answers come in."""
    for jobs, batch in ((1, 1), (1000, 1000), (10000, 100), (10000, 1000)):
        with busy(jobs, "--batch", batch) as terminal:
            waits_ms = [
                wait_s * 1e3
                for wait_s in (waits_of_tabs(terminal, 60) if jobs == 1 else waits_of_cursor(terminal, 120))
            ]
        for name, share, bound in (("p50", 0.5, None), ("p99", 0.99, 50)):
            yield Figure(
                f"key to paint, {name}, {jobs:,} jobs, {batch:,} answered twice a second",
                quantile(waits_ms, share),
                "ms",
                None,
                bound,
            )


def waits_of_cursor(terminal: Terminal, number: int) -> list[float]:
    return [wait_of(terminal, "j", stands_on(2 + place)) for place in range(number)]


def waits_of_tabs(terminal: Terminal, number: int) -> list[float]:
    """A single job leaves the cursor nowhere to go; the tabs of its detail do."""
    tabs = ("Messages", "Raw", "Why")
    return [wait_of(terminal, "]", is_on(tabs[place % 3])) for place in range(number)]


def wait_of(terminal: Terminal, key: str, is_painted: Callable[[Terminal], bool]) -> float:
    """Return the seconds from a key to the piece of output that shows its effect."""
    read_for(terminal, 0.03 + (terminal._now_s() * 7919 % 50) / 1000)  # not in step with the answers
    mark = terminal.mark()
    terminal.press(key)
    terminal.wait_for(is_painted, PATIENCE_S)
    return terminal.timed_since(mark)[-1][0]


# time passing


def clock_figures() -> Iterator[Figure]:
    """What is sent because time goes by."""
    for size in SIZES:
        with busy(15, "--statuses", "WORKING", size=size) as terminal:
            terminal.press("|")
            terminal.wait_quiet(QUIET_S, PATIENCE_S)
            sent, _ = cost_of(terminal, 5.0)
        yield Figure(f"15 running clocks, {label(size)}", sent / 5, "bytes/s", None, 1000)
    with busy(1000, "--statuses", "SUCCESS") as terminal:
        read_for(terminal, EVERY_S + 1)  # what the start left is swept by then
        sent, used_s = cost_of(terminal, 10.0)
    yield Figure("idle, 1,000 settled jobs", sent / 10, "bytes/s", None, 0)
    yield Figure("idle CPU, 1,000 settled jobs", used_s / 10 * 100, "%", None, 0.3)


# size


def memory_figures() -> Iterator[Figure]:
    """What jobs add to the memory of the app."""
    with busy(0) as terminal:
        empty_mib = terminal.rss_kib() / 1024
    yield Figure("memory of the empty app", empty_mib, "MiB")
    for jobs, bound in ((1, None), (1000, None), (10000, 45)):
        with busy(jobs, "--batch", min(jobs, 1000)) as terminal:
            read_for(terminal, 2.0)
            yield Figure(
                f"memory over the empty app, {jobs:,} jobs", terminal.rss_kib() / 1024 - empty_mib, "MiB", None, bound
            )


def adding_figure() -> Figure:
    """How long it takes from the enter key until the list shows 10,000 jobs."""
    with busy(0) as terminal:
        terminal.type("1-10000")
        terminal.wait_for("10,000 jobs", PATIENCE_S)
        mark = terminal.mark()
        terminal.press("enter")
        terminal.wait_for(lambda it: " 10,000 jobs ━" in it.text and " SUCCESS " in it.text, PATIENCE_S)
        return Figure("adding 10,000 jobs", terminal.timed_since(mark)[-1][0], "s", None, 2)


# start


def first_text_s(argv: list[str], env: dict[str, str | None]) -> float:
    """Return the seconds from the start to the first visible character."""
    with Terminal(argv, env=env, cwd=ROOT) as terminal:
        terminal.wait_for(lambda it: bool(it.text.strip()), PATIENCE_S)
        return terminal.timed_since(Mark(0, 0.0))[-1][0]


def start_figure() -> Figure:
    """The program against the smallest useful app, in turns: the machine's mood is the same for both."""
    env = environment(NOBODY)
    ours, least = [], []
    for _ in range(7):
        ours.append(first_text_s(command("1-100"), env))
        least.append(
            first_text_s([sys.executable, "-m", "tests.bench.floors", "app"], {**env, "PYTHONPATH": str(ROOT)})
        )
    return Figure(
        "start to first text", statistics.median(ours) * 1e3, "ms", statistics.median(least) * 1e3, 1.5, is_ratio=True
    )


def figures() -> list[Figure]:
    """Measure everything."""
    return [
        *change_figures(),
        *key_figures(),
        *largest_key_figures(),
        *clock_figures(),
        *latency_figures(),
        adding_figure(),
        *memory_figures(),
        start_figure(),
    ]


if __name__ == "__main__":
    sys.stdout.write(table(figures()) + "\n")
