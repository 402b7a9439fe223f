from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.errors import ConfigError
from tui.settings.profiles import KEYS, parse, profile_text
from tui.settings.values import SettingValue

PATH = Path("/etc/jobdeck/config.toml")

TWO = b"""
default_profile = "sandbox"

[profiles.sandbox]
tenant = 4711
env = "sandbox"
interval = 2.5
token_command = ["pass", "show", "my token"]

[profiles.prod]
api_host = "t4711.tp1.mozu.com"
production = true
token_file = "prod.token"
ca_file = "~/ca.pem"
"""


def profile(text, asked=None):
    return parse(text, PATH).profile(None if asked is None else SettingValue("--profile", asked))


def texts_of(text, asked=None):
    return {name: value.text for name, value in profile(text, asked).raw.items()}


def test_the_default_profile_is_taken_when_none_is_asked_for():
    assert profile(TWO).name == "sandbox"
    assert texts_of(TWO) == {
        "tenant": "4711",
        "env": "sandbox",
        "interval": "2.5",
        "token_command": "pass show 'my token'",
    }


def test_a_profile_that_was_asked_for():
    assert texts_of(TWO, "prod") == {
        "api_host": "t4711.tp1.mozu.com",
        "production": "1",
        "token_file": "/etc/jobdeck/prod.token",
        "ca_file": "~/ca.pem",
    }


def test_without_a_default_there_is_no_profile():
    assert profile(b"[profiles.prod]\ntenant = 1\n") is None
    assert profile(b"") is None


def test_every_value_knows_its_origin():
    assert profile(TWO, "prod").raw["token_file"].origin == "token_file of profile prod"


@pytest.mark.parametrize(
    ("text", "asked", "message"),
    [
        (
            b"",
            "prod",
            "--profile 'prod' is no profile in /etc/jobdeck/config.toml; it holds none: `jobdeck config init`",
        ),
        (TWO, "prd", "--profile 'prd' is no profile in /etc/jobdeck/config.toml; did you mean prod?"),
        (TWO, "x", "--profile 'x' is no profile in /etc/jobdeck/config.toml; known are sandbox, prod"),
        (
            b'default_profile = "sandbx"\n[profiles.sandbox]\n',
            None,
            "/etc/jobdeck/config.toml: default_profile 'sandbx' is no profile; did you mean",
        ),
        (
            b"defaultprofile = 1",
            None,
            "/etc/jobdeck/config.toml has the unknown key 'defaultprofile'; did you mean default_profile?",
        ),
        (b"zzz = 1", None, "/etc/jobdeck/config.toml has the unknown key 'zzz'; known are default_profile, profiles"),
        (b"default_profile = 1", None, "/etc/jobdeck/config.toml: default_profile is no text"),
        (b"profiles = 1", None, "/etc/jobdeck/config.toml: profiles is no table"),
        (b"[profiles]\na = 1", "a", "/etc/jobdeck/config.toml: profile a is no table; write [profiles.a]"),
        (
            b"[profiles.a]\ntenent = 1",
            "a",
            "/etc/jobdeck/config.toml: profile a has the unknown key 'tenent'; did you mean tenant?",
        ),
        (b"[profiles.a]\ndemo = true", "a", "/etc/jobdeck/config.toml: profile a has the unknown key 'demo'; "),
        (b"[profiles.a]\nproduction = 'yes'", "a", "profile a: production is neither true nor false"),
        (b"[profiles.a]\ntenant = true", "a", "profile a: tenant is neither text nor a number"),
        (b"[profiles.a]\ntenant = 1979-05-27", "a", "profile a: tenant is neither text nor a number"),
        (b"[profiles.a]\ntoken_command = [1]", "a", "profile a: token_command is no list of words"),
        (b"[profiles.a]\nenv = ''", "a", "env of profile a '' is empty"),
        (b'[profiles.a]\nenv = "\\u001b"', "a", r"env of profile a '\x1b' holds a control"),
        (b"[profiles.a\n", None, "/etc/jobdeck/config.toml is no TOML (line 1, column "),
        (b"\xff\xfe\x00", None, "/etc/jobdeck/config.toml is no TOML (not UTF-8 text)"),
    ],
)
def test_what_is_wrong_is_named(text, asked, message):
    with pytest.raises(ConfigError) as caught:
        profile(text, asked)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("key", ["access_token", "client_secret", "Token", "shared-secret", "password"])
def test_a_secret_in_a_profile_is_refused_and_never_repeated(key):
    with pytest.raises(ConfigError, match="does not belong into a profile") as caught:
        profile(f'[profiles.a]\n{key} = "hunter2"\n'.encode(), "a")

    assert "hunter2" not in str(caught.value)


def test_the_line_of_a_syntax_error_is_never_repeated():
    with pytest.raises(ConfigError, match="line 2") as caught:
        profile(b"[profiles.a]\ntoken_file = hunter2\n")

    assert "hunter2" not in str(caught.value)


def test_a_bad_profile_harms_no_other():
    assert texts_of(TWO + b"[profiles.bad]\nnonsense = 1\n", "sandbox")["tenant"] == "4711"


def test_every_key_can_be_written():
    assert {"profile", "demo"}.isdisjoint(KEYS)
    assert {"api_host", "auth_host", "client_id", "keyring", "production", "ca_file", "log_file"} <= set(KEYS)


def outcome_of(content):
    try:
        return str(parse(content, PATH).path)
    except ConfigError as error:
        return str(error)


@given(st.binary() | st.text().map(str.encode))
def test_any_content_is_a_file_or_a_safe_error(content):
    assert outcome_of(content).isprintable()


def test_a_written_file_shows_an_example_of_every_key():
    lines = profile_text("a", {}).splitlines()

    shown = dict(line.lstrip("# ").partition("  # ")[0].split(" = ", 1) for line in lines if " = " in line)
    assert shown.keys() == set(KEYS)
    assert shown["token_command"] == '["pass", "show", "kibo"]'
    assert (shown["keyring"], shown["ascii"], shown["interval"]) == ("true", "false", '"auto"')


@pytest.mark.parametrize("key", KEYS)
def test_an_example_can_be_taken_as_it_stands(key):
    lines = profile_text("a", {}).splitlines()
    taken = next(line.lstrip("# ") for line in lines if line.startswith(f"# {key} = "))

    assert list(profile(f"[profiles.a]\n{taken}\n".encode(), "a").raw) == [key]
