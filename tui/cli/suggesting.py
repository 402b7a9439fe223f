"""Guesses which command or option was meant by a word that is none. Errors alone need it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

import click

_BARE_WORD = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)*")

_OTHER_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("list", "ls", "ll", "jobs", "search", "query", "filter", "select"), "find"),
    **dict.fromkeys(("status", "show", "describe", "read", "cat", "view", "info", "fetch", "job", "inspect", "poll"), "get"),
    **dict.fromkeys(("follow", "tail", "log", "logs", "monitor", "stream", "events", "changes"), "watch"),
    **dict.fromkeys(("await", "until", "block", "join"), "wait"),
    **dict.fromkeys(("check", "test", "diagnose", "health", "ping", "verify", "debug"), "doctor"),
    **dict.fromkeys(("init", "setup", "configure", "login", "auth", "add-profile"), "config init"),
    **dict.fromkeys(("settings", "profile", "profiles", "env", "whoami"), "config show"),
    **dict.fromkeys(("serve", "server", "mock", "fake", "simulator", "sim"), "simulate"),
    **dict.fromkeys(("completions", "complete", "bash", "zsh", "fish"), "completion"),
    **dict.fromkeys(("man", "manual"), "--man"),
    **dict.fromkeys(("demo", "try", "tour"), "--demo"),
    **dict.fromkeys(("usage", "commands"), "--help"),
}
"""Words that other programs, or other people, have for what our commands do."""


def is_bare_word(word: str) -> bool:
    """Return whether a word can only be a command: letters alone, where a job has digits and a file a dot."""
    return _BARE_WORD.fullmatch(word) is not None


def command_guess(word: str, commands: Iterable[str]) -> str:
    """Return what to do about a word that is no command."""
    names = {name: name for name in commands}
    known = {**_OTHER_WORDS, **names}
    meant = known.get(word.lower())
    if meant is None:
        close = difflib.get_close_matches(word.lower(), names, n=1) or difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.75)
        meant = known[close[0]] if close else None
    return "`jobdeck --help` lists the commands" if meant is None else f"did you mean `jobdeck {meant}`?"


def owners_of(option: str, context: click.Context) -> str:
    """Return which commands have an option of this spelling, such as `jobdeck wait and jobdeck watch`; empty for none."""
    group = context.find_root().command
    if not isinstance(group, click.Group):
        return ""
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and any(option in parameter.opts for parameter in command.params):
            found.append(f"jobdeck {name}")
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1] if found else "")))
