import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.support.keys import key_bytes
from tests.support.payloads import CONTROLS, assert_harmless, marker_of, tail_of
from tests.support.pty_terminal import Terminal

RAW_ECHO = """
import os, sys, tty
tty.setraw(0)
os.write(1, b"ready")
while (data := os.read(0, 1024)) != b"q":
    os.write(1, b"<" + data.hex().encode() + b">")
"""
FULL_SCREEN = """
import os, sys, termios, tty
before = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b"\\x1b[?1049h\\x1b[?25l\\x1b[?1000;1003;1006;1004;2004h\\x1b[>25u\\x1b[?7lready")
while (data := os.read(0, 1024)) != b"q":
    os.write(1, b"<" + data.replace(b"\\x1b", b"^") + b">")
if "leave" in sys.argv:
    os.write(1, b"\\x1b[?7h\\x1b[<u\\x1b[?2004;1004;1006;1003;1000l\\x1b[?25h\\x1b[?1049l")
    termios.tcsetattr(0, termios.TCSANOW, before)
"""
ON_RESIZE = """
import os, signal
def show(*_):
    size = os.get_terminal_size(0)
    os.write(1, f"size {size.columns}x{size.lines}\\n".encode())
signal.signal(signal.SIGWINCH, show)
show()
while True:
    signal.pause()
"""
FOREVER = "echo ready; while :; do read line; done"


def python(script, *arguments):
    return [sys.executable, "-c", script, *arguments]


def sh(script, *arguments):
    return ["/bin/sh", "-c", script, *arguments]


def open_files():
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


def is_gone(pid):
    return (
        not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    )


def test_program_has_a_controlling_terminal_of_the_given_size(run):
    terminal = run(sh("tty; stty size </dev/tty; cut -d' ' -f1-8 /proc/$$/stat"), size=(100, 30))

    assert terminal.wait_exit() == 0
    assert terminal.line(0).startswith("/dev/pts/")
    assert terminal.line(1) == "30 100"
    pid, _name, _state, _parent, group, session, _terminal, foreground = terminal.line(2).split()
    assert pid == group == session == foreground  # leads its session, and is what the terminal's keys go to


def test_environment_is_clean(run, monkeypatch):
    for name in ["KIBO_TOKEN", "JOBDECK_X", "NO_COLOR", "COLORTERM"]:
        monkeypatch.setenv(name, "1")

    terminal = run(["env"], size=(200, 24), env={"COLORTERM": "truecolor", "LANG": None})

    assert terminal.wait_exit() == 0
    assert {line.partition("=")[0] for line in terminal.lines if line} == {
        "COLORTERM", "HOME", "PATH", "TERM", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
    }  # fmt: skip
    assert f"HOME={terminal.home}" in terminal.lines
    assert "TERM=xterm-256color" in terminal.lines


def test_home_is_removed_unless_given(tmp_path):
    with Terminal(sh('echo 1 >"$HOME/file"')) as own:
        own.wait_exit()
    with Terminal(sh('echo 1 >"$HOME/file"'), home=tmp_path) as given:
        given.wait_exit()

    assert not own.home.exists()
    assert (tmp_path / "file").exists()


def test_program_starts_where_told(run, tmp_path):
    terminal = run(["pwd"], cwd=tmp_path, size=(200, 5))

    assert terminal.wait_exit() == 0
    assert terminal.line(0) == str(tmp_path)


def test_missing_program_is_an_error():
    with pytest.raises(FileNotFoundError), Terminal(["/no/such/program"]):
        pass


def test_ignored_signals_are_not_inherited(run):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        terminal = run(sh(FOREVER))
    finally:
        signal.signal(signal.SIGINT, before)
    terminal.wait_for("ready")

    terminal.press("ctrl+c")

    assert terminal.wait_exit() == -signal.SIGINT


