"""`jobdeck doctor` at a real terminal: how it looks, and what it asks the person in front of it."""

import base64
import re

import pytest

from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, command

SILENT = {
    "KIBO_API_HOST": None,
    "KIBO_ACCESS_TOKEN": None,
    "PYTHONPATH": None if INSTALLED else str(ROOT),
    "TERM": "xterm-256color",
}
OSC_52 = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
QUESTION = "Paste into another window"


@pytest.fixture
def doctor(run):
    """Starts it on the demo."""

    def start(*arguments, env=None, size=(80, 40)):
        argv = command("doctor", "--demo", *arguments)
        return run(argv, env={**SILENT, **(env or {})}, cwd=None if INSTALLED else ROOT, size=size)

    return start


def test_lines_have_sign_word_and_colour_and_fit(doctor):
    terminal = doctor(env={"LC_ALL": "C.UTF-8"})

    assert terminal.wait_exit() == 0
    x, y = terminal.find("call ")
    line = terminal.line(y)
    assert re.fullmatch(r"✔ ok       call           HTTP 200, 41 jobs, correlation", line)
    assert terminal.line(y + 1).startswith(" " * 26)
    assert terminal.cell(0, y).fg == terminal.cell(2, y).fg != terminal.cell(x, y).fg
    assert "TERM xterm-256color, 80x40" in terminal.text


@pytest.mark.parametrize(
    "env",
    [{"NO_COLOR": "1", "LC_ALL": "C.UTF-8"}, {"LC_ALL": "C"}, {"LANG": "C"}, {"LANG": None}],
    ids=["no colour", "LC_ALL", "LANG", "unset"],
)
def test_nothing_is_told_by_colour_or_by_signs_alone(doctor, env):
    terminal = doctor(env=env)

    terminal.wait_exit()
    assert ("\x1b[3" in terminal.raw.decode()) == ("NO_COLOR" not in env)
    assert terminal.raw.isascii() == ("NO_COLOR" not in env)
    assert re.search(r"^(✔|\+) ok       call ", terminal.text, re.MULTILINE)


def test_a_small_terminal_is_a_warning(doctor):
    terminal = doctor(size=(60, 45))

    assert terminal.wait_exit() == 0
    assert "! warning  terminal       TERM xterm-256color, 60x45" in terminal.text
    assert "take 80x24 or more" in terminal.text


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("y", "ok       clipboard      sent; you answered that it worked"),
        ("n", "warning  clipboard"),
        ("", "skipped  clipboard      sent; no answer"),
    ],
    ids=["yes", "no", "enter"],
)
def test_the_clipboard_is_as_the_person_says(doctor, answer, shown):
    terminal = doctor("--test-clipboard")

    terminal.wait_for(QUESTION, PATIENCE_S)
    (sent,) = OSC_52.findall(terminal.raw)
    assert "clipboard  " not in terminal.text
    terminal.type(answer)
    terminal.press("enter")

    assert terminal.wait_exit() == 0
    assert base64.b64decode(sent).decode() in terminal.text
    assert shown in terminal.text


def test_a_notification_is_sent_with_a_bell(doctor):
    terminal = doctor("--test-notification")

    terminal.wait_for("Did you get a notification or a bell?", PATIENCE_S)
    assert re.search(rb"\x1b\]9;jobdeck doctor [\d:]+Z\x07\x07", terminal.raw)
    terminal.press("ctrl+c")

    assert terminal.wait_exit() == 130


def test_json_leaves_the_question_out_of_standard_output(run, tmp_path):
    words = " ".join(command("doctor", "--demo", "-o", "json", "--test-clipboard"))
    terminal = run(["sh", "-c", f"{words} > {tmp_path}/out"], env=SILENT, cwd=None if INSTALLED else ROOT)

    terminal.wait_for(QUESTION, PATIENCE_S)
    terminal.type("y")
    terminal.press("enter")

    assert terminal.wait_exit() == 0
    assert "\x1b" not in (tmp_path / "out").read_text()
    assert '"name": "clipboard", "state": "ok"' in (tmp_path / "out").read_text()
