"""`jobdeck --install-completion`: the real command, and files in a home of its own."""

import stat
import subprocess

import pytest

from tui.cli.install_completion import BEGIN, is_too_old
from tui.cli.shell_completion import SCRIPTS, script

PLACES = {
    "bash": ".local/share/bash-completion/completions/jobdeck",
    "zsh": ".local/share/jobdeck/zsh/_jobdeck",
    "fish": ".config/fish/completions/jobdeck.fish",
}


@pytest.fixture
def install(jobdeck, bare):
    return lambda *arguments, **env: jobdeck("--install-completion", *arguments, env={**bare, **env})


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_is_where_the_shell_loads_it(install, tmp_path, shell):
    result = install(shell)

    file = tmp_path / PLACES[shell]
    assert (result.returncode, result.stderr) == (0, "")
    assert f"completion for {shell} is in {file}\n" in result.stdout
    assert "start a new shell" in result.stdout or "~/.bashrc" in result.stdout
    assert file.read_text(encoding="utf-8") == script(shell)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_shell_is_that_of_the_person(install, tmp_path):
    install(SHELL="/usr/bin/fish")

    assert (tmp_path / PLACES["fish"]).exists()


@pytest.mark.parametrize(
    ("shell", "env", "place"),
    [
        ("bash", {"XDG_DATA_HOME": "{}/data"}, "data/bash-completion/completions/jobdeck"),
        ("bash", {"BASH_COMPLETION_USER_DIR": "{}/own"}, "own/completions/jobdeck"),
        ("fish", {"XDG_CONFIG_HOME": "{}/conf"}, "conf/fish/completions/jobdeck.fish"),
        ("fish", {"XDG_CONFIG_HOME": "relative"}, PLACES["fish"]),
    ],
    ids=["XDG_DATA_HOME", "BASH_COMPLETION_USER_DIR", "XDG_CONFIG_HOME", "relative"],
)
def test_other_folders_are_honoured(install, tmp_path, shell, env, place):
    install(shell, **{name: value.format(tmp_path) for name, value in env.items()})

    assert (tmp_path / place).exists()


def test_doing_it_twice_changes_nothing(install, tmp_path):
    rc = tmp_path / ".zshrc"
    rc.write_text("alias ll='ls -l'", encoding="ascii")
    install("zsh")
    after_one = rc.read_bytes()

    again = install("zsh")

    assert rc.read_bytes() == after_one
    assert after_one.count(BEGIN.encode()) == 1
    assert after_one.startswith(b"alias ll='ls -l'\n# >>>")
    assert "already loads it" in again.stdout


def test_zshrc_keeps_its_mode_and_its_link(install, tmp_path):
    (tmp_path / "dotfiles").mkdir()
    rc = tmp_path / "dotfiles" / "zshrc"
    rc.write_bytes(b"caf\xe9=1\n")
    rc.chmod(0o644)
    (tmp_path / ".zshrc").symlink_to(rc)

    install("zsh")

    assert (tmp_path / ".zshrc").is_symlink()
    assert rc.read_bytes().startswith(b"caf\xe9=1\n# >>>")
    assert stat.S_IMODE(rc.stat().st_mode) == 0o644


def test_an_older_block_is_left_alone_and_the_new_one_shown(install, tmp_path):
    rc = tmp_path / ".zshrc"
    rc.write_text(f"{BEGIN}\nfpath=(/old $fpath)\n", encoding="ascii")

    result = install("zsh")

    assert rc.read_text(encoding="ascii") == f"{BEGIN}\nfpath=(/old $fpath)\n"
    assert "replace it with:\n# >>> jobdeck" in result.stdout


def test_a_zshrc_that_cannot_be_written_is_no_failure(install, tmp_path):
    (tmp_path / ".zshrc").mkdir()

    result = install("zsh")

    assert result.returncode == 0
    assert "cannot be changed (is a directory); add this to it:\n# >>>" in result.stdout


def test_somebody_elses_script_stays(install, tmp_path):
    file = tmp_path / PLACES["fish"]
    file.parent.mkdir(parents=True)
    file.write_text("# mine\n", encoding="ascii")

    result = install("fish")

    assert result.returncode == 2
    assert "was not written by jobdeck" in result.stderr
    assert file.read_text(encoding="ascii") == "# mine\n"


def test_an_older_script_of_ours_is_replaced(install, tmp_path):
    file = tmp_path / PLACES["fish"]
    file.parent.mkdir(parents=True)
    file.write_text("# written by `jobdeck --install-completion fish`\n", encoding="ascii")

    install("fish")

    assert file.read_text(encoding="utf-8") == script("fish")


@pytest.mark.parametrize(
    ("arguments", "env", "named"),
    [
        (["tcsh"], {}, "--install-completion 'tcsh'"),
        ([], {"SHELL": "/bin/tcsh"}, "SHELL 'tcsh'"),
        ([], {}, "SHELL ''"),
        (["bash"], {"HOME": "", "XDG_DATA_HOME": ""}, "HOME"),
    ],
    ids=["told", "variable", "no variable", "no home"],
)
def test_what_cannot_be_is_said_in_one_line(install, tmp_path, arguments, env, named):
    result = install(*arguments, **env)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert named in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(install, tmp_path):
    (tmp_path / ".config").touch()

    result = install("fish")

    assert result.returncode == 2
    assert "jobdeck.fish cannot be written: " in result.stderr


@pytest.mark.parametrize(
    ("version", "is_old"),
    [("3.2.57(1)-release", True), ("4.3.48", True), ("4.4.20", False), ("5.2.15", False), ("", False)],
)
def test_bash_has_to_be_new_enough(version, is_old):
    assert is_too_old(version) is is_old


def test_an_old_bash_is_refused_by_name(install, tmp_path):
    bash = tmp_path / "bin" / "bash"
    bash.parent.mkdir()
    bash.write_text("#!/bin/sh\necho '3.2.57(1)-release'\n", encoding="ascii")
    bash.chmod(0o755)

    result = install("bash", PATH=f"{bash.parent}:/usr/bin:/bin")

    assert result.returncode == 2
    assert "bash 3.2.57(1)-release is too old for completion" in result.stderr
    assert not (tmp_path / PLACES["bash"]).exists()


def test_the_bash_script_is_sound():
    subprocess.run(["bash", "-n"], input=script("bash"), text=True, check=True)
