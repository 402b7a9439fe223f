"""The questions of `jobdeck config init`, at a real terminal."""

import pytest

from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, command
from tui.settings.profiles import parse

SILENT = {"KIBO_API_HOST": None, "KIBO_ACCESS_TOKEN": None, "PYTHONPATH": None if INSTALLED else str(ROOT)}
PLACE = {
    "KIBO_TENANT": "4711",
    "KIBO_SITE": "12",
    "KIBO_API_ENV": "tp2",
    "KIBO_REGION": "euw1",
    "KIBO_AUTH_HOST": "auth.example",
    "KIBO_CLIENT_ID": "me",
}


def answer(terminal, question, text):
    terminal.wait_for(question, PATIENCE_S)
    terminal.type(text)
    terminal.press("enter")


@pytest.fixture
def asked(run, tmp_path):
    """Return a function that starts the questions under an environment."""

    def begin(raw):
        return run(
            command("config", "init"),
            env={**SILENT, **raw, "XDG_CONFIG_HOME": str(tmp_path)},
            cwd=None if INSTALLED else ROOT,
        )

    return begin


@pytest.fixture
def kept(tmp_path):
    """Return a function that reads what the profile holds."""
    file = tmp_path / "jobdeck" / "config.toml"
    return lambda: {name: given.text for name, given in parse(file.read_bytes(), file).profile(None).raw.items()}


def test_a_profile_is_made_of_answers(asked, kept):
    terminal = asked({})

    answer(terminal, "API host or tenant id", "4711")
    answer(terminal, "Site, or nothing", "")
    answer(terminal, "Environment", "tp1")
    answer(terminal, "Is it production [Y/n]", "")
    answer(terminal, "Access token from", "command")
    answer(terminal, "Command that prints the token", "pass 'show")
    answer(terminal, "has an unclosed quotation mark", "pass show kibo")
    answer(terminal, "Name of the profile [tp1]", "live")

    assert terminal.wait_exit() == 0
    assert kept() == {"tenant": "4711", "env": "tp1", "production": "1", "token_command": "pass show kibo"}


def test_an_answer_that_cannot_be_used_is_worded_as_errors_are_and_asked_again(asked, kept):
    terminal = asked({})

    answer(terminal, "API host or tenant id", "sandbox1")
    answer(terminal, "jobdeck: the API host 'sandbox1' has no dot; give a host", "http://b.example")
    answer(terminal, "jobdeck: the API host 'http://b.example' uses http; ", "a.example")
    answer(terminal, "Is it production [y/N]", "maybe")
    answer(terminal, "jobdeck: 'maybe' is neither yes nor no; give y or n", "y")
    answer(terminal, "Access token from", "fyle")
    answer(terminal, "jobdeck: 'fyle' is unknown; give one of file, command", "keyring")
    answer(terminal, "Name of the profile", "")

    assert terminal.wait_exit() == 0
    assert kept() == {"api_host": "a.example", "production": "1", "keyring": "1"}


def test_what_the_environment_says_is_offered(asked, kept):
    terminal = asked(PLACE)

    answer(terminal, "API host or tenant id [4711]", "")
    answer(terminal, "nothing [12]", "")
    answer(terminal, "[tp2]", "")
    answer(terminal, "nothing [euw1]", "")
    answer(terminal, "nothing [auth.example]", "")
    answer(terminal, "Is it production [Y/n]", "n")
    answer(terminal, "[client]", "")
    answer(terminal, "the keyring) [me]", "")
    answer(terminal, "Name of the profile [tp2]", "")

    assert terminal.wait_exit() == 0
    assert kept() == {
        "tenant": "4711",
        "site": "12",
        "env": "tp2",
        "region": "euw1",
        "auth_host": "auth.example",
        "client_id": "me",
    }


def test_a_host_of_the_environment_keeps_its_host_of_the_token_call(asked, kept):
    terminal = asked({"KIBO_API_HOST": "api.example", "KIBO_AUTH_HOST": "auth.example", "KIBO_CLIENT_ID": "me"})

    answer(terminal, "tenant id [api.example]", "")
    answer(terminal, "Auth host, or - for nothing [auth.example]", "")
    answer(terminal, "Is it production [y/N]", "")
    answer(terminal, "[client]", "")
    answer(terminal, "the keyring) [me]", "")
    answer(terminal, "Name of the profile [default]", "")

    assert terminal.wait_exit() == 0
    assert kept() == {"api_host": "api.example", "auth_host": "auth.example", "client_id": "me"}


