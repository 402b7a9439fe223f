"""The screens of tests/ui/golden, exactly; `python -m tests.support.golden_screens` writes them."""

from difflib import unified_diff

import pytest

from tests.support.golden_screens import FOLDER, SCREENS, screen_text


@pytest.mark.parametrize("name", SCREENS)
async def test_screen_is_exactly_the_golden_one(name):
    golden = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    text = await screen_text(SCREENS[name])

    difference = "\n".join(unified_diff(golden.splitlines(), text.splitlines(), "golden", "now", n=1, lineterm=""))
    assert text == golden, f"\n{difference}"


def test_every_golden_file_has_its_screen():
    assert {path.stem for path in FOLDER.iterdir()} == set(SCREENS)
