"""Measures how long help takes, beside the import of click alone: `python -m tests.bench commands`. Takes half a minute."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from tests.bench.figures import Figure
from tui.cli.commands import COMMANDS

ROUNDS = 31
FLOOR = [sys.executable, "-c", "import click"]
ENTRY = [sys.executable, "-c", "from tui.__main__ import main; main()"]
"""What the installed script does."""


def seconds_of(command: Sequence[str]) -> float:
    """Return the wall time of a program that is run once."""
    begin_s = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin_s


def figures() -> Iterator[Figure]:
    """What a person waits for a help page. The programs take turns, so that a busy minute hits them all."""
    commands = {"--help": [*ENTRY, "--help"]} | {
        f"{name} --help": [*ENTRY, name, "--help"] for name in sorted(COMMANDS)
    }
    rounds = [{name: seconds_of(command) for name, command in {"": FLOOR, **commands}.items()} for _ in range(ROUNDS)]
    medians = {name: statistics.median(times[name] for times in rounds) for name in ("", *commands)}
    for name in commands:
        yield Figure(f"jobdeck {name}", medians[name] * 1e3, "ms", medians[""] * 1e3, 2.5, is_ratio=True)
