import os
import signal

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.core.errors import ConfigError
from tui.ui.app import style_paths
from tui.ui.rendering.view_state import ASCII_GLYPHS
from tui.ui.screens.snapshot_feed import SnapshotFeed
from tui.ui.themes import TERMINAL_COLOURS, THEMES

SECRET = "eyJhbGciOiJIUzI1NiJ9"
FOUR = {
    1: [job(1, "FAILED", type="REFRESH", messages=["UPC 1 not found"])],
    2: [job(2, "SUCCESS")],
    3: ["WORKING"],
    4: ["PENDING"],
}


def failing_with_a_secret():
    error = ZeroDivisionError("bug")
    error.token = SECRET
    return error


def crash_with_a_secret():
    token = SECRET  # noqa: F841  # a traceback with local variables would show it
    raise ZeroDivisionError("bug")


# ending


async def test_q_ends_with_code_0():
    async with desk(FOUR) as it:
        await it.pilot.press("q")
        await it.until(lambda: not it.app.is_running)

        assert (it.app.return_code or 0) == 0
        assert it.app.bug is None


@pytest.mark.parametrize(
    "keys",
    [[], ["a"], ["slash"], ["question_mark"], ["colon"], ["f"]],
    ids=["list", "input", "filter", "help", "palette", "full"],
)
async def test_ctrl_c_ends_with_code_130_wherever_it_is_pressed(keys):
    async with desk(FOUR) as it:
        await it.press(*keys)
        await it.pilot.press("ctrl+c")
        await it.until(lambda: not it.app.is_running)

        assert it.app.return_code == 130


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_signal_ends_with_its_code(number):
    async with desk(FOUR) as it:
        os.kill(os.getpid(), number)
        await it.until(lambda: not it.app.is_running)

        assert it.app.return_code == 128 + number


async def ended_by(bug):
    """The desk after `bug`, which Textual's test run raises again once it is over."""
    try:
        async with desk(FOUR) as it:
            await bug(it)
    except (ZeroDivisionError, ExceptionGroup):
        return it
    return pytest.fail("no bug ended the app")


async def test_bug_in_the_monitor_is_told_and_outlived():
    async with desk(FOUR, crash_log="/state/crash.log") as it:
        it.answer(4, failing_with_a_secret(), "SUCCESS")

        await it.until(lambda: "met a bug and continues; details: /state/crash.log" in it.text)

        assert it.app.is_running
        assert it.watched == tuple(FOUR)
        assert SECRET not in it.text


async def test_crash_of_the_screen_ends_the_app_without_a_word_of_textuals(capfd):
    async def bug(it):
        await it.press("p")
        await it.until(lambda: it.screen.scene.snapshot.is_paused)
        it.screen.call_later(crash_with_a_secret)
        await it.until(lambda: not it.app.is_running)

    it = await ended_by(bug)

    assert str(it.app.bug) == "bug"
    assert it.app.left_with == 0
    assert capfd.readouterr() == ("", "")


async def test_crash_on_the_way_out_keeps_the_code_of_the_signal():
    async def bug(it):
        it.app.call_later(it.app.action_leave, 143)
        it.screen.call_later(crash_with_a_secret)
        await it.until(lambda: not it.app.is_running)

    it = await ended_by(bug)

    assert (it.app.left_with, str(it.app.bug)) == (143, "bug")


async def test_error_that_words_itself_is_a_bug_too(capfd):
    class Worded(ZeroDivisionError):
        def __rich__(self):
            return SECRET

    def crash():
        raise Worded("bug")

    async def bug(it):
        it.screen.call_later(crash)
        await it.until(lambda: not it.app.is_running)

    it = await ended_by(bug)

    assert str(it.app.bug) == "bug"
    assert capfd.readouterr() == ("", "")


async def test_monitor_outlives_a_quit():
    async with desk(FOUR) as it:
        await it.pilot.press("q")
        await it.until(lambda: not it.app.is_running)
        asked = len(it.source.asked)

        await it.until(lambda: len(it.source.asked) > asked + 6)


