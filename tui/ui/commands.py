"""All keys and actions of the app, the source of bindings, help and command palette. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One action and the keys for it."""

    id: str
    """The name by which a keymap rebinds the action. Stable: titles may change, ids may not."""
    keys: str
    """Textual's names of the keys, comma-separated."""
    shown: str
    """The keys as the help shows them."""
    action: str
    title: str
    """What the action does, for the command palette and the help."""
    group: str
    """The section of the help that lists it."""

    @property
    def binding(self) -> Binding:
        """The binding for a screen."""
        return Binding(self.keys, self.action, self.title, id=self.id, show=False)


GLOBAL_KEYS = (
    Key("add-jobs", "a,i", "a i", "part('input')", "add jobs: type or paste ids or a file name", "jobs"),
    Key("take-the-job-off-the-list", "x", "x", "drop", "remove the job", "jobs"),
    Key("put-back-what-was-taken-off-last", "u", "u", "undo", "undo the last removal", "jobs"),
    Key("next-failed-job", "e", "e", "failed(1)", "next failed job, at its first message", "jobs"),
    Key("previous-failed-job", "E", "E", "failed(-1)", "previous failed job", "jobs"),
    Key("filter-jobs-as-you-type", "slash", "/", "search", "filter jobs as you type; in messages: search", "jobs"),
    Key("sort-by-attention", "s", "s", "sort", "sort by attention, status, age, run, location", "jobs"),
    Key("reverse-the-order", "S", "S", "reverse", "reverse the order", "jobs"),
    Key("pin-to-the-deck", "m", "m", "pin", "pin to the deck, or unpin", "jobs"),
    Key("ask-for-this-job-now", "r", "r", "refresh", "refresh this job", "polling"),
    Key("ask-for-all-jobs-now", "R", "R", "refresh_all", "refresh all jobs", "polling"),
    Key("pause-or-resume-asking", "p", "p", "pause", "pause or resume polling", "polling"),
    Key("ask-less-often", "plus", "+", "interval(1)", "poll less often", "polling"),
    Key("ask-more-often", "minus", "-", "interval(-1)", "poll more often", "polling"),
    Key("go-to-the-input", "1", "1", "part('input')", "go to the input", "moving"),
    Key("go-to-the-jobs", "2", "2", "part('jobs')", "go to the jobs", "moving"),
    Key("go-to-the-detail", "3", "3", "part('detail')", "go to the detail", "moving"),
    Key("go-to-the-deck", "4", "4", "part('deck')", "go to the deck", "moving"),
    Key("next-part", "tab", "tab", "step(1)", "next part (shift-tab: previous)", "moving"),
    Key("previous-tab-of-the-detail", "left_square_bracket", "[", "tab(-1)", "previous tab of the detail", "moving"),
    Key("next-tab-of-the-detail", "right_square_bracket", "]", "tab(1)", "next tab of the detail", "moving"),
    Key("back", "escape", "esc", "back", "back; then clear the filter", "moving"),
    Key("next-layout", "vertical_line", "|", "layout", "next layout: split, list, deck", "view"),
    Key("this-part-alone", "f", "f", "full", "only this part, without borders", "view"),
    Key("times-as-utc", "t", "t", "times", "times: UTC, local, or age", "view"),
    Key("wrap-long-lines", "w", "w", "wrap", "wrap long lines, or scroll them sideways", "view"),
    Key("every-action-by-name", "colon,ctrl+p", ": ctrl-p", "app.actions", "all actions by name", "app"),
    Key("this-help", "question_mark,f1", "? F1", "help", "this help", "app"),
    Key("to-the-shell", "ctrl+z", "ctrl-z", "app.suspend_process", "suspend to the shell; fg resumes", "app"),
    Key("quit", "q", "q", "app.quit", "quit", "app"),
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
        ("x", "remove"),
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
        ("x", "remove"),
        ("q", "quit"),
    ),
}
"""Keys that the bottom line shows for each part, most important first."""

EMPTY_DECK_HINTS = (("|", "layout"), ("esc", "back"), ("?", "help"), ("q", "quit"))
"""Keys that the bottom line shows for a deck without cards."""
