"""No keys, clicks, pastes or sizes, in any order and at any pace, end the app.

`JOBDECK_SEEDS=500 JOBDECK_FULL=1 pytest tests/ui/test_random_keys.py` tries 500 sequences of 3,000; without it a few shorter ones.
"""

import asyncio
import os
import random

import pytest
from textual import events
from textual.geometry import Size
from textual.keys import _character_to_key

from tests.support.app_harness import desk
from tests.support.factories import job
from tests.support.sizes import sized
from tui.domain.errors import Unreachable
from tui.history.views import RememberedView
from tui.ui.terminal.events import TextRun

SEEDS = int(os.environ.get("JOBDECK_SEEDS", "4"))
KEYS = sized(1000, 3000)
STATES = ["PENDING", "WORKING", "SUCCESS", "FAILED", Unreachable("connection refused")]
LETTERS = "aixueosEnNSmrRp+-1234567890/[]|ftw:?jkhlgG n,"
NAMED = [
    "escape",
    "enter",
    "tab",
    "shift+tab",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
    "backspace",
    "delete",
    "space",
    "f1",
    "f5",
    "ctrl+d",
    "ctrl+u",
    "ctrl+p",
    "ctrl+l",
    "ctrl+w",
    "ctrl+a",
    "ctrl+k",
    "ctrl+v",
    "ctrl+x",
    "ctrl+home",
    "shift+left",
    "ctrl+right",
    "alt+x",
    "left_shift",
]
LEAVING = ("q", "ctrl+z")
"""Keys that may end it all: tried in a few sequences. The action of that name may be chosen in any."""
SIZES = [(80, 24), (120, 40), (200, 50), (50, 20), (80, 10), (20, 5), (1, 1)]
FILES = ["a.csv", "b.csv", None]
PASTES = ["884213", "these look stuck: 884213 884214\r\n884215", "nothing here", "", "\n", "9" * 3000]


def jobs(seed):
    """Return scripts of a few jobs, with messages to search in."""
    chosen = random.Random(seed)
    messages = [f"UPC {number} not found at location W{number % 7}" for number in range(chosen.choice([0, 3, 60]))]
    ids = range(1, 2 + chosen.choice([0, 1, 5, 40]))
    return {
        job_id: [
            job(job_id, state, messages=messages, originalFilename=chosen.choice(FILES))
            if isinstance(state, str)
            else state
            for state in chosen.choices(STATES, k=3)
        ]
        for job_id in ids
    }


def key(name):
    """Return the event of a key, as the driver makes it."""
    if len(name) == 1:
        return events.Key(_character_to_key(name), name)
    return events.Key(name, {"space": " ", "enter": "\r", "tab": "\t"}.get(name))


def mouse(kind, x, y):
    return kind(None, x, y, 0, 0, 1, False, False, False, x, y)


def clicks(x, y, times):
    """Return clicks on a place, which arrive together."""
    return [mouse(kind, x, y) for _ in range(times) for kind in (events.MouseDown, events.MouseUp)]


def happening(chosen, app, names):
    """Return the events of the next thing that a person does."""
    dice = chosen.random()
    place = chosen.randrange(max(1, app.size.width)), chosen.randrange(max(1, app.size.height))
    if dice < 0.03:
        return clicks(*place, chosen.randrange(1, 4))
    if dice < 0.05:
        return [mouse(chosen.choice([events.MouseScrollDown, events.MouseScrollUp, events.MouseMove]), *place)]
    if dice < 0.06:
        return [events.Paste(chosen.choice(PASTES))]
    if dice < 0.062:
        size = Size(*chosen.choice(SIZES))
        return [events.Resize(size, size)]
    if dice < 0.066:
        return [chosen.choice([events.AppBlur, events.AppFocus])()]
    if dice < 0.08:
        return [TextRun("".join(chosen.choices([name for name in names if len(name) == 1], k=chosen.randrange(2, 30))))]
    if dice < 0.1:
        return [
            key(each)
            for each in chosen.choice(
                [
                    (":", "pagedown"),
                    (":", "enter"),
                    (":", "c", "h", "enter"),
                    ("?", "j"),
                    ("/", "enter"),
                    (":", "escape"),
                ]
            )
        ]
    return [key(chosen.choice(names))]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_random_keys_do_not_end_the_app(seed):
    chosen = random.Random(seed)
    names = [*LETTERS, *NAMED, *(LEAVING if seed % 4 == 3 else ())]
    pace = chosen.choice([1, 5, 200])

    async with desk(jobs(seed), size=chosen.choice(SIZES[:5]), view=RememberedView()) as it:
        for _ in range(KEYS):
            if not it.app.is_running or it.app.bug:
                break
            for event in happening(chosen, it.app, names):
                it.app.post_message(event)
            if chosen.randrange(pace) == 0:
                await asyncio.sleep(chosen.choice([0, 0, 0, 0.001, 0.02]))
        await it.pilot.pause()

        assert it.app.bug is None
