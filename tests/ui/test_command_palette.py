"""The palette does what the words say, however fast they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tests.support.app_harness import desk
from tests.support.factories import job
from tests.ui.test_random_keys import clicks
from tui.core.text import one_line
from tui.ui.rendering.choices import Choice, choice_line, matching, why_none
from tui.ui.rendering.lines import line_width
from tui.ui.screens.command_palette import ChoiceScreen
from tui.ui.themes import THEMES

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

        await it.until(lambda: it.screen.panes.current == "detail")


@pytest.mark.parametrize("keys", ["escape", "ctrl+c"])
async def test_palette_closes_without_doing_anything(keys):
    async with desk(FOUR) as it:
        await it.press("colon", *"pause", keys)

        await it.until(lambda: it.app.screen is it.screen or not it.app.is_running)
        assert not it.screen.scene.snapshot.is_paused


@pytest.mark.parametrize("words", ["", "theme\r"], ids=["actions", "themes"])
async def test_two_clicks_that_arrive_together_choose_once(words):
    async with desk(FOUR, size=(100, 40)) as it:
        it.type_ahead(f":{words}")
        await it.until(lambda: isinstance(it.app.screen, ChoiceScreen) and len(it.app.screen._list.offered) > 1)
        await it.settle()
        theme = it.app.theme
        region = it.app.screen._list.content_region

        for event in clicks(region.x + 2, region.y + 1, 3):
            it.app.post_message(event)
        await it.until(lambda: it.app.screen is it.screen)
        await it.settle()

        assert it.app.bug is None
        assert it.watched == (FOUR_BUT_FIRST if not words else tuple(FOUR))
        assert (it.app.theme != theme) is (words != "")


FOUR_BUT_FIRST = (2, 3, 4)
"""What is left after "Remove the job", the second action, was carried out once."""


@pytest.mark.parametrize(
    "key", ["pagedown", "pageup", "up", "down", "enter", "escape", "tab", "f1", "delete", "home", "ctrl+p"]
)
async def test_key_right_behind_the_colon_does_no_harm(key):
    async with desk(FOUR) as it:
        it.type_ahead(":")
        it.app.post_message(events.Key(key, None))
        it.type_ahead("\x1bj")

        await it.until(lambda: it.app.screen is it.screen and it.jobs.cursor == 2)
        assert it.app.bug is None


async def test_keys_behind_a_choice_are_carried_out_after_it():
    async with desk(FOUR) as it:
        it.type_ahead(":go to the deck\rh:theme\rcolour\r:\x1b:help\rq2jj")

        await it.until(lambda: it.jobs.cursor == 3)
        assert it.app.theme == "colour-blind"
        assert it.screen.panes.current == "jobs"


def test_title_that_holds_the_words_stands_before_one_that_holds_their_letters():
    choices = [Choice(title, "", print) for title in ("Sort by age", "Go to the jobs", "Age of all jobs", "Next page")]

    assert [choice.title for choice in matching(choices, " JOBS ")] == ["Go to the jobs", "Age of all jobs"]
    assert [choice.title for choice in matching(choices, "age")] == ["Age of all jobs", "Next page", "Sort by age"]
    assert [choice.title for choice in matching(choices, "jobs age")] == ["Age of all jobs"]
    assert [choice.title for choice in matching(choices, "gtj")] == ["Go to the jobs"]
    assert matching(choices, "") == tuple(choices)
    assert matching(choices, "zzz") == ()


@given(st.text(max_size=40), st.text(max_size=20), st.integers(1, 60))
def test_line_of_a_choice_is_as_wide_as_it_must_be(title, hint, width):
    line = choice_line(Choice(one_line(title), one_line(hint), print), width, "…")

    assert line_width(line) == width


async def test_list_of_themes_offers_only_our_own():
    async with desk(FOUR) as it:
        it.type_ahead(":theme\r")
        await it.until(lambda: isinstance(it.app.screen, ChoiceScreen) and "Themes" in it.text)
        offered = [choice.title for choice in it.app.screen._list.offered]

        assert offered == [theme.name for theme in THEMES]


async def test_action_keeps_the_capitals_of_its_words():
    async with desk(FOUR, size=(100, 60)) as it:
        it.type_ahead(":times")
        await it.until(lambda: "Times: UTC, local, or age" in it.text)

        assert it.app.bug is None


@pytest.mark.parametrize(
    ("words", "is_done"),
    [
        ("sort wait", lambda it: it.jobs.sorting.words == "by longest wait"),
        ("sort location", lambda it: it.jobs.sorting.words == "by location"),
        ("sort job id", lambda it: it.jobs.sorting.words == "by job id"),
        ("group location", lambda it: it.jobs.grouped_by.value == "location"),
        ("theme light", lambda it: it.app.theme == "light"),
        ("filter status:failed", lambda it: it.jobs.filter_text == "status:failed"),
        ("filter loc:", lambda it: "loc: needs a value" in it.lines[-1]),
    ],
)
async def test_actions_take_arguments(words, is_done):
    async with desk(FOUR) as it:
        it.type_ahead(f":{words}\r")

        await it.until(lambda: is_done(it))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("sort colour", "no sort 'colour': wait, run"),
        ("sort", "no match"),
        ("dance", "no match"),
        ("dance now", "no match"),
    ],
)
def test_an_unknown_argument_is_answered_by_the_allowed_ones(words, why):
    choices = [Choice(title, "", print) for title in ("Sort by wait", "Sort by run", "Pause polling", "Sort as given")]

    assert why_none(choices, words).startswith(why)
