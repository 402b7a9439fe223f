"""All actions of the app: one row declares everything about one of them.

The rows make the bindings of the app, its screens and widgets, the help, the bottom line, the palette and README's
table of keys. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from textual.binding import Binding, BindingType

Place = Literal["app", "screen", "input", "jobs", "recent", "detail", "deck"]
"""What carries out an action: the app, also below a dialog; the main screen, in every pane; or one pane."""

NO_CARDS = "deck without cards"
"""Stands for the deck in `Action.hints` while nothing is pinned."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A key in the bottom line of a pane."""

    rank: int
    """The line shows the hints with the lowest ranks."""
    word: str
    keys: str = ""
    """The keys; empty for the first key of the action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action and the keys for it."""

    id: str
    """The name by which a keymap rebinds the action. Stable: titles may change, ids may not."""
    keys: str
    """Textual's names of the keys, comma-separated."""
    shown: str = ""
    """The keys as the help shows them; empty if the row before names them too."""
    action: str
    """The method, with its arguments."""
    title: str
    """What the action does, for the command palette and the help."""
    help: str = ""
    """The help's text if that describes the rows after it too; empty for the title."""
    place: Place = "screen"
    group: str = ""
    """The section of the help that lists it, besides those of the panes; empty: neither help nor palette does."""
    help_in: Mapping[str, str] = field(default_factory=dict)
    """What the action means in a pane that the help mentions it for, by pane."""
    hints: Mapping[str, Hint] = field(default_factory=dict)
    """Its hints by pane."""
    has_priority: bool = False
    """Whether the keys work before those of the focused widget."""

    @property
    def binding(self) -> Binding:
        """The binding for the class that carries it out."""
        return Binding(self.keys, self.action, self.title, id=self.id, show=False, priority=self.has_priority)