@pytest.mark.parametrize("code", [0, 1, 143])
def test_exit_code_is_returned(run, code):
    assert run(sh(f"exit {code}")).wait_exit() == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_killing_signal_is_returned_as_negative(run, number):
    terminal = run(sh(FOREVER))
    terminal.wait_for("ready")

    terminal.signal(number)

    assert terminal.wait_exit() == -number


def test_last_output_is_read_on_exit(run):
    terminal = run(sh("seq 1 20000; echo last"))

    terminal.wait_exit()

    assert terminal.line(22) == "last"
    assert terminal.raw.count(b"\n") == 20001


def test_last_output_is_read_although_a_child_keeps_the_tty(run):
    terminal = run(sh("trap '' HUP; sleep 1000 & echo last"))

    assert terminal.wait_exit() == 0
    assert terminal.line(0) == "last"


def test_running_program_is_reported(run):
    terminal = run(sh(FOREVER))

    with pytest.raises(AssertionError, match=r"still running within 0\.1 s"):
        terminal.wait_exit(0.1)


def test_whole_session_is_killed():
    script = "trap '' HUP TERM; set -m; sleep 1000 & echo pid $!; (trap '' HUP; sleep 1000) & echo also $!; while :; do read x; done"
    with Terminal(sh(script)) as terminal:
        terminal.wait_for(re.compile(r"also \d+"))
        pids = [int(number) for number in re.findall(r"(?:pid|also) (\d+)", terminal.text)]

    assert len(pids) == 2
    assert all(is_gone(pid) for pid in pids)
    with pytest.raises(ChildProcessError):
        os.waitpid(terminal.pid, os.WNOHANG)


def test_stopped_program_is_killed():
    with Terminal(sh(FOREVER)) as terminal:
        terminal.signal(signal.SIGSTOP)
        terminal.wait_for(lambda it: it.state() == "T")

    assert is_gone(terminal.pid)


def test_files_are_closed():
    before = open_files()

    with Terminal(sh(FOREVER)):
        pass

    assert open_files() == before


def test_wait_for_takes_text_pattern_and_function(run):
    terminal = run(sh("echo one; read x; echo two; read x; echo three; read x"))

    terminal.wait_for("one")
    terminal.press("enter")
    terminal.wait_for(re.compile("^two$", re.MULTILINE))
    terminal.press("enter")
    terminal.wait_for(lambda it: "three" in it.lines)

    assert terminal.text.split() == ["one", "two", "three"]


def test_failed_wait_shows_screen_and_bytes(run):
    terminal = run(sh("printf 'on \\033[31mscreen'; read x"))
    terminal.wait_for("screen")

    with pytest.raises(AssertionError) as caught:
        terminal.wait_for("absent", 0.05)

    assert "no 'absent' within 0.05 s" in str(caught.value)
    assert "\non screen\n" in str(caught.value)
    assert r"\x1b[31mscreen" in str(caught.value)


def test_wait_fails_at_once_when_the_program_ended(run):
    terminal = run(sh("echo only; exit 3"))

    with pytest.raises(AssertionError, match="no 'absent'; the program ended with 3"):
        terminal.wait_for("absent", 60)


def test_wait_finds_what_an_ended_program_wrote_last(run):
    run(sh("echo only")).wait_for("only")


def test_nothing_is_seen_within_a_synchronised_update(run):
    terminal = run(sh(r"printf '\033[?2026hhalf'; sleep 0.1; printf '\r\033[2Kwhole\033[?2026l'; read x"))

    terminal.wait_for(re.compile("half|whole"))

    assert terminal.line(0) == "whole"


def test_update_that_never_ends_is_shown_at_last(run):
    terminal = run(sh(r"printf '\033[?2026hhalf'; read x"))

    terminal.wait_for("half")


def test_wait_quiet_lasts_until_output_stops(run):
    terminal = run(sh("for i in 1 2 3 4 5; do echo $i; sleep 0.05; done; read x"))

    terminal.wait_quiet(0.5)

    assert terminal.line(4) == "5"


