"""A profile's credentials must reach no host but its own."""

from pathlib import Path

import pytest

from tui.core.errors import ConfigError
from tui.settings.credentials import TokenFile
from tui.settings.profile_scope import env_defaults
from tui.settings.profiles import parse
from tui.settings.resolve import resolve
from tui.settings.schema import from_options_and_env

OWN = b"""
[profiles.own]
tenant = 4711
site = 1
env = "tp1"
production = true
token_file = "/run/token"
auth_host = "auth.example"
interval = 9
"""
OWN_FILE = TokenFile(Path("/run/token"), "token_file of profile own")


def profile(text=OWN):
    file = parse(text, Path("/c/config.toml"))
    return file.profile(None) or file._read("own")


def test_a_profile_stands_for_what_was_not_told_otherwise():
    settings = resolve({"interval": "3"}, {"JOBDECK_CONNECT_TIMEOUT": "2"}, profile())

    assert settings.api_base == "https://t4711-s1.tp1.mozu.com/api"
    assert (settings.interval_s, settings.connect_timeout_s) == (3, 2)
    assert (settings.profile, settings.is_production, settings.auth_base) == ("own", True, "https://auth.example")
    assert settings.credential == OWN_FILE


@pytest.mark.parametrize(
    ("options", "environ", "base"),
    [
        ({"api_host": "t9.tp1.mozu.com"}, {}, "https://t9.tp1.mozu.com/api"),
        ({}, {"KIBO_API_HOST": "evil.example"}, "https://evil.example/api"),
        ({}, {"KIBO_TENANT": "9", "KIBO_API_ENV": "sb"}, "https://t9.sb.mozu.com/api"),
        ({"tenant": "9"}, {}, "https://t9-s1.tp1.mozu.com/api"),
        ({"env": "sandbox"}, {}, "https://t4711-s1.sandbox.mozu.com/api"),
        ({"api_host": "http://t4711.tp1.mozu.com", "insecure_http": "1"}, {}, "http://t4711.tp1.mozu.com/api"),
    ],
)
def test_another_place_gets_no_credential(options, environ, base):
    settings = resolve(options, environ, profile())

    assert settings.api_base == base
    assert (settings.credential, settings.is_production) == (None, False)
    assert settings.auth_base == "https://home.mozu.com"
    assert settings.interval_s == 9
    assert settings.note is not None
    assert "the credentials of profile own are not used" in settings.note


@pytest.mark.parametrize(
    ("options", "environ", "cause"),
    [
        (
            {"region": "usc1"},
            {"KIBO_TENANT": "5", "KIBO_SITE": "3"},
            "KIBO_TENANT, KIBO_SITE, --region name t5-s3.tp1.usc1.kibocommerce.com, ",
        ),
        ({"tenant": "9"}, {}, "--tenant names t9-s1.tp1.mozu.com, "),
        ({"api_host": "x.example"}, {"KIBO_SITE": "3"}, "--api-host names x.example, "),
    ],
)
def test_the_note_names_what_was_told_beside_the_profile(options, environ, cause):
    assert str(resolve(options, environ, profile()).note).startswith(cause)


def test_a_variable_of_other_tools_names_no_other_place_than_a_profile():
    settings = resolve({}, {"KIBO_TENANT_ID": "9", "KIBO_SITE_ID": "9"}, profile())

    assert (settings.api_base, settings.credential, settings.note) == (
        "https://t4711-s1.tp1.mozu.com/api",
        OWN_FILE,
        None,
    )


def test_a_variable_of_other_tools_names_the_place_of_a_profile_without_one():
    settings = resolve({}, {"KIBO_TENANT_ID": "9"}, profile(b'[profiles.own]\nenv = "sb"\ntoken_file = "/run/token"\n'))

    assert (settings.api_base, settings.credential) == ("https://t9.sb.mozu.com/api", OWN_FILE)


@pytest.mark.parametrize("access", [b"", b"keyring = false"])
def test_nothing_is_said_of_credentials_that_a_profile_does_not_have(access):
    assert (
        resolve({"api_host": "x.example"}, {}, profile(b'[profiles.own]\ntenant = 1\nenv = "sb"\n' + access)).note
        is None
    )


@pytest.mark.parametrize(
    "options", [{"site": "2"}, {"api_host": "t4711-s2.tp1.mozu.com"}, {"api_host": "https://T4711.tp1.mozu.com/api"}]
)
def test_another_site_of_the_same_tenant_gets_them(options):
    settings = resolve(options, {}, profile())

    assert (settings.credential, settings.is_production, settings.note) == (OWN_FILE, True, None)


@pytest.mark.parametrize(
    ("options", "environ"), [({"auth_host": "evil.example"}, {}), ({}, {"KIBO_AUTH_HOST": "http://127.0.0.1:8765"})]
)
def test_another_auth_host_gets_no_secret_of_the_profile_s_client(options, environ):
    client = profile(b'[profiles.own]\napi_host = "t4711.tp1.mozu.com"\nclient_id = "acme"\nkeyring = true\n')

    settings = resolve(options, environ, client)

    assert settings.credential is None
    assert "the credentials of profile own are not used" in str(settings.note)


def test_the_profile_s_own_auth_host_may_be_told_again():
    assert resolve({"auth_host": "https://auth.example"}, {}, profile()).note is None


def test_http_that_a_profile_allows_is_allowed_at_its_own_place_alone():
    loose = profile(b'[profiles.own]\napi_host = "http://lab.example"\ninsecure_http = true\n')

    assert resolve({}, {}, loose).api_base == "http://lab.example/api"
    with pytest.raises(ConfigError, match="uses http"):
        resolve({"api_host": "http://other.example"}, {}, loose)


