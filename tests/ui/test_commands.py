"""The rows of the actions, and what is made of them."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import tui.ui
from tui.ui import commands
from tui.ui.app import JobDeckApp
from tui.ui.commands import ACTIONS, LISTED, NO_CARDS, hints, pane_help
from tui.ui.rendering.lines import line_width, text_of
from tui.ui.screens.help import TWO_COLUMNS, help_lines
from tui.ui.screens.main import MainScreen
from tui.ui.screens.panes import PANES
from tui.ui.widgets.deck import Deck
from tui.ui.widgets.job_detail import JobDetail
from tui.ui.widgets.job_input import JobInput
from tui.ui.widgets.job_list import JobList
from tui.ui.widgets.recent_list import RecentList

TAKEN_BY_TERMINALS = {"alt", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+k", "ctrl+a", "ctrl+b", "ctrl+enter"}

CARRIED_OUT_BY = {
    "app": JobDeckApp,
    "screen": MainScreen,
    "input": JobInput,
    "jobs": JobList,
    "recent": RecentList,
    "detail": JobDetail,
    "deck": Deck,
}

WITHOUT_ROWS = {
    "HelpScreen": "a dialog closes by the same keys, whatever they are bound to elsewhere",
    "Page": "the help scrolls by the same keys",
    "ChoiceScreen": "the palette is a text field, in which letters are text",
    "SearchPrompt": "the prompt is a text field too",
}
"""Classes whose keys are no actions of the app, and why."""

for module in pkgutil.walk_packages(tui.ui.__path__, "tui.ui."):
    importlib.import_module(module.name)


def classes_of(base):
    for each in base.__subclasses__():
        yield each
        yield from classes_of(each)


OWN_CLASSES = {each for each in classes_of(DOMNode) if each.__module__.startswith("tui.")}


def action_id(action):
    return action.id


def test_every_action_has_an_id_of_its_own():
    assert Counter(map(action_id, ACTIONS)).most_common(1)[0][1] == 1


def test_ids_are_literals_of_two_words():
    tree = ast.parse(Path(commands.__file__).read_text(encoding="utf-8"))
    keywords = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "id"]
    literals = [node.value.value for node in keywords if isinstance(node.value, ast.Constant)]

    assert literals == list(map(action_id, ACTIONS))
    assert [each for each in literals if not re.fullmatch(r"[a-z]+\.[a-z_]+", each)] == []


@pytest.mark.parametrize("place", CARRIED_OUT_BY)
def test_no_key_does_two_things_in_one_place(place):
    keys = Counter(name for action in ACTIONS if action.place == place for name in action.keys.split(","))

    assert keys.most_common(1)[0][1] == 1


@pytest.mark.parametrize("action", ACTIONS, ids=action_id)
def test_every_action_has_its_method(action):
    name = re.match(r"(app\.)?(\w+)", action.action)
    owner = JobDeckApp if name[1] else CARRIED_OUT_BY[action.place]

    assert callable(getattr(owner, f"action_{name[2]}"))


def test_every_binding_is_of_a_row_or_of_a_class_without_rows():
    bound = {each: each.__dict__["BINDINGS"] for each in OWN_CLASSES if "BINDINGS" in each.__dict__}
    ids = {
        binding.id if isinstance(binding, Binding) else None
        for each, bindings in bound.items()
        if each.__name__ not in WITHOUT_ROWS
        for binding in bindings
    }

    assert ids == set(map(action_id, ACTIONS))
    assert {each.__name__ for each in bound} >= set(WITHOUT_ROWS)


@pytest.mark.parametrize("action", ACTIONS, ids=action_id)
def test_every_row_is_bound_by_what_carries_it_out(action):
    bound = CARRIED_OUT_BY[action.place]._merged_bindings.key_to_bindings

    assert {bound[key][0].id for key in action.keys.split(",")} == {action.id}


def test_groups_of_the_help_are_in_one_piece():
    groups = [group for group, _ in groupby(LISTED, key=lambda action: action.group)]

    assert len(groups) == len(set(groups))


def test_no_key_is_one_that_terminals_take():
    names = {name for action in ACTIONS if action.place == "screen" for name in action.keys.split(",")}

    assert not [name for name in names if name in TAKEN_BY_TERMINALS or name.startswith("alt")]


@pytest.mark.parametrize("pane", [*PANES, NO_CARDS])
def test_no_two_hints_of_a_pane_have_one_rank(pane):
    ranks = sorted(action.hints[pane].rank for action in ACTIONS if pane in action.hints)

    assert ranks == list(range(1, len(hints(pane)) + 1))


def test_hints_are_of_panes():
    assert {pane for action in ACTIONS for pane in action.hints} == {*PANES, "recent", NO_CARDS}


@pytest.mark.parametrize("pane", PANES)
def test_hints_name_keys_that_the_help_names_too(pane):
    helped = {word for action in LISTED for word in action.shown.split()} | {
        word for keys, _ in pane_help(pane) for word in keys.split()
    }

    assert {word for keys, _ in hints(pane) for word in keys.split()} <= helped


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("width", [68, 100, 126])
def test_help_names_every_key_once(pane, width):
    lines = [text_of(line) for line in help_lines(pane, width)]

    for shown, title in (*((action.shown, action.title) for action in LISTED), *pane_help(pane)):
        named = r"  " + re.escape(shown) + r"  +" + re.escape(title if width < TWO_COLUMNS else title[:12])
        assert len([line for line in lines if re.search(named, line)]) == 1, shown


@pytest.mark.parametrize("width", [47, 65])
def test_help_goes_on_in_the_next_line_where_it_is_narrow(width):
    lines = [text_of(line) for line in help_lines("jobs", width)]

    told = " ".join(" ".join(lines).split())
    for action in LISTED:
        assert f"{action.shown} {action.title}" in told


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("width", [30, 47, 65, 72, 100, 126, 200])
def test_help_is_within_its_width(pane, width):
    assert max(map(line_width, help_lines(pane, width))) <= width


def test_help_begins_with_the_part_in_focus():
    assert text_of(help_lines("deck", 72)[0]) == "in this pane: deck"


def test_help_on_a_narrow_screen_breaks_no_word():
    words = {word for action in ACTIONS for word in (action.help or action.title).split()}

    lines = [text_of(line) for line in help_lines("jobs", 30)]

    shown = [word for line in lines if line.startswith("    ") for word in line.split()]
    assert set(shown) <= words | {"quit;", "the", "list", "is", "kept"}