def test_wait_quiet_fails_on_endless_output(run):
    terminal = run(["yes"])

    with pytest.raises(AssertionError, match="never quiet"):
        terminal.wait_quiet(0.2, 0.5)


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("j", "6a"),
        ("é", "c3a9"),
        ("+", "2b"),
        ("enter", "0d"),
        ("esc", "1b"),
        ("tab", "09"),
        ("shift+tab", "1b5b5a"),
        ("ctrl+d", "04"),
        ("ctrl+z", "1a"),
        ("ctrl+backslash", None),
        ("alt+x", "1b78"),
        ("up", "1b5b41"),
        ("ctrl+up", "1b5b313b3541"),
        ("shift+f5", "1b5b31353b327e"),
        ("f1", "1b4f50"),
        ("pgdn", "1b5b367e"),
        ("backspace", "7f"),
        ("hyper+x", None),
    ],
)
def test_key_sends_what_xterm_sends(key, sent):
    if sent is None:
        with pytest.raises(ValueError, match="key"):
            key_bytes(key)
    else:
        assert key_bytes(key).hex() == sent


def test_keys_arrive(run):
    terminal = run(python(RAW_ECHO))
    terminal.wait_for("ready")

    terminal.press("j", "enter", "up")
    terminal.type("aé")
    terminal.wait_for(lambda it: re.sub("[<>]", "", it.line(0)) == "ready6a0d1b5b4161c3a9")
    terminal.press("q")

    assert terminal.wait_exit() == 0


def test_cursor_keys_follow_the_application_mode(run):
    terminal = run(sh(r"stty raw -echo; printf '\033[?1hready'; head -c 3 | od -An -tx1"))
    terminal.wait_for("ready")

    terminal.press("up")

    terminal.wait_for("1b 4f 41")


@pytest.fixture
def full_screen(run):
    def start(*arguments):
        terminal = run(python(FULL_SCREEN, *arguments))
        terminal.wait_for("ready")
        return terminal

    return start


def test_mouse_paste_and_focus_arrive_when_asked_for(full_screen):
    terminal = full_screen()

    terminal.click(3, 0)
    terminal.wait_for(re.compile(r"<\^\[<0;4;1M(><)?\^\[<0;4;1m>"))
    terminal.scroll(0, 1)
    terminal.wait_for("<^[<65;1;2M>")
    terminal.paste("x\ny")
    terminal.wait_for("^[200~x")
    terminal.wait_for(lambda it: b"\ry^[201~" in it.raw)
    terminal.focus(gained=False)
    terminal.wait_for("<^[O>")


def test_paste_has_no_brackets_unless_asked_for(run):
    terminal = run(python(RAW_ECHO))
    terminal.wait_for("ready")

    terminal.paste("a\nb")

    terminal.wait_for("<610d62>")


def test_click_nobody_asked_for_fails(run):
    terminal = run(python(RAW_ECHO))
    terminal.wait_for("ready")

    with pytest.raises(AssertionError, match="asked for no mouse"):
        terminal.click(0, 0)


def test_large_input_is_sent_while_output_is_read(run):
    terminal = run(sh("stty raw -echo; echo ready; head -c 1000000 | tee /dev/stderr | wc -c"))
    terminal.wait_for("ready")
    mark = terminal.mark()

    terminal.send(b"x" * 1_000_000, timeout_s=60)

    terminal.wait_for("1000000", 60)
    assert terminal.since(mark).count(b"x") == 1_000_000


def test_input_nobody_takes_fails(run):
    terminal = run(sh("stty raw -echo; echo ready; kill -STOP $$"))
    terminal.wait_for("ready")

    with pytest.raises(AssertionError, match="input not taken"):
        terminal.send(b"x" * 1_000_000, timeout_s=0.2)


