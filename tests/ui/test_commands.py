import re
from collections import Counter

import pytest

from tui.ui.commands import GLOBAL_KEYS, HINTS, PART_KEYS
from tui.ui.rendering.lines import line_width, text_of
from tui.ui.screens.help import help_lines

TAKEN_BY_TERMINALS = {"alt", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+k", "ctrl+a", "ctrl+b", "ctrl+enter"}


def test_every_action_has_an_id_of_its_own():
    assert Counter(key.id for key in GLOBAL_KEYS).most_common(1)[0][1] == 1


def test_no_key_does_two_things():
    keys = Counter(name for key in GLOBAL_KEYS for name in key.keys.split(","))

    assert keys.most_common(1)[0][1] == 1


def test_no_key_is_one_that_terminals_take():
    names = {name for key in GLOBAL_KEYS for name in key.keys.split(",")}

    assert not [name for name in names if name in TAKEN_BY_TERMINALS or name.startswith("alt")]


@pytest.mark.parametrize("part", HINTS)
def test_hints_name_keys_that_the_help_names_too(part):
    helped = {word for key in GLOBAL_KEYS for word in key.shown.split()} | {
        word for keys, _ in PART_KEYS[part] for word in keys.split()
    }

    assert {word for keys, _ in HINTS[part] for word in keys.split()} <= helped


@pytest.mark.parametrize("part", HINTS)
@pytest.mark.parametrize("width", [68, 100, 126])
def test_help_names_every_key_once(part, width):
    lines = [text_of(line) for line in help_lines(part, width)]

    for shown, title in (*((key.shown, key.title) for key in GLOBAL_KEYS), *PART_KEYS[part]):
        named = r"  " + re.escape(shown) + r"  +" + re.escape(title)
        assert len([line for line in lines if re.search(named, line)]) == 1, shown


@pytest.mark.parametrize("width", [47, 65])
def test_help_goes_on_in_the_next_line_where_it_is_narrow(width):
    lines = [text_of(line) for line in help_lines("jobs", width)]

    told = " ".join(" ".join(lines).split())
    for key in GLOBAL_KEYS:
        assert f"{key.shown} {key.title}" in told


@pytest.mark.parametrize("part", HINTS)
@pytest.mark.parametrize("width", [30, 47, 65, 72, 100, 126, 200])
def test_help_is_within_its_width(part, width):
    assert max(map(line_width, help_lines(part, width))) <= width


def test_help_begins_with_the_part_in_focus():
    assert text_of(help_lines("deck", 72)[0]) == "in this pane: deck"
