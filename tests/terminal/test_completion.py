"""The tab key in real shells, after `jobdeck --install-completion`."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, command
from tui.cli.install_completion import BASH_COMPLETION
from tui.history.sessions import Sessions

SHELLS = ("bash", "zsh", "fish")
PROMPT = "ready>"
LOADER = next(filter(Path.exists, map(Path, BASH_COMPLETION)), None)


@pytest.fixture
def home(tmp_path):
    """A home with a profile, a list that was watched, files, and a `jobdeck` in its path."""
    home = tmp_path / "home"
    (home / "config" / "jobdeck").mkdir(parents=True)
    config = home / "config" / "jobdeck" / "config.toml"
    config.write_text('[profiles.production]\ntenant = "1"\n', encoding="ascii")
    config.chmod(0o600)
    Sessions(home / "state" / "jobdeck").keep("https://t1.sandbox.mozu.com/api", (884213, 101))
    (home / "bin").mkdir()
    program = home / "bin" / "jobdeck"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (home / "list of jobs.txt").touch()
    return home


@pytest.fixture
def shell(run, home):
    """Returns a function that installs completion for a shell and starts it, by itself or with lines it should read first."""

    def start(name, *lines):
        if shutil.which(name) is None:
            assert name != "bash"
            pytest.skip(f"{name} is not installed")
        env = {
            "PATH": f"{home}/bin:/usr/bin:/bin",
            "PYTHONPATH": None if INSTALLED else str(ROOT),
            "XDG_DATA_HOME": str(home / "data"),
        }
        rc = {"bash": home / "rc", "zsh": home / ".zshrc", "fish": home / "config" / "fish" / "config.fish"}[name]
        rc.parent.mkdir(exist_ok=True)
        rc.write_text(
            "function fish_prompt; echo 'ready> '; end\n" if name == "fish" else f"PS1='{PROMPT} '\n", encoding="ascii"
        )
        installer = run([str(home / "bin" / "jobdeck"), "--install-completion", name], env=env, home=home)
        assert installer.wait_exit() == 0
        with rc.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        argv = ["bash", "--noprofile", "--rcfile", str(rc), "-i"] if name == "bash" else [name, "-i"]
        terminal = run(argv, env=env, home=home, cwd=home, size=(100, 30))
        terminal.wait_for(PROMPT, PATIENCE_S)
        return terminal

    return start


def start(shell, name):
    """Start a shell that has the script: bash by the line that a person without the package is told."""
    return shell(name, '. "$XDG_DATA_HOME/bash-completion/completions/jobdeck"') if name == "bash" else shell(name)


def complete(terminal, line, expected):
    """Type a line, press tab, wait for what it becomes, and take it away."""
    terminal.type(line)
    terminal.wait_for(f"{PROMPT} {line}", PATIENCE_S)
    terminal.press("tab")
    terminal.wait_for(f"{PROMPT} {expected}", PATIENCE_S)
    terminal.send(b"\x15")  # ctrl+u: the line is gone, and so is what the tab key offered at the next prompt
    terminal.press("enter")


@pytest.mark.parametrize("name", SHELLS)
def test_words_become_whole(shell, name):
    terminal = start(shell, name)

    complete(terminal, "jobdeck sim", "jobdeck simulate")
    complete(terminal, "jobdeck 88", "jobdeck 884213")
    complete(terminal, "jobdeck get 101,8", "jobdeck get 101,884213")
    complete(terminal, "jobdeck get --insec", "jobdeck get --insecure-http")
    complete(terminal, "jobdeck --profile prod", "jobdeck --profile production")
    complete(terminal, "jobdeck get --profile=prod", "jobdeck get --profile=production")
    complete(terminal, "jobdeck get @li", r"jobdeck get @list\ of\ jobs.txt")
    complete(terminal, "jobdeck get --token-file li", r"jobdeck get --token-file list\ of\ jobs.txt")
    complete(terminal, "jobdeck get --token-file=li", r"jobdeck get --token-file=list\ of\ jobs.txt")


@pytest.mark.parametrize("name", SHELLS)
def test_several_words_are_shown(shell, name):
    terminal = start(shell, name)

    terminal.type("jobdeck ")
    terminal.press("tab")
    terminal.press("tab")

    terminal.wait_for(lambda it: all(word in it.text for word in ("config", "simulate", "884213", "101")), PATIENCE_S)


@pytest.mark.skipif(LOADER is None, reason="the package bash-completion is not installed")
def test_bash_loads_the_script_by_itself(shell):
    terminal = shell("bash", f". {LOADER}")

    complete(terminal, "jobdeck sim", "jobdeck simulate")


def test_zsh_loads_the_script_where_completion_was_started_before(shell, home):
    terminal = shell("zsh")
    lines = (home / ".zshrc").read_text(encoding="utf-8")
    (home / ".zshrc").write_text(f"autoload -Uz compinit && compinit\n{lines}", encoding="utf-8")

    terminal.type("exec zsh -i\r")
    terminal.wait_quiet(1.0, PATIENCE_S)

    complete(terminal, "jobdeck sim", "jobdeck simulate")


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_the_script_is_sound(name):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    folder = ROOT / "tui" / "cli" / "completion"

    subprocess.run([name, "-n", folder / {"zsh": "_jobdeck", "fish": "jobdeck.fish"}[name]], check=True)