def test_resize_is_noticed_by_program_and_screen(run):
    terminal = run(python(ON_RESIZE))
    terminal.wait_for("size 80x24")

    terminal.resize(100, 30)
    terminal.wait_for("size 100x30")

    assert len(terminal.lines) == 30


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (0, 0)])
def test_tiny_sizes_reach_the_program(run, size):
    terminal = run(python(ON_RESIZE), size=size)
    expected = f"size {size[0]}x{size[1]}".encode()

    terminal.wait_for(lambda it: expected in it.raw)
    terminal.resize(80, 24)
    terminal.wait_for("size 80x24")
    mark = terminal.mark()
    terminal.resize(*size)

    terminal.wait_for(lambda it: expected in it.since(mark))


def test_two_thousand_resizes_are_survived(run):
    terminal = run(python(ON_RESIZE))
    terminal.wait_for("size 80x24")

    for number in range(2000):
        terminal.resize(1 + number * 37 % 200, 1 + number * 17 % 60)
    terminal.resize(90, 20)

    terminal.wait_for("size 90x20")


def test_cells_tell_character_and_style(run):
    terminal = run(sh(r"printf 'a\033[1;31mred\033[0m \033[7;48;5;21mx\033[0m\033[38;2;1;2;3m日y\033[0m'"))
    terminal.wait_exit()

    assert terminal.find("red") == (1, 0)
    assert terminal.colour_of("red") == "red"
    assert terminal.cell(1, 0).bold
    assert not terminal.cell(0, 0).bold
    assert terminal.cell(5, 0).reverse
    assert terminal.cell(5, 0).bg == "0000ff"
    assert terminal.find("y") == (8, 0)
    assert terminal.colour_of("y") == "010203"


def test_text_that_is_absent_is_not_found(run):
    terminal = run(sh("echo here"))
    terminal.wait_exit()

    with pytest.raises(AssertionError, match="'there' is not on the screen"):
        terminal.find("there")


def test_marks_divide_the_output(run):
    terminal = run(sh("stty -echo; echo one; read x; echo two; read x"))
    terminal.wait_for("one")
    mark = terminal.mark()

    terminal.press("enter")
    terminal.wait_for("two")

    assert terminal.since(mark) == b"two\r\n"
    assert b"".join(piece for _, piece in terminal.timed_since(mark)) == b"two\r\n"
    assert all(0 <= after_s < 10 for after_s, _ in terminal.timed_since(mark))
    assert terminal.raw == b"one\r\ntwo\r\n"


QUERY = r"stty raw -echo; printf '\033[c'; head -c 9 | od -An -c; echo done"


def test_queries_come_back_as_key_presses(run):
    terminal = run(sh(QUERY))

    terminal.wait_for("done")

    assert "033   [   ?   6   2" in terminal.text
    assert terminal.queries == ("\x1b[c",)


def test_answers_can_be_switched_off(run):
    terminal = run(sh(QUERY), answers=False)

    with pytest.raises(AssertionError, match="no 'done'"):
        terminal.wait_for("done", 0.3)

    assert terminal.queries == ("\x1b[c",)


def test_program_that_puts_everything_back_leaves_a_sane_terminal(full_screen):
    terminal = full_screen("leave")
    was_restored = terminal.is_restored()

    terminal.press("q")

    assert terminal.wait_exit() == 0
    assert not was_restored
    assert terminal.leftovers() == ()
    assert terminal.modes == {7, 25}


def test_program_that_puts_nothing_back_leaves_its_traces(full_screen):
    terminal = full_screen()

    terminal.signal(signal.SIGKILL)

    assert terminal.wait_exit() == -signal.SIGKILL
    assert not terminal.is_restored()
    assert terminal.leftovers() == (
        "?1000h", "?1003h", "?1004h", "?1006h", "?1049h", "?2004h", "?7l", "?25l", "kitty keyboard not popped", "tty settings changed",
    )  # fmt: skip


