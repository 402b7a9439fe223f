"""Answers the completion scripts of the shells through click. The values come from `tui.cli.completion_values`.

A script sends the line up to the cursor, and gets a line `kind<tab>value<tab>help` for each word that can replace the
last one. The kinds are `plain`, `open` (no space follows, as after a folder) and `file` (the shell completes files).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import ClassVar

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, shell_complete, split_arg_string

from tui.cli.completion_values import paths

VARIABLE = "_JOBDECK_COMPLETE"
"""The variable that holds the instruction: `bash_complete`, or `bash_source` for the script."""

FOLDER = Path(__file__).with_name("completion")

_SAFE_IN_BASH = re.compile(r"[^\w@%+=:,./~^-]")


def answer(command: click.Command, instruction: str) -> int:
    """Write the response to `instruction`, the value of VARIABLE, and return the exit code."""
    for answering in (Bash, Zsh, Fish):
        add_completion_class(answering)
    return shell_complete(command, {}, "jobdeck", VARIABLE, instruction)


def script(shell: str) -> str:
    """Return the completion script of a shell in SCRIPTS."""
    return (FOLDER / SCRIPTS[shell]).read_text(encoding="utf-8")


SCRIPTS = {"bash": "jobdeck.bash", "zsh": "_jobdeck", "fish": "jobdeck.fish"}


class _Shell(ShellComplete):
    def source(self) -> str:
        return script(self.name)

    def get_completion_args(self) -> tuple[list[str], str]:
        return split_line(os.environ.get("_JOBDECK_LINE", ""))

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return click's completions as whole words: for `--name=val`, click returns only the value."""
        option, equals, value = incomplete.partition("=") if incomplete.startswith("--") else ("", "", "")
        items = super().get_completions(args, incomplete)
        if not equals:
            return items
        if any(item.type == "file" for item in items):
            items = [CompletionItem(path) for path in paths(value)]
        return [CompletionItem(f"{option}={item.value}", help=item.help) for item in items]

    def format_completion(self, item: CompletionItem) -> str:
        kind = "open" if item.type == "plain" and item.value.endswith("/") else item.type
        return f"{kind}\t{self._written(item.value)}\t{' '.join((item.help or '').split())}"

    def _written(self, value: str) -> str:
        return value


class Zsh(_Shell):
    """zsh, which quotes words itself."""

    name: ClassVar[str] = "zsh"


class Fish(_Shell):
    """fish, which quotes words itself."""

    name: ClassVar[str] = "fish"


class Bash(_Shell):
    """bash, which splits a word at its break characters, and quotes nothing."""

    name: ClassVar[str] = "bash"

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return the completions of the part after the last break character; readline keeps the part before it.

        An `@` is a break character too, but belongs to the part that it starts.
        """
        breaks = os.environ.get("_JOBDECK_BREAKS", "")
        kept = max([0, *(incomplete.rfind(each) + (each != "@") for each in "@=:" if each in breaks)])
        items = super().get_completions(args, incomplete)
        return [
            CompletionItem(item.value[kept:], item.type, item.help) if item.type == "plain" else item for item in items
        ]

    def _written(self, value: str) -> str:
        return _SAFE_IN_BASH.sub(lambda found: f"\\{found[0]}", value)


def split_line(line: str) -> tuple[list[str], str]:
    """Return the complete words after the program name, and the word at the end of `line`, which may be empty."""
    mark = "\0"  # no shell allows it in a line; it shows whether the last word has begun
    words = split_arg_string(line + mark)
    return words[1:-1], words[-1].removesuffix(mark) if len(words) > 1 else ""
