"""Which of all that was told opens the door."""

from pathlib import Path

import pytest

from tui.core.errors import ConfigError
from tui.settings.credentials import AccessToken, Client, Keyring, TokenCommand, TokenFile
from tui.settings.profiles import parse
from tui.settings.resolve import resolve

HOST = {"api_host": "x.example"}
FILE = TokenFile(Path("f"), "JOBDECK_TOKEN_FILE")
CLIENT = Client("i", "KIBO_CLIENT_ID")


@pytest.mark.parametrize(
    ("options", "environ", "credential"),
    [
        ({}, {}, None),
        ({}, {"KIBO_ACCESS_TOKEN": "x"}, AccessToken()),
        ({}, {"KIBO_ACCESS_TOKEN": "x", "JOBDECK_TOKEN_FILE": "f"}, FILE),
        ({}, {"KIBO_ACCESS_TOKEN": "x", "JOBDECK_TOKEN_COMMAND": "c", "KIBO_CLIENT_ID": "i"}, AccessToken()),
        ({}, {"JOBDECK_TOKEN_COMMAND": "c", "KIBO_CLIENT_ID": "i"}, TokenCommand(("c",), "JOBDECK_TOKEN_COMMAND")),
        ({}, {"KIBO_CLIENT_ID": "i"}, CLIENT),
        ({}, {"JOBDECK_KEYRING": "1", "KIBO_CLIENT_ID": "i"}, Client("i", "KIBO_CLIENT_ID", has_keyring=True)),
        ({}, {"JOBDECK_KEYRING": "0", "KIBO_CLIENT_ID": "i"}, CLIENT),
        ({}, {"JOBDECK_KEYRING": "1"}, Keyring("JOBDECK_KEYRING")),
        ({}, {"JOBDECK_KEYRING": "0"}, None),
        (
            {"token_command": "c"},
            {"KIBO_ACCESS_TOKEN": "x", "JOBDECK_TOKEN_FILE": "f"},
            TokenCommand(("c",), "--token-command"),
        ),
    ],
)
def test_the_first_of_the_highest_layer_is_used(options, environ, credential):
    assert resolve({**HOST, **options}, environ).credential == credential


@pytest.mark.parametrize(
    ("environ", "credential"),
    [({"KIBO_ACCESS_TOKEN": "x"}, AccessToken()), ({"JOBDECK_TOKEN_FILE": "f"}, FILE)],
    ids=["token", "file"],
)
def test_the_environment_wins_over_the_profile_s(environ, credential):
    told = b'default_profile = "own"\n[profiles.own]\napi_host = "x.example"\nclient_id = "i"\n'
    own = parse(told, Path("/c/config.toml")).profile(None)

    assert resolve({}, environ, own).credential == credential


def test_a_keyring_holds_the_secret_of_a_client_id_of_any_layer():
    told = b'default_profile = "own"\n[profiles.own]\napi_host = "x.example"\nclient_id = "i"\ntoken_file = "f"\n'
    own = parse(told, Path("/c/config.toml")).profile(None)

    credential = resolve({}, {"JOBDECK_KEYRING": "1"}, own).credential

    assert credential == Client("i", "client_id of profile own", has_keyring=True)


def test_a_home_directory_in_front_of_a_token_file_is_meant():
    assert resolve({**HOST, "token_file": "~/token"}, {}).credential == TokenFile(Path.home() / "token", "--token-file")


def test_a_command_is_split_as_a_shell_would():
    credential = resolve({**HOST, "token_command": "pass show 'my token'"}, {}).credential

    assert credential == TokenCommand(("pass", "show", "my token"), "--token-command")


@pytest.mark.parametrize("command", ["'", "\\", '" x'])
def test_a_command_that_cannot_be_split_is_named_be_it_used_or_not(command):
    with pytest.raises(ConfigError, match=r"^JOBDECK_TOKEN_COMMAND "):
        resolve({**HOST, "token_file": "t"}, {"JOBDECK_TOKEN_COMMAND": command})


@pytest.mark.parametrize(
    "command", ["get-token --password canary 'x", "get-token --password\tcanary"], ids=["quotation mark", "tab"]
)
@pytest.mark.parametrize("layer", ["option", "variable", "profile"])
def test_arguments_of_a_command_are_never_shown(command, layer):
    told = b'default_profile = "own"\n[profiles.own]\ntoken_command = ["get-token", "--password", "canary\\t"]\n'

    with pytest.raises(ConfigError) as caught:
        resolve(
            {**HOST, "token_command": command if layer == "option" else None},
            {"JOBDECK_TOKEN_COMMAND": command if layer == "variable" else ""},
            parse(told, Path("/c/config.toml")).profile(None) if layer == "profile" else None,
        )

    assert "'get-token …' " in str(caught.value)
    assert "canary" not in str(caught.value)


def test_no_secret_of_the_environment_is_kept():
    environ = {"KIBO_ACCESS_TOKEN": "canary", "KIBO_CLIENT_ID": "i", "KIBO_SHARED_SECRET": "canary"}

    assert "canary" not in repr(resolve(HOST, environ))