def test_tty_settings_alone_are_noticed(run):
    terminal = run(["stty", "-echo"])

    assert terminal.wait_exit() == 0
    assert terminal.leftovers() == ("tty settings changed",)


def test_stop_and_continue_are_seen(run):
    terminal = run(sh(FOREVER))
    terminal.wait_for("ready")

    terminal.signal(signal.SIGSTOP)
    terminal.wait_for(lambda it: it.state() == "T")
    terminal.signal(signal.SIGCONT)

    terminal.wait_for(lambda it: it.state() == "S")


def test_job_of_a_shell_is_the_foreground_process(run):
    terminal = run(["/bin/sh", "-i"], env={"PS1": "$ "})
    terminal.wait_for("$ ".strip())

    terminal.type(f"{sys.executable} -c 'import time; print(6 * 7, flush=True); time.sleep(1000)'\r")
    terminal.wait_for(re.compile("^42$", re.MULTILINE))
    job = terminal.foreground_pid
    terminal.press("ctrl+z")
    terminal.wait_for(lambda it: it.foreground_pid == it.pid)

    assert job != terminal.pid
    assert terminal.state(job) == "T"
    assert terminal.threads(job) == 1


def test_threads_and_memory_are_counted(run):
    terminal = run(
        python(
            "import threading; [threading.Thread(target=input).start() for _ in '123']; print('ready', flush=True); input()"
        )
    )
    terminal.wait_for("ready")

    assert terminal.threads() == 4
    assert 4_000 < terminal.rss_kib() < 100_000


def test_hang_up_sends_sighup_and_keeps_the_screen(run):
    terminal = run(sh(FOREVER))
    terminal.wait_for("ready")

    terminal.hang_up()

    assert terminal.wait_exit() == -signal.SIGHUP
    assert terminal.line(0) == "ready"
    with pytest.raises(AssertionError, match="the terminal is gone"):
        terminal.press("q")


def test_textual_app_starts_and_quits_cleanly(run):
    script = "from textual.app import App; App().run()"
    terminal = run(python(script))
    terminal.wait_for(lambda it: it.is_restored() is False and 2004 in it.modes)
    terminal.wait_quiet()

    terminal.press("ctrl+q")

    assert terminal.wait_exit() == 0
    assert terminal.leftovers() == ()
    assert terminal.queries == ("\x1b[?2026$p", "\x1b[?2048$p")


SHOW_TEXTS = """
import sys
from textual.app import App
from textual.content import Content
from textual.widgets import Static
from tests.support.payloads import CONTROLS
from tui.core.text import plain
class Show(App):
    def compose(self):
        for text in CONTROLS.values():
            yield Static(Content(plain(text) if "plain" in sys.argv else text))
    def on_key(self, event):
        self.title = "pressed"
        self.bell()
Show().run()
"""


@pytest.fixture
def show_texts(run):
    def start(*arguments):
        terminal = run(
            python(SHOW_TEXTS, *arguments), size=(160, 80), env={"PYTHONPATH": str(Path(__file__).parents[2])}
        )
        terminal.wait_for(lambda it: marker_of(list(CONTROLS.values())[-1]).encode() in it.raw)
        terminal.wait_quiet()
        return terminal

    return start


def test_raw_texts_of_a_textual_app_are_noticed(show_texts):
    terminal = show_texts()

    assert "\x1b[c" in terminal.queries
    with pytest.raises(AssertionError, match="reached the terminal"):
        assert_harmless(terminal.raw, CONTROLS["query attributes"])


def test_placeholders_of_a_textual_app_cause_no_alarm(show_texts):
    terminal = show_texts("plain")

    for payload in CONTROLS.values():
        assert marker_of(payload) in terminal.text
        assert tail_of(payload) in terminal.text
        assert_harmless(terminal.raw, payload)
    assert terminal.queries == ("\x1b[?2026$p", "\x1b[?2048$p")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.leftovers() == ()
