import asyncio

from textual import events

from tests.support.app_harness import desk
from tests.ui.test_random_keys import clicks
from tui.ui.terminal.events import TextRun
from tui.ui.widgets.job_detail import Tab


async def test_screen_gets_its_turns_while_a_heap_of_keys_is_carried_out():
    async with desk({1: ["PENDING"]}) as it:
        turns = 0
        it.type_ahead("t" * 4000 + "3")
        while it.screen.panes.current != "detail":
            await asyncio.sleep(0)
            turns += 1

        assert turns > 10


async def test_keys_behind_letters_of_a_heap_are_carried_out_in_their_order():
    async with desk({1: ["PENDING"]}) as it:
        it.type_ahead("a2,3\x7f4\rxa5\x1b]")
        await it.until(lambda: it.watched == (2, 4))
        await it.until(lambda: it.detail.tab is Tab.MESSAGES)

        assert it.input.value == "5"


async def test_what_still_waits_when_the_app_ends_does_no_harm():
    async with desk({1: ["PENDING"]}) as it:
        for _ in range(500):
            for event in (
                events.Key("j", "j"),
                TextRun("jj884213"),
                events.Paste("884213"),
                events.AppBlur(),
                events.AppFocus(),
                *clicks(3, 8, 1),
            ):
                it.app.post_message(event)

    assert (it.app.bug, it.app.focused) == (None, None)


async def test_letters_that_come_after_a_run_stay_after_it():
    async with desk({1: ["PENDING"]}) as it:
        it.type_ahead("a")
        await it.until(lambda: it.screen.panes.current == "input")
        for event in (
            events.Key("1", "1"),
            TextRun("01"),
            events.Key(",", ","),
            TextRun("84"),
            events.Key("2", "2"),
            TextRun("13"),
        ):
            it.app.post_message(event)
        await it.until(lambda: len(it.input.value) == 9)

        assert it.input.value == "101,84213"
