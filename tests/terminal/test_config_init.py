"""The questions of `jobdeck config init`, at a real terminal."""

import pytest

from tests.terminal.app import INSTALLED, PATIENCE_S, ROOT, command
from tui.settings.profiles import parse

SILENT = {"KIBO_API_HOST": None, "KIBO_ACCESS_TOKEN": None, "PYTHONPATH": None if INSTALLED else str(ROOT)}


def answer(terminal, question, text):
    terminal.wait_for(question, PATIENCE_S)
    terminal.type(text)
    terminal.press("enter")


@pytest.fixture
def asked(run, tmp_path):
    """Return a function that starts the questions under an environment."""

    def begin(told):
        return run(command("config", "init"), env={**SILENT, **told, "XDG_CONFIG_HOME": str(tmp_path)}, cwd=None if INSTALLED else ROOT)

    return begin


def test_a_profile_is_made_of_answers(run, tmp_path):
    terminal = run(command("config", "init"), env={**SILENT, "XDG_CONFIG_HOME": str(tmp_path)}, cwd=None if INSTALLED else ROOT)

    answer(terminal, "API host, or the number of the tenant", "4711")
    answer(terminal, "Site, or nothing", "")
    answer(terminal, "Environment", "tp1")
    answer(terminal, "Is it production [Y/n]", "")
    answer(terminal, "Where the access token comes from", "command")
    answer(terminal, "Command that prints the token", "pass 'show")
    answer(terminal, "has a quotation mark without its partner", "pass show kibo")
    answer(terminal, "Name of the profile [tp1]", "live")

    assert terminal.wait_exit() == 0
    file = tmp_path / "jobdeck" / "config.toml"
    told = {name: given.text for name, given in parse(file.read_bytes(), file).profile(None).told.items()}
    assert told == {"tenant": "4711", "env": "tp1", "production": "1", "token_command": "pass show kibo"}


def test_what_the_environment_says_is_offered(run, tmp_path):
    told = {"KIBO_TENANT": "4711", "KIBO_SITE": "12", "KIBO_API_ENV": "tp2", "KIBO_REGION": "euw1", "KIBO_CLIENT_ID": "me"}
    terminal = run(command("config", "init"), env={**SILENT, **told, "XDG_CONFIG_HOME": str(tmp_path)}, cwd=None if INSTALLED else ROOT)

    answer(terminal, "API host, or the number of the tenant [4711]", "")
    answer(terminal, "Site, or nothing [12]", "")
    answer(terminal, "stg2) [tp2]", "")
    answer(terminal, "Region, or nothing [euw1]", "")
    answer(terminal, "Is it production [Y/n]", "n")
    answer(terminal, "[client]", "")
    answer(terminal, "or the keyring [me]", "")
    answer(terminal, "Name of the profile [tp2]", "")

    assert terminal.wait_exit() == 0
    file = tmp_path / "jobdeck" / "config.toml"
    kept = {name: given.text for name, given in parse(file.read_bytes(), file).profile(None).told.items()}
    assert kept == {"tenant": "4711", "site": "12", "env": "tp2", "region": "euw1", "client_id": "me"}


@pytest.mark.parametrize(("token", "usual"), [("", "file"), ("canary", "environment")], ids=["empty", "set"])
def test_a_token_of_the_environment_is_offered_unless_it_is_empty(asked, token, usual):
    terminal = asked({"KIBO_ACCESS_TOKEN": token})

    answer(terminal, "API host", "a.example")
    answer(terminal, "Is it production", "")

    terminal.wait_for(f"[{usual}]", PATIENCE_S)


def test_giving_up_writes_nothing(run, tmp_path):
    terminal = run(command("config", "init"), env={**SILENT, "XDG_CONFIG_HOME": str(tmp_path)}, cwd=None if INSTALLED else ROOT)

    terminal.wait_for("API host", PATIENCE_S)
    terminal.press("ctrl+c")

    assert terminal.wait_exit() == 130
    assert not (tmp_path / "jobdeck").exists()