async def test_monitor_outlives_a_crash_of_the_screen(monkeypatch):
    died = []
    monkeypatch.setattr("threading.excepthook", died.append)

    async def bug(it):
        it.screen.call_later(crash_with_a_secret)
        await it.until(lambda: not it.app.is_running)
        asked = len(it.source.asked)
        while not died and len(it.source.asked) < asked + 12:
            it.thread.take()
            await it.pilot.pause()

    await ended_by(bug)

    assert not died


async def test_setting_that_is_wrong_ends_with_code_2_and_is_no_crash():
    async with desk(FOUR) as it:
        it.screen.post_message(SnapshotFeed.Crashed(ConfigError("KIBO_API_HOST is empty", "give a value")))
        await it.until(lambda: not it.app.is_running)

        assert it.app.return_code == 2
        assert it.app.bug is None


# colours and characters


def test_every_theme_names_the_colours_of_the_statuses():
    assert {name for theme in THEMES for name in theme.variables if name.startswith("status-")} <= set(TERMINAL_COLOURS)


def test_styles_are_found():
    assert [path.name for path in style_paths()] == ["layout.tcss", "status.tcss"]


async def test_every_theme_can_be_worn_on_every_screen():
    async with desk(FOUR) as it:
        await it.press("m", "4", "question_mark")
        for name in it.app.available_themes:
            it.app.theme = name
            await it.pilot.pause()

        assert it.app.is_running
        assert {theme.name for theme in THEMES} <= set(it.app.available_themes)


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_status_is_glyph_and_word_in_every_theme_of_ours(theme):
    async with desk(FOUR) as it:
        it.app.theme = theme
        await it.pilot.pause()

        for job_id, status in ((1, "✖ FAILED"), (2, "✔ SUCCESS"), (3, "▶ WORKING"), (4, "· PENDING")):
            assert status in it.row_of(job_id)


@pytest.mark.parametrize("value", ["", "1"], ids=["empty", "set"])
async def test_no_color_is_honoured_where_it_is_set_and_not_empty(value, monkeypatch):
    monkeypatch.setenv("NO_COLOR", value)

    async with desk(FOUR) as it:
        assert it.app.no_color is bool(value)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (59, 24), (20, 5)], ids=["80x24", "120x40", "59x24", "20x5"])
async def test_every_character_is_ascii_where_it_must(size):
    async with desk(FOUR, size=size, glyphs=ASCII_GLYPHS) as it:
        for key in ("j", "3", "right_square_bracket", "w", "f", "f", "t", "slash", "x", "escape"):
            await it.press(key)

            assert it.text.isascii(), f"after {key}:\n{it.text}"


@pytest.mark.parametrize("key", ["1", "question_mark"], ids=["input", "help"])
async def test_names_of_keys_are_ascii_where_they_must(key):
    async with desk(FOUR, glyphs=ASCII_GLYPHS) as it:
        await it.press(key)
        await it.settle()

        assert it.text.isascii()


@pytest.mark.parametrize("words", ["", "pause", "zzz", "theme\r"], ids=["open", "found", "not-found", "themes"])
async def test_palette_is_ascii_where_it_must(words):
    async with desk(FOUR, glyphs=ASCII_GLYPHS) as it:
        await it.press("colon")
        await it.until(lambda: it.app.screen is not it.screen)
        palette = it.app.screen
        it.type_ahead(words)
        if words.endswith("\r"):
            await it.until(lambda: it.app.screen not in {it.screen, palette})
        await it.settle()

        assert it.text.isascii(), it.text
        assert not words.strip() or words.endswith("\r") or words in it.text


async def test_deck_is_ascii_where_it_must():
    async with desk(FOUR, glyphs=ASCII_GLYPHS) as it:
        await it.press("m", "j", "m", "4")
        await it.settle()

        assert it.text.isascii()


async def test_busy_list_is_ascii_where_it_must():
    async with desk({number: ["PENDING"] for number in range(101, 301)}, glyphs=ASCII_GLYPHS) as it:
        await it.press("G", "3")
        await it.settle()

        assert it.text.isascii()
