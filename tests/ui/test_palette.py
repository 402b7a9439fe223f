"""The palette does what the words say, however fast they were typed."""

import pytest

from tests.monitor.facts import job
from tests.ui.desk import desk

FOUR = {number: [job(number, "SUCCESS")] for number in range(1, 5)}


async def test_enter_right_behind_the_words_carries_them_out():
    async with desk(FOUR) as it:
        it.type_ahead(":pause\r")

        await it.until(lambda: it.screen.scene.snapshot.is_paused)
        await it.until(lambda: it.app.screen is it.screen)


async def test_enter_behind_slow_words_carries_out_the_row_that_is_marked():
    async with desk(FOUR) as it:
        await it.press("colon", *"go to the")
        await it.until(lambda: "Go to the deck" in it.text)
        await it.press("down", "down", "enter")

        await it.until(lambda: it.screen.part_name == "detail")


@pytest.mark.parametrize("keys", ["escape", "ctrl+c"])
async def test_palette_closes_without_doing_anything(keys):
    async with desk(FOUR) as it:
        await it.press("colon", *"pause", keys)

        await it.until(lambda: it.app.screen is it.screen or not it.app.is_running)
        assert not it.screen.scene.snapshot.is_paused