ACTIONS = (
    Action(
        id="jobs.add",
        keys="a,i",
        shown="a i",
        action="pane('input')",
        title="add jobs: type or paste ids or a file name",
        group="jobs",
        hints={"jobs": Hint(1, "add"), "recent": Hint(2, "add")},
    ),
    Action(
        id="jobs.remove",
        keys="x",
        shown="x",
        action="drop",
        title="remove the job, or all jobs of a group",
        group="jobs",
        hints={"jobs": Hint(10, "remove"), "deck": Hint(9, "remove")},
    ),
    Action(id="jobs.undo", keys="u", shown="u", action="undo", title="undo the last removal", group="jobs"),
    Action(
        id="jobs.find",
        keys="F",
        shown="F",
        action="find",
        title="find recent jobs of the tenant",
        group="jobs",
        hints={"jobs": Hint(19, "find")},
    ),
    Action(
        id="jobs.next_failed",
        keys="e",
        shown="e",
        action="failed(1)",
        title="next failed job, and why it failed",
        group="jobs",
        hints={"jobs": Hint(4, "next failed"), "detail": Hint(7, "next failed")},
    ),
    Action(
        id="jobs.previous_failed",
        keys="E",
        shown="E",
        action="failed(-1)",
        title="previous failed job",
        group="jobs",
    ),
    Action(id="jobs.next_late", keys="L", shown="L", action="late", title="next late job", group="jobs"),
    Action(
        id="jobs.filter",
        keys="slash",
        shown="/",
        action="search",
        title="filter jobs as you type; in messages: search",
        group="jobs",
        hints={"jobs": Hint(2, "filter"), "recent": Hint(3, "filter"), "detail": Hint(2, "search")},
    ),
    Action(
        id="jobs.sort",
        keys="s",
        shown="s",
        action="app.orders",
        title="choose the order",
        group="jobs",
        hints={"jobs": Hint(14, "sort")},
    ),
    Action(
        id="jobs.group",
        keys="o",
        shown="o",
        action="app.groups",
        title="choose what the jobs are grouped by",
        group="jobs",
        hints={"jobs": Hint(3, "group")},
    ),
    Action(id="jobs.reverse", keys="S", shown="S", action="reverse", title="reverse the order", group="jobs"),
    Action(
        id="jobs.pin",
        keys="m",
        shown="m",
        action="pin",
        title="pin to the deck, or unpin",
        group="jobs",
        hints={"jobs": Hint(5, "pin"), "deck": Hint(3, "unpin")},
    ),
    Action(
        id="jobs.pin_many",
        keys="M",
        shown="M",
        action="app.pins",
        title="pin all failed, marked or listed jobs",
        group="jobs",
        hints={"deck": Hint(11, "pin many"), NO_CARDS: Hint(5, "pin many")},
    ),
    Action(
        id="jobs.compare",
        keys="equals_sign",
        shown="=",
        action="compare",
        title="compare with the last good job, or marks",
        group="jobs",
        hints={"jobs": Hint(20, "compare"), "deck": Hint(12, "compare")},
    ),
    Action(
        id="jobs.copy",
        keys="y",
        shown="y",
        action="copy",
        title="copy what is under the cursor",
        group="jobs",
        hints={"jobs": Hint(8, "copy"), "detail": Hint(10, "copy")},
    ),
    Action(
        id="jobs.copy_as",
        keys="Y",
        shown="Y",
        action="app.copies",
        title="copy id, causes, JSON, curl, and more",
        group="jobs",
    ),
    Action(
        id="jobs.export",
        keys="X",
        shown="X",
        action="app.exports",
        title="export to a new file",
        group="jobs",
        hints={"detail": Hint(11, "export")},
    ),
    Action(
        id="jobs.mark",
        keys="space",
        shown="space",
        action="mark",
        title="mark for the next actions, or unmark",
        group="jobs",
        hints={"jobs": Hint(18, "mark")},
    ),
    Action(
        id="jobs.mark_range",
        keys="v",
        shown="v",
        action="mark_range",
        title="mark a range: v at both its ends",
        group="jobs",
    ),
    Action(
        id="jobs.bell",
        keys="b",
        shown="b",
        action="bell",
        title="ring the bell when it has ended, or not",
        group="jobs",
    ),
    Action(
        id="polling.refresh",
        keys="r",
        shown="r",
        action="refresh",
        title="refresh this job or group",
        group="polling",
        hints={"jobs": Hint(9, "refresh"), "deck": Hint(8, "refresh")},
    ),
    Action(
        id="polling.refresh_all",
        keys="R",
        shown="R",
        action="refresh_all",
        title="refresh all jobs",
        group="polling",
    ),
    Action(
        id="polling.pause",
        keys="p",
        shown="p",
        action="pause",
        title="pause or resume polling",
        group="polling",
        hints={"jobs": Hint(12, "pause")},
    ),
    Action(
        id="polling.less_often",
        keys="plus",
        shown="+",
        action="interval(1)",
        title="poll less often",
        group="polling",
    ),
    Action(
        id="polling.more_often",
        keys="minus",
        shown="-",
        action="interval(-1)",
        title="poll more often",
        group="polling",
    ),
    Action(id="pane.input", keys="1", shown="1", action="pane('input')", title="go to the input", group="moving"),
    Action(id="pane.jobs", keys="2", shown="2", action="pane('jobs')", title="go to the jobs", group="moving"),
    Action(id="pane.detail", keys="3", shown="3", action="pane('detail')", title="go to the detail", group="moving"),
    Action(id="pane.deck", keys="4", shown="4", action="pane('deck')", title="go to the deck", group="moving"),
    Action(
        id="pane.next",
        keys="tab",
        shown="tab",
        action="step(1)",
        title="next pane (shift-tab: previous)",
        group="moving",
    ),
    Action(id="pane.previous", keys="shift+tab", action="step(-1)", title="previous pane"),
    Action(
        id="detail.previous_tab",
        keys="left_square_bracket",
        shown="[",
        action="tab(-1)",
        title="previous tab of the detail",
        group="moving",
        hints={"detail": Hint(1, "tab", "[ ]")},
    ),
    Action(
        id="detail.next_tab",
        keys="right_square_bracket",
        shown="]",
        action="tab(1)",
        title="next tab of the detail",
        group="moving",
    ),
    Action(
        id="view.back",
        keys="escape",
        shown="esc",
        action="back",
        title="back; then clear marks, then filter",
        group="moving",
        help_in={"input": "back to the list"},
        hints={
            "input": Hint(3, "back"),
            "recent": Hint(5, "back"),
            "detail": Hint(4, "back"),
            "deck": Hint(4, "back"),
            NO_CARDS: Hint(2, "back"),
        },
    ),
    Action(
        id="view.layout",
        keys="vertical_line",
        shown="|",
        action="layout",
        title="next layout: split, list, deck",
        group="view",
        hints={"jobs": Hint(7, "layout"), "deck": Hint(7, "layout"), NO_CARDS: Hint(1, "layout")},
    ),
    Action(
        id="view.full_screen",
        keys="f",
        shown="f",
        action="full",
        title="only this pane, to copy with the mouse",
        group="view",
        hints={"jobs": Hint(15, "full screen"), "detail": Hint(8, "full screen"), "deck": Hint(6, "full screen")},
    ),
    Action(
        id="view.times",
        keys="t",
        shown="t",
        action="times",
        title="times: UTC, local, or age",
        group="view",
        hints={"jobs": Hint(13, "times")},
    ),
    Action(
        id="view.wrap",
        keys="w",
        shown="w",
        action="wrap",
        title="wrap long lines, or scroll them sideways",
        group="view",
        hints={"detail": Hint(5, "wrap")},
    ),
    Action(
        id="app.actions",
        keys="colon,ctrl+p",
        shown=": ctrl-p",
        action="app.actions",
        title="all actions by name",
        group="app",
        hints={"input": Hint(4, "actions", "ctrl-p"), "jobs": Hint(16, "actions")},
    ),
    Action(
        id="app.help",
        keys="question_mark,f1",
        shown="? F1",
        action="help",
        title="this help",
        group="app",
        hints={
            "jobs": Hint(6, "help"),
            "recent": Hint(6, "help"),
            "detail": Hint(6, "help"),
            "deck": Hint(5, "help"),
            NO_CARDS: Hint(3, "help"),
        },
    ),
    Action(
        id="app.suspend",
        keys="ctrl+z",
        shown="ctrl-z",
        action="app.suspend_process",
        title="suspend to the shell; fg resumes",
        group="app",
    ),
    Action(
        id="app.quit",
        keys="q",
        shown="q",
        action="app.quit",
        title="quit",
        group="app",
        hints={
            "jobs": Hint(11, "quit"),
            "recent": Hint(7, "quit"),
            "detail": Hint(9, "quit"),
            "deck": Hint(10, "quit"),
            NO_CARDS: Hint(4, "quit"),
        },
    ),
    Action(
        id="app.redraw",
        keys="ctrl+l",
        shown="ctrl-l",
        action="redraw",
        title="redraw the screen",
        place="app",
    ),
    Action(
        id="app.interrupt",
        keys="ctrl+c",
        shown="ctrl-c",
        action="leave(130)",
        title="quit with exit code 130",
        place="app",
        has_priority=True,
    ),
    Action(
        id="input.submit",
        keys="enter",
        shown="enter",
        action="submit",
        title="watch these jobs, or those of the file",
        place="input",
        hints={"input": Hint(1, "add")},
    ),
    Action(
        id="input.earlier",
        keys="up",
        shown="up down",
        action="recall(1)",
        title="earlier input",
        help="earlier, later input",
        place="input",
        hints={"input": Hint(2, "earlier")},
    ),
    Action(id="input.later", keys="down", action="recall(-1)", title="later input", place="input"),
    Action(
        id="list.down",
        keys="j,down",
        shown="j k up down",
        action="move(1)",
        title="next job",
        help="next, previous job",
        place="jobs",
    ),
    Action(id="list.up", keys="k,up", action="move(-1)", title="previous job", place="jobs"),
    Action(
        id="list.first",
        keys="g,home",
        shown="g G",
        action="jump(0)",
        title="first job",
        help="first, last job",
        place="jobs",
    ),
    Action(id="list.last", keys="G,end", action="jump(-1)", title="last job", place="jobs"),
    Action(
        id="list.half_down",
        keys="ctrl+d",
        shown="ctrl-d ctrl-u",
        action="page(0.5)",
        title="half a page down",
        help="half a page",
        place="jobs",
    ),
    Action(id="list.half_up", keys="ctrl+u", action="page(-0.5)", title="half a page up", place="jobs"),
    Action(
        id="list.page_down",
        keys="pagedown",
        shown="PgUp PgDn",
        action="page(1)",
        title="a page down",
        help="a page",
        place="jobs",
    ),
    Action(id="list.page_up", keys="pageup", action="page(-1)", title="a page up", place="jobs"),
    Action(
        id="list.open",
        keys="enter",
        shown="enter",
        action="open",
        title="open in the detail; fold or unfold a group",
        place="jobs",
        hints={"jobs": Hint(17, "open")},
    ),
    Action(
        id="list.unfold",
        keys="l,right",
        shown="l h right left",
        action="unfold",
        title="unfold the group",
        help="unfold, fold the group",
        place="jobs",
    ),
    Action(id="list.fold", keys="h,left", action="fold", title="fold the group", place="jobs"),
    Action(
        id="recent.down",
        keys="j,down",
        shown="j k up down",
        action="move(1)",
        title="next job",
        help="next, previous job",
        place="recent",
    ),
    Action(id="recent.up", keys="k,up", action="move(-1)", title="previous job", place="recent"),
    Action(
        id="recent.first",
        keys="g,home",
        shown="g G",
        action="jump(0)",
        title="newest job",
        help="newest, oldest job",
        place="recent",
    ),
    Action(id="recent.last", keys="G,end", action="jump(-1)", title="oldest job", place="recent"),
    Action(
        id="recent.page_down",
        keys="pagedown,ctrl+d",
        shown="PgUp PgDn",
        action="page(1)",
        title="a page down",
        help="a page",
        place="recent",
    ),
    Action(id="recent.page_up", keys="pageup,ctrl+u", action="page(-1)", title="a page up", place="recent"),
    Action(
        id="recent.watch",
        keys="enter",
        shown="enter",
        action="watch",
        title="watch the job",
        place="recent",
        hints={"recent": Hint(1, "watch")},
    ),
    Action(
        id="recent.again",
        keys="r",
        shown="r",
        action="again",
        title="read the recent jobs again",
        place="recent",
        hints={"recent": Hint(4, "read again")},
    ),
    Action(
        id="recent.refused",
        keys="x,u,e,E,L,s,S,o,m,y,Y,X,space,v,R,vertical_line,left_square_bracket,right_square_bracket",
        action="refuse",
        title="only for watched jobs",
        place="recent",
    ),
    Action(
        id="detail.down",
        keys="j,down",
        shown="j k g G",
        action="scroll_by(1)",
        title="down",
        help="scroll",
        place="detail",
    ),
    Action(id="detail.up", keys="k,up", action="scroll_by(-1)", title="up", place="detail"),
    Action(id="detail.top", keys="g,home", action="scroll_home", title="top", place="detail"),
    Action(id="detail.bottom", keys="G,end", action="scroll_end", title="bottom", place="detail"),
    Action(
        id="detail.half_down",
        keys="ctrl+d",
        shown="ctrl-d ctrl-u space",
        action="scroll_pages(0.5)",
        title="half a page down",
        help="by pages",
        place="detail",
    ),
    Action(id="detail.half_up", keys="ctrl+u", action="scroll_pages(-0.5)", title="half a page up", place="detail"),
    Action(
        id="detail.page_down",
        keys="pagedown,space",
        action="scroll_pages(1)",
        title="a page down",
        place="detail",
    ),
    Action(id="detail.page_up", keys="pageup", action="scroll_pages(-1)", title="a page up", place="detail"),
    Action(
        id="detail.next_match",
        keys="n",
        shown="n N",
        action="find(1)",
        title="next match",
        help="next, previous match",
        place="detail",
        hints={"detail": Hint(3, "match", "n N")},
    ),
    Action(id="detail.previous_match", keys="N", action="find(-1)", title="previous match", place="detail"),
    Action(id="detail.match_elsewhere", keys="n,N", action="find_elsewhere", title="next, previous match"),
    Action(
        id="deck.left",
        keys="h,left",
        shown="h l left right",
        action="step_card(-1)",
        title="previous card",
        help="previous, next card",
        place="deck",
        hints={"deck": Hint(1, "card", "h l")},
    ),
    Action(id="deck.right", keys="l,right", action="step_card(1)", title="next card", place="deck"),
    Action(
        id="deck.down",
        keys="j,down",
        shown="j k up down",
        action="step_row(1)",
        title="next row of cards",
        help="next, previous row of cards",
        place="deck",
    ),
    Action(id="deck.up", keys="k,up", action="step_row(-1)", title="previous row of cards", place="deck"),
    Action(
        id="deck.page_down",
        keys="pagedown,ctrl+d",
        shown="ctrl-d ctrl-u",
        action="scroll_cards(8)",
        title="page down",
        help="scroll the cards",
        place="deck",
    ),
    Action(id="deck.page_up", keys="pageup,ctrl+u", action="scroll_cards(-8)", title="page up", place="deck"),
    Action(
        id="deck.open",
        keys="enter",
        shown="enter",
        action="open",
        title="open the card's job in the detail",
        place="deck",
        hints={"deck": Hint(2, "open")},
    ),
)

LISTED = tuple(action for action in ACTIONS if action.group)
"""The actions of the palette, and of the help besides those of a pane. Rows of a group are adjacent."""


def bindings(place: Place) -> list[BindingType]:
    """Return the bindings of the class that carries out the actions of a place."""
    return [action.binding for action in ACTIONS if action.place == place]


def pane_help(pane: str) -> tuple[tuple[str, str], ...]:
    """Return the keys that work in a pane alone, and what they do, for the help."""
    own = [(action.shown, action.help or action.title) for action in ACTIONS if action.place == pane and action.shown]
    return (*own, *((action.shown, action.help_in[pane]) for action in ACTIONS if pane in action.help_in))


def hints(pane: str) -> tuple[tuple[str, str], ...]:
    """Return the keys that the bottom line shows for a pane, or for `NO_CARDS`, most important first."""
    ranked = sorted((it for it in ACTIONS if pane in it.hints), key=lambda it: it.hints[pane].rank)
    return tuple((action.hints[pane].keys or action.shown.split()[0], action.hints[pane].word) for action in ranked)


def keys_of(action_id: str) -> tuple[str, ...]:
    """Return Textual's names of the keys of an action."""
    return tuple(next(action.keys for action in ACTIONS if action.id == action_id).split(","))