@pytest.mark.parametrize("environ", [{"KIBO_ACCESS_TOKEN": "x"}, {"JOBDECK_TOKEN_COMMAND": "c"}])
def test_nothing_is_said_of_credentials_that_nobody_misses(environ):
    assert resolve({"api_host": "t9.tp1.mozu.com"}, environ, profile()).note is None


def test_a_profile_without_a_place_lends_all_it_has():
    settings = resolve({"api_host": "x.example"}, {}, profile(b'[profiles.own]\ntoken_file = "t"\n'))

    assert (settings.credential, settings.note) == (TokenFile(Path("/c/t"), "token_file of profile own"), None)


ENVIRONMENT = {
    "KIBO_TENANT": "9",
    "KIBO_SITE": "2",
    "KIBO_API_ENV": "sb",
    "KIBO_CLIENT_ID": "c",
    "JOBDECK_INTERVAL": "7",
}
HOST = {"KIBO_API_HOST": "t9.sb.mozu.com", "JOBDECK_TOKEN_FILE": "t"}


@pytest.mark.parametrize(
    ("options", "environ", "taken"),
    [
        ({}, ENVIRONMENT, {"tenant", "site", "env", "client_id"}),
        ({"token_file": "t"}, ENVIRONMENT, {"tenant", "site", "env"}),
        ({"tenant": "5"}, ENVIRONMENT, {"site", "env", "client_id"}),
        ({"tenant": "5", "env": "tp1"}, ENVIRONMENT, set()),
        ({"api_host": "a.example"}, ENVIRONMENT, set()),
        ({}, HOST, {"api_host", "token_file"}),
        ({"env": "tp1"}, HOST | {"KIBO_TENANT": "9"}, {"tenant", "token_file"}),
        ({"tenant": "5"}, HOST, set()),
        ({"tenant": "5"}, {"KIBO_CLIENT_ID": "c"}, {"client_id"}),
        ({}, {"KIBO_TENANT": "9", "KIBO_CLIENT_ID": "c"}, {"tenant", "client_id"}),
        ({"interval": "5"}, {}, set()),
    ],
)
def test_a_new_profile_takes_the_environment_s_place_where_the_options_name_none(options, environ, taken):
    assert set(env_defaults(from_options_and_env({}, environ), from_options_and_env(options, {}))) == taken


TENANT_ALONE = b"""
[profiles.own]
tenant = 4711
production = true
token_file = "/run/token"
"""


@pytest.mark.parametrize(
    ("options", "environ", "base"),
    [
        ({}, {}, "https://t4711.sandbox.mozu.com/api"),
        ({"env": "tp1"}, {}, "https://t4711.tp1.mozu.com/api"),
        ({"env": "sb", "region": "euw1"}, {}, "https://t4711.sb.euw1.kibocommerce.com/api"),
        ({}, {"KIBO_TENANT": "4711", "KIBO_SITE": "5"}, "https://t4711-s5.sandbox.mozu.com/api"),
        ({"api_host": "t4711-s5.tp2.mozu.com"}, {}, "https://t4711-s5.tp2.mozu.com/api"),
    ],
)
def test_a_profile_with_a_tenant_alone_lends_to_that_tenants_own_hosts(options, environ, base):
    settings = resolve(options, environ, profile(TENANT_ALONE))

    assert (settings.api_base, settings.note) == (base, None)
    assert (settings.credential, settings.is_production) == (OWN_FILE, True)


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"tenant": "9"}, "--tenant names t9.sandbox.mozu.com, "),
        ({"api_host": "x.example"}, "--api-host names x.example, "),
        ({"api_host": "t9.tp1.mozu.com", "tenant": "9"}, "--api-host names t9.tp1.mozu.com, "),
        ({"api_host": "t4711.evil.example"}, "--api-host names t4711.evil.example, "),
        ({"auth_host": "auth.example"}, "--auth-host names auth.example, "),
    ],
)
def test_a_profile_with_a_tenant_alone_lends_to_no_other_place(options, cause):
    settings = resolve(options, {}, profile(TENANT_ALONE))

    assert (settings.credential, settings.is_production) == (None, False)
    assert str(settings.note).startswith(cause)


def test_the_demo_uses_no_profile():
    settings = resolve({"demo": "1"}, {"KIBO_CLIENT_ID": "x"}, profile())

    assert (settings.environment, settings.profile, settings.credential) == ("demo", None, None)


@pytest.mark.parametrize(
    ("told", "auth_base"),
    [
        ({"api_host": "t1.tp1.mozu.com"}, "https://home.mozu.com"),
        ({"api_host": "t1.tp1.euw1.kibocommerce.com"}, "https://home.euw1.kibocommerce.com"),
        ({"api_host": "t1.tp1.usc1.kibocommerce.com"}, "https://home.mozu.com"),
        ({"api_host": "http://127.0.0.1:8765"}, "http://127.0.0.1:8765"),
        ({"api_host": "t1.tp1.mozu.com", "auth_host": "http://[::1]:9"}, "http://[::1]:9"),
        ({"api_host": "t1.tp1.mozu.com", "auth_host": "https://a.example/"}, "https://a.example"),
    ],
)
def test_where_the_token_call_goes(told, auth_base):
    assert resolve(told, {}).auth_base == auth_base


@pytest.mark.parametrize(
    ("auth_host", "message"),
    [
        ("http://a.example", "--auth-host 'http://a.example' uses http"),
        ("a.example/x", "--auth-host 'a.example/x' holds a path"),
        ("u:hunter2@a.example", "--auth-host '…@a.example' holds a user name"),
    ],
)
def test_a_bad_auth_host_is_named(auth_host, message):
    with pytest.raises(ConfigError) as caught:
        resolve({"api_host": "x.example", "auth_host": auth_host}, {})

    assert str(caught.value).startswith(message)