@pytest.mark.parametrize(
    ("environment", "answers", "place"),
    [
        (
            {},
            [("tenant id [4711]", "5"), ("Site", ""), ("Environment", "")],
            {"tenant": "5"},
        ),
        (
            {},
            [("tenant id [4711]", ""), ("[12]", ""), ("[tp2]", "stg1")],
            {"tenant": "4711", "site": "12", "env": "stg1"},
        ),
        (
            {},
            [("tenant id [4711]", ""), ("[12]", ""), ("[tp2]", ""), ("[euw1]", "usc1")],
            {"tenant": "4711", "site": "12", "env": "tp2", "region": "usc1"},
        ),
        (
            {"KIBO_API_HOST": "api.example"},
            [("tenant id [api.example]", "4711"), ("Site", ""), ("Environment", "")],
            {"tenant": "4711"},
        ),
        (
            {"KIBO_API_HOST": "api.example"},
            [("tenant id [api.example]", "b.example")],
            {"api_host": "b.example"},
        ),
    ],
    ids=["tenant", "env", "region", "tenant-for-host", "host"],
)
def test_what_belongs_to_another_place_is_not_offered(asked, kept, environment, answers, place):
    terminal = asked({**PLACE, **environment, "KIBO_ACCESS_TOKEN": "canary"})

    for question, text in answers:
        answer(terminal, question, text)
    answer(terminal, "Is it production", "n")
    answer(terminal, "[file]", "client")
    answer(terminal, "the keyring):", "other")
    answer(terminal, "Name of the profile", "there")

    assert terminal.wait_exit() == 0
    assert kept() == {**place, "client_id": "other"}


def test_another_site_is_no_other_place(asked, kept):
    terminal = asked(PLACE)

    answer(terminal, "[4711]", "")
    answer(terminal, "Site, or - for nothing [12]", "13")
    answer(terminal, "[tp2]", "")
    answer(terminal, "[euw1]", "")
    answer(terminal, "[auth.example]", "")
    answer(terminal, "Is it production", "n")
    answer(terminal, "[client]", "")
    answer(terminal, "[me]", "")
    answer(terminal, "Name of the profile", "")

    assert terminal.wait_exit() == 0
    assert kept()["site"] == "13"


def test_a_dash_answers_nothing_where_something_is_offered(asked, kept):
    terminal = asked({**PLACE, "KIBO_CLIENT_ID": None})

    answer(terminal, "[4711]", "")
    answer(terminal, "Site, or - for nothing [12]", "-")
    answer(terminal, "[tp2]", "")
    answer(terminal, "Region, or - for nothing [euw1]", "-")
    answer(terminal, "Is it production", "n")
    answer(terminal, "[file]", "keyring")
    answer(terminal, "Name of the profile", "")

    assert terminal.wait_exit() == 0
    assert kept() == {"tenant": "4711", "env": "tp2", "keyring": "1"}


def test_a_dash_leaves_the_token_call_where_it_usually_is(asked, kept):
    terminal = asked({"KIBO_API_HOST": "api.example", "KIBO_AUTH_HOST": "auth.example", "KIBO_CLIENT_ID": "me"})

    answer(terminal, "[api.example]", "")
    answer(terminal, "[auth.example]", "-")
    answer(terminal, "Is it production", "")
    answer(terminal, "[file]", "environment")
    answer(terminal, "Name of the profile", "")

    assert terminal.wait_exit() == 0
    assert kept() == {"api_host": "api.example"}


@pytest.mark.parametrize(("token", "usual"), [("", "file"), ("canary", "environment")], ids=["empty", "set"])
def test_a_token_of_the_environment_is_offered_unless_it_is_empty(asked, token, usual):
    terminal = asked({"KIBO_ACCESS_TOKEN": token})

    answer(terminal, "API host", "a.example")
    answer(terminal, "Is it production", "")

    terminal.wait_for(f"[{usual}]", PATIENCE_S)


def test_giving_up_writes_nothing(asked, tmp_path):
    terminal = asked({})

    terminal.wait_for("API host", PATIENCE_S)
    terminal.press("ctrl+c")

    assert terminal.wait_exit() == 130
    assert not (tmp_path / "jobdeck").exists()
