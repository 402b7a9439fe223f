from pathlib import Path

import pytest
from pydantic import SecretStr

from tui.api.credentials import CredentialSettings, TokenKind, token_source
from tui.api.errors import Unauthorised
from tui.clock import ManualClock

WAYS = {
    "token_file": Path("~/token"),
    "access_token": SecretStr("canary"),
    "token_command": ("vault", "read"),
    "client_id": "acme",
    "shared_secret": SecretStr("canary"),
    "keyring_name": "prod",
}
ORDER = {
    TokenKind.FILE: (),
    TokenKind.ENVIRONMENT: ("token_file",),
    TokenKind.COMMAND: ("token_file", "access_token"),
    TokenKind.CLIENT_CREDENTIALS: ("token_file", "access_token", "token_command"),
    TokenKind.KEYRING: ("token_file", "access_token", "token_command", "client_id", "shared_secret"),
    TokenKind.NONE: tuple(WAYS),
}


def source(**settings):
    return token_source(CredentialSettings(**settings), clock=ManualClock(), transport_to=None)


@pytest.mark.parametrize(("kind", "missing"), ORDER.items(), ids=[str(kind) for kind in ORDER])
def test_the_first_that_is_configured_is_used(kind, missing):
    chosen = source(**{name: value for name, value in WAYS.items() if name not in missing})

    assert chosen.facts.kind is kind


def test_a_home_directory_in_front_is_meant():
    assert str(Path.home()) in source(token_file=Path("~/token")).facts.origin


def test_the_keyring_holds_the_secret_of_a_client_id():
    assert source(client_id="acme", keyring_name="prod").facts.kind is TokenKind.CLIENT_CREDENTIALS


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "no access token; set KIBO_ACCESS_TOKEN, or pass --token-file PATH, or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET"),
        ({"client_id": "acme"}, "no access token: KIBO_CLIENT_ID is set but KIBO_SHARED_SECRET is not; set it too"),
        ({"shared_secret": SecretStr("canary")}, "no access token: KIBO_SHARED_SECRET is set but KIBO_CLIENT_ID is not; set it too"),
    ],
    ids=["nothing", "id-alone", "secret-alone"],
)
def test_what_is_missing_is_said(settings, words):
    with pytest.raises(Unauthorised, match=words):
        source(**settings).check()


def test_no_representation_shows_a_secret():
    assert "canary" not in repr(CredentialSettings(**WAYS))
