"""Every key and action of the app: bindings, help and the command palette are made from it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One action and the keys for it."""

    keys: str
    """As Textual names them, parted by commas."""
    shown: str
    """As a person reads them."""
    action: str
    title: str
    """What it does, as in the palette and the help."""
    group: str
    """Where the help lists it."""

    @property
    def binding(self) -> Binding:
        """As a screen wants it; the action's name is the id by which it can be rebound."""
        return Binding(self.keys, self.action, self.title, id=self.id, show=False)

    @property
    def id(self) -> str:
        """The name by which the key can be rebound."""
        return re.split(r"[,:;(]", self.title)[0].strip().lower().replace(" ", "-")


GLOBAL_KEYS = (
    Key("a,i", "a i", "part('input')", "add jobs: type or paste ids or a file name", "jobs"),
    Key("x", "x", "drop", "take the job off the list", "jobs"),
    Key("u", "u", "undo", "put back what was taken off last", "jobs"),
    Key("e", "e", "failed(1)", "next failed job, at its first message", "jobs"),
    Key("E", "E", "failed(-1)", "previous failed job", "jobs"),
    Key("slash", "/", "search", "filter jobs as you type; in messages: search", "jobs"),
    Key("s", "s", "sort", "sort by attention, status, age, run, location", "jobs"),
    Key("S", "S", "reverse", "reverse the order", "jobs"),
    Key("m", "m", "pin", "pin to the deck, or unpin", "jobs"),
    Key("r", "r", "refresh", "ask for this job now", "asking"),
    Key("R", "R", "refresh_all", "ask for all jobs now", "asking"),
    Key("p", "p", "pause", "pause or resume asking", "asking"),
    Key("plus", "+", "interval(1)", "ask less often", "asking"),
    Key("minus", "-", "interval(-1)", "ask more often", "asking"),
    Key("1", "1", "part('input')", "go to the input", "moving"),
    Key("2", "2", "part('jobs')", "go to the jobs", "moving"),
    Key("3", "3", "part('detail')", "go to the detail", "moving"),
    Key("4", "4", "part('deck')", "go to the deck", "moving"),
    Key("tab", "tab", "step(1)", "next part (shift-tab: previous)", "moving"),
    Key("left_square_bracket", "[", "tab(-1)", "previous tab of the detail", "moving"),
    Key("right_square_bracket", "]", "tab(1)", "next tab of the detail", "moving"),
    Key("escape", "esc", "back", "back; then clear the filter", "moving"),
    Key("vertical_line", "|", "layout", "next layout: split, list, deck", "looking"),
    Key("f", "f", "full", "this part alone, without borders", "looking"),
    Key("t", "t", "times", "times as UTC, local, or age", "looking"),
    Key("w", "w", "wrap", "wrap long lines, or scroll them sideways", "looking"),
    Key("colon,ctrl+p", ": ctrl-p", "app.actions", "every action by name", "app"),
    Key("question_mark,f1", "? F1", "help", "this help", "app"),
    Key("ctrl+z", "ctrl-z", "app.suspend_process", "to the shell; fg comes back", "app"),
    Key("q", "q", "app.quit", "quit", "app"),
)

LIST_KEYS = (
    ("j k up down", "next, previous job"),
    ("g G", "first, last job"),
    ("ctrl-d ctrl-u", "half a page"),
    ("PgUp PgDn", "a page"),
    ("enter", "open in the detail"),
)

DETAIL_KEYS = (("j k g G", "scroll"), ("ctrl-d ctrl-u space", "by pages"), ("n N", "next, previous match"))

DECK_KEYS = (
    ("h l left right", "previous, next card"),
    ("j k", "scroll the cards"),
    ("enter", "open the card's job in the detail"),
)

INPUT_KEYS = (
    ("enter", "watch these jobs, or those of the file"),
    ("up down", "earlier, later input"),
    ("esc", "back to the list"),
)

PART_KEYS = {"input": INPUT_KEYS, "jobs": LIST_KEYS, "detail": DETAIL_KEYS, "deck": DECK_KEYS}

HINTS = {
    "input": (("enter", "add"), ("up", "earlier"), ("esc", "back"), ("ctrl-p", "actions")),
    "jobs": (
        ("a", "add"),
        ("/", "filter"),
        ("e", "next failed"),
        ("enter", "open"),
        ("m", "pin"),
        ("?", "help"),
        ("|", "layout"),
        ("r", "refresh"),
        ("x", "take off"),
        ("q", "quit"),
        ("p", "pause"),
        ("t", "times"),
        ("s", "sort"),
        ("f", "full screen"),
        (":", "actions"),
    ),
    "detail": (
        ("[ ]", "tab"),
        ("/", "search"),
        ("n N", "match"),
        ("esc", "back"),
        ("w", "wrap"),
        ("?", "help"),
        ("e", "next failed"),
        ("f", "full screen"),
        ("q", "quit"),
    ),
    "deck": (
        ("h l", "card"),
        ("enter", "open"),
        ("m", "unpin"),
        ("esc", "back"),
        ("?", "help"),
        ("f", "full screen"),
        ("|", "layout"),
        ("r", "refresh"),
        ("x", "take off"),
        ("q", "quit"),
    ),
}

"""What the bottom line offers in each part, the most wanted first."""

EMPTY_DECK_HINTS = (("|", "layout"), ("esc", "back"), ("?", "help"), ("q", "quit"))

"""The same in the deck without a card."""
