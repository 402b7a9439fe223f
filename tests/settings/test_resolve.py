from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.errors import ConfigError
from tui.settings.address import is_loopback
from tui.settings.explain import explain
from tui.settings.profiles import parse
from tui.settings.resolve import Settings, resolve
from tui.settings.schema import from_options_and_env

HOST = {"KIBO_API_HOST": "t1.sandbox.mozu.com"}


@pytest.mark.parametrize(
    ("host", "base", "environment"),
    [
        ("t123-s456.sandbox.mozu.com", "https://t123-s456.sandbox.mozu.com/api", "sandbox"),
        ("T123.TP1.usc1.kibocommerce.com", "https://t123.tp1.usc1.kibocommerce.com/api", "tp1"),
        ("https://t123.sb.euw1.kibocommerce.com/", "https://t123.sb.euw1.kibocommerce.com/api", "sb"),
        ("https://proxy.example/kibo/", "https://proxy.example/kibo", "proxy.example"),
        ("proxy.example/kibo", "https://proxy.example/kibo", "proxy.example"),
        ("proxy.example:443", "https://proxy.example/api", "proxy.example"),
        ("127.0.0.1:8765", "https://127.0.0.1:8765/api", "127.0.0.1:8765"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765/api", "127.0.0.1:8765"),
        ("http://localhost/", "http://localhost/api", "localhost"),
        ("HTTP://[::1]:80", "http://[::1]/api", "[::1]"),
        (" https://x.example ", "https://x.example/api", "x.example"),
    ],
)
def test_a_host_becomes_a_base(host, base, environment):
    settings = resolve({"api_host": host}, {})

    assert (settings.api_base, settings.environment) == (base, environment)


@pytest.mark.parametrize(
    ("environ", "base"),
    [
        ({"KIBO_TENANT": "123", "KIBO_API_ENV": "sandbox"}, "https://t123.sandbox.mozu.com/api"),
        ({"KIBO_TENANT": "t123", "KIBO_SITE": "S456", "KIBO_API_ENV": "TP2"}, "https://t123-s456.tp2.mozu.com/api"),
        (
            {"KIBO_TENANT": "123", "KIBO_API_ENV": "sb", "KIBO_REGION": "euw1"},
            "https://t123.sb.euw1.kibocommerce.com/api",
        ),
    ],
)
def test_tenant_and_environment_make_a_base(environ, base):
    assert resolve({}, environ).api_base == base


def test_tenant_and_site_are_read_from_the_host():
    settings = resolve({"api_host": "t123-s456.sandbox.mozu.com"}, {})

    assert (settings.tenant, settings.site) == ("123", "456")


@pytest.mark.parametrize("environ", [{"KIBO_TENANT": "9"}, {"KIBO_SITE": "9"}])
def test_a_tenant_or_site_that_contradicts_the_host_is_refused(environ):
    with pytest.raises(ConfigError, match=r"^KIBO_(TENANT|SITE) '9' contradicts the API host"):
        resolve({"api_host": "t123-s456.sandbox.mozu.com"}, environ)


@pytest.mark.parametrize(
    ("environ", "base", "auth_base"),
    [
        ({}, "https://t4711.sandbox.mozu.com/api", "https://home.mozu.com"),
        ({"KIBO_SITE": "5"}, "https://t4711-s5.sandbox.mozu.com/api", "https://home.mozu.com"),
        ({"KIBO_REGION": "us"}, "https://t4711.sandbox.mozu.com/api", "https://home.mozu.com"),
        ({"KIBO_REGION": "usc1"}, "https://t4711.sandbox.mozu.com/api", "https://home.mozu.com"),
        ({"KIBO_REGION": "euw1"}, "https://t4711.sb.euw1.kibocommerce.com/api", "https://home.euw1.kibocommerce.com"),
        ({"KIBO_REGION": "EUW0"}, "https://t4711.sb.euw0.kibocommerce.com/api", "https://home.euw1.kibocommerce.com"),
        ({"KIBO_AUTH_HOST": "auth.example/"}, "https://t4711.sandbox.mozu.com/api", "https://auth.example"),
    ],
    ids=str,
)
def test_a_tenant_alone_has_the_auth_host_asked_and_the_sdks_default(environ, base, auth_base):
    settings = resolve({}, {"KIBO_TENANT": "4711", **environ})

    assert settings.is_host_looked_up
    assert (settings.api_base, settings.auth_base, settings.environment) == (base, auth_base, "t4711")


@pytest.mark.parametrize(
    "environ",
    [
        {"KIBO_API_ENV": "sb"},
        {"KIBO_API_HOST": "t4711.sb.mozu.com"},
        {"KIBO_API_HOST": "proxy.example", "KIBO_REGION": "us"},
    ],
    ids=str,
)
def test_an_address_that_is_set_is_not_asked_for(environ):
    assert not resolve({}, {"KIBO_TENANT": "4711", **environ}).is_host_looked_up


@pytest.mark.parametrize(
    ("environ", "base", "remarks"),
    [
        (
            {"KIBO_API_ENV": "tp0"},
            "https://t1.tp0.mozu.com/api",
            ["KIBO_API_ENV 'tp0' is used, though it is in no list of Kibo's environments"],
        ),
        (
            {"KIBO_API_ENV": "sandbx"},
            "https://t1.sandbx.mozu.com/api",
            [
                "KIBO_API_ENV 'sandbx' is used, though it is in no list of Kibo's environments; did you mean sandbox? known are sandbox, sb, "
            ],
        ),
        ({"KIBO_API_ENV": "TP9"}, "https://t1.tp9.mozu.com/api", ["KIBO_API_ENV 'TP9' is used, "]),
        (
            {"KIBO_API_ENV": "sb", "KIBO_REGION": "euw0"},
            "https://t1.sb.euw0.kibocommerce.com/api",
            ["KIBO_REGION 'euw0' is used, though it is in no list of Kibo's regions"],
        ),
        (
            {"KIBO_API_ENV": "sb", "KIBO_REGION": "usc2"},
            "https://t1.sb.usc2.kibocommerce.com/api",
            ["KIBO_REGION 'usc2' is used, "],
        ),
        (
            {"KIBO_API_ENV": "tp1", "KIBO_REGION": "us"},
            "https://t1.tp1.mozu.com/api",
            ["KIBO_REGION 'us' is ignored: no server is named after it"],
        ),
        ({"KIBO_REGION": "us"}, "https://t1.sandbox.mozu.com/api", ["KIBO_REGION 'us' is ignored"]),
        ({"KIBO_API_ENV": "tp1", "KIBO_REGION": "usc1"}, "https://t1.tp1.usc1.kibocommerce.com/api", []),
        (
            {"KIBO_API_HOST": "t1.sb.mozu.com", "KIBO_API_ENV": "tp0", "KIBO_REGION": "us"},
            "https://t1.sb.mozu.com/api",
            [],
        ),
    ],
    ids=str,
)
def test_a_pod_that_no_list_has_is_used_with_a_remark(environ, base, remarks):
    settings = resolve({}, {"KIBO_TENANT": "1", **environ})

    assert settings.api_base == base
    assert len(settings.remarks) == len(remarks)
    assert all(str(said).startswith(expected) for said, expected in zip(settings.remarks, remarks, strict=True))


@pytest.mark.parametrize("region", ["euw0", "euw4.gcp", "usc1"])
def test_the_pod_is_read_from_hosts_of_any_region(region):
    assert resolve({"api_host": f"t1-s2.tp0.{region}.kibocommerce.com"}, {}).environment == "tp0"


def test_an_option_wins_over_the_environment():
    settings = resolve(
        {"api_host": "a.example", "interval": "7"}, {"KIBO_API_HOST": "b.example", "JOBDECK_INTERVAL": "9"}
    )

    assert (settings.api_base, settings.interval_s) == ("https://a.example/api", 7)


def test_an_environment_asked_by_option_wins_over_a_host_variable():
    settings = resolve({"env": "tp1"}, {"KIBO_API_HOST": "b.example", "KIBO_TENANT": "5"})

    assert settings.api_base == "https://t5.tp1.mozu.com/api"


def test_a_region_alone_makes_no_address():
    assert resolve({"region": "euw1"}, {"KIBO_API_HOST": "b.example"}).api_base == "https://b.example/api"


@pytest.mark.parametrize(
    "told", [{"region": "us-1"}, {"env": "s.b"}, {"env": "1"}, {"region": "euw1.evil.example"}], ids=str
)
@pytest.mark.parametrize(
    "environ", [HOST, {**HOST, "KIBO_TENANT": "1"}, {"KIBO_TENANT": "1"}], ids=["host", "both", "tenant"]
)
def test_what_can_be_no_pod_is_refused_wherever_it_is_set(told, environ):
    (name,) = told
    with pytest.raises(ConfigError, match=rf"^--{name} '.+' is no (region|environment); known are "):
        resolve(told, environ)
    with pytest.raises(ConfigError, match=r"^KIBO_\w+ '.+' is no (region|environment); known are "):
        resolve({}, {**environ, {"region": "KIBO_REGION", "env": "KIBO_API_ENV"}[name]: told[name]})


@pytest.mark.parametrize(
    ("options", "environ", "message"),
    [
        (
            {"env": "sandbox"},
            HOST,
            "--env and KIBO_API_HOST name two addresses; leave one of them out, or set KIBO_TENANT for that of --env",
        ),
        (
            {"region": "euw1"},
            {**HOST, "KIBO_TENANT": "1"},
            "--region and KIBO_API_HOST name two addresses; leave one of them out, or set KIBO_API_ENV for that of --region",
        ),
    ],
    ids=["env", "region"],
)
def test_two_addresses_are_no_missing_one(options, environ, message):
    with pytest.raises(ConfigError) as caught:
        resolve(options, environ)

    assert str(caught.value) == message


ALIASES = {"KIBO_TENANT_ID": "7", "KIBO_SITE_ID": "8"}


@pytest.mark.parametrize(
    ("environ", "tenant", "site"),
    [
        ({"KIBO_API_ENV": "sb"}, ("7", "KIBO_TENANT_ID"), ("8", "KIBO_SITE_ID")),
        ({"KIBO_API_ENV": "sb", "KIBO_TENANT": "1"}, ("1", "KIBO_TENANT"), ("8", "KIBO_SITE_ID")),
        ({"KIBO_API_ENV": "sb", "KIBO_TENANT": " "}, ("7", "KIBO_TENANT_ID"), ("8", "KIBO_SITE_ID")),
        ({"KIBO_API_HOST": "proxy.example"}, ("7", "KIBO_TENANT_ID"), ("8", "KIBO_SITE_ID")),
        ({"KIBO_API_HOST": "t7.sb.mozu.com"}, ("7", "KIBO_TENANT_ID"), ("8", "KIBO_SITE_ID")),
        ({"KIBO_API_HOST": "t7-s9.sb.mozu.com"}, ("7", "KIBO_TENANT_ID"), ("9", None)),
        ({"KIBO_API_HOST": "t1.sb.mozu.com"}, ("1", None), (None, None)),
        ({"KIBO_API_HOST": "t1-s2.sb.mozu.com"}, ("1", None), ("2", None)),
        ({"KIBO_API_HOST": "t1-s2.sb.mozu.com", "KIBO_TENANT_ID": "of mine"}, ("1", None), ("2", None)),
    ],
    ids=str,
)
def test_a_variable_of_other_tools_wins_over_nothing(environ, tenant, site):
    settings = resolve({}, {**ALIASES, **environ})

    origins = [settings.raw[name].origin if name in settings.raw else None for name in ("tenant", "site")]
    assert (settings.tenant, settings.site) == (tenant[0], site[0])
    assert origins == [tenant[1], site[1]]


def test_an_empty_variable_counts_as_unset():
    assert resolve({}, HOST | {"KIBO_SITE": "", "JOBDECK_INTERVAL": ""}).interval_s is None


def test_the_demo_asks_its_own_simulator_whatever_else_is_said():
    """tui/scripts/README.md, Commands: no network."""
    settings = resolve({"demo": "1", "api_host": "t9.tp1.mozu.com", "tenant": "9", "token_file": "t"}, {})

    assert (settings.api_base, settings.tenant, settings.credential) == ("http://127.0.0.1:8765/api", None, None)
    assert (
        settings.note
        == "--demo asks a simulator of its own, without --api-host, --tenant, --token-file; leave one of them out"
    )


def test_the_demo_needs_nothing_and_ignores_the_account():
    settings = resolve({"demo": "1"}, {"KIBO_API_HOST": "t9.tp1.mozu.com", "KIBO_TENANT": "9"})

    assert (settings.is_demo, settings.environment, settings.tenant) == (True, "demo", None)
    assert settings.api_base == "http://127.0.0.1:8765/api"


@pytest.mark.parametrize(
    ("given_interval", "interval_s"),
    [("auto", None), ("0.5", 0.5), ("30", 30), (".75", 0.75), ("30s", 30), ("2m", 120)],
)
def test_interval(given_interval, interval_s):
    assert resolve({"interval": given_interval}, HOST).interval_s == interval_s


def test_timeouts():
    settings = resolve({"connect_timeout": "2", "read_timeout": "7.5"}, HOST)

    assert (settings.connect_timeout_s, settings.read_timeout_s) == (2, 7.5)


@pytest.mark.parametrize("switch", ["1", "true", "YES", "on"])
def test_http_may_leave_the_machine_when_told_so(switch):
    assert (
        resolve({"api_host": "http://x.example"}, {"JOBDECK_INSECURE_HTTP": switch}).api_base == "http://x.example/api"
    )


@pytest.mark.parametrize(
    ("options", "environ", "message"),
    [
        (
            {},
            {"KIBO_API_HOST": "http://x.example"},
            "KIBO_API_HOST 'http://x.example' uses http; only loopback may, or pass --insecure-http",
        ),
        ({"api_host": "http://127.evil.example"}, {}, "--api-host 'http://127.evil.example' uses http"),
        ({"api_host": "http://localhost.evil.example"}, {}, "--api-host 'http://localhost.evil.example' uses http"),
        ({"api_host": "http://0.0.0.0"}, {}, "--api-host 'http://0.0.0.0' uses http"),
        ({"api_host": "x:99999"}, {}, "--api-host 'x:99999' has a bad port"),
        ({"api_host": "x:0"}, {}, "--api-host 'x:0' has a bad port"),
        ({"api_host": "x:1x"}, {}, "--api-host 'x:1x' has a bad port"),
        ({"api_host": "::1"}, {}, "--api-host '::1' "),
        ({"api_host": "http://[::1"}, {}, "--api-host 'http://[::1' "),
        ({"api_host": "ftp://x"}, {}, "--api-host 'ftp://x' has an unknown scheme"),
        ({"api_host": "x.example?a=b"}, {}, "--api-host 'x.example?…' holds a query"),
        ({"api_host": "x.example#"}, {}, "--api-host 'x.example?…' holds a query"),
        ({"api_host": "a b"}, {}, "--api-host 'a b' is no address"),
        ({"api_host": "https://"}, {}, "--api-host 'https://' is no address"),
        ({"api_host": "a" * 64 + ".example"}, {}, "--api-host '"),
        ({"api_host": "x\x1b[2J.example"}, {}, r"--api-host 'x\x1b[2J.example' holds a control"),
        ({"api_host": "x.example\n"}, {}, "--api-host 'x.example ' holds a control"),
        ({"api_host": ""}, {}, "--api-host '' is empty"),
        ({"tenant": "acme", "env": "sb"}, {}, "--tenant 'acme' is no number"),
        ({"tenant": "0", "env": "sb"}, {}, "--tenant '0' is no number"),
        ({"tenant": "\uff11\uff12", "env": "sb"}, {}, "--tenant '\uff11\uff12' is no number"),
        ({"site": "s"}, HOST, "--site 's' is no number"),
        ({}, {"KIBO_TENANT": "1", "KIBO_API_ENV": "s.b"}, "KIBO_API_ENV 's.b' is no environment"),
        ({"region": "us.1"}, {"KIBO_TENANT": "1", "KIBO_API_ENV": "sb"}, "--region 'us.1' is no region"),
        ({"env": "sb"}, {}, "--env is set but KIBO_TENANT is not"),
        ({}, {"KIBO_SITE": "5"}, "KIBO_SITE is set but KIBO_TENANT is not; set it too, or KIBO_API_HOST"),
        ({"token_file": "a\0b"}, HOST, r"--token-file 'a\x00b' holds a control"),
        ({}, HOST | {"JOBDECK_INSECURE_HTTP": "maybe"}, "JOBDECK_INSECURE_HTTP 'maybe' is neither on nor off"),
        ({"connect_timeout": "0"}, HOST, "--connect-timeout '0' is no timeout"),
        ({"read_timeout": "nan"}, HOST, "--read-timeout 'nan' is no timeout"),
    ],
)
def test_a_bad_setting_is_named_with_its_value(options, environ, message):
    with pytest.raises(ConfigError) as caught:
        resolve(options, environ)

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    "interval", ["nan", "inf", "-inf", "-5", "0", "0.49", "1e3", "1_0", "٣", "fast", "Auto ", "999999"]
)
def test_a_bad_interval_is_named(interval):
    with pytest.raises(ConfigError, match=r"^JOBDECK_INTERVAL '.*' is no interval; give auto, or seconds"):
        resolve({}, HOST | {"JOBDECK_INTERVAL": interval})


@pytest.mark.parametrize(
    "host",
    [
        "https://joe:hunter2@x.example",
        "joe:hunter2@x.example",
        "joe:hun/hunter2@x:99999",
        "x.example?k=hunter2",
        "http://hunter2\n@x",
    ],
)
def test_a_secret_in_an_address_is_never_repeated(host):
    with pytest.raises(ConfigError) as caught:
        resolve({"api_host": host}, {})

    assert "hunter2" not in str(caught.value)


def test_nothing_configured_says_what_to_set():
    with pytest.raises(
        ConfigError,
        match=r"^no API configured; set KIBO_TENANT, or KIBO_API_HOST, or run `jobdeck config init`; `jobdeck --demo` needs nothing",
    ):
        resolve({}, {})


def outcome_of(host):
    try:
        return resolve({"api_host": host}, {}).api_base
    except ConfigError as error:
        return str(error)


@given(st.text() | st.from_regex(r"(http://localhost|https://|)[a-z0-9.:/@-]{0,20}", fullmatch=True))
def test_any_host_is_an_address_or_a_safe_error(host):
    outcome = outcome_of(host)

    assert outcome.isprintable()
    assert outcome.startswith(("https://", "http://", "--api-host '"))
    assert not outcome.startswith("http") or outcome_of(outcome) == outcome


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.9", True),
        ("::1", True),
        ("LocalHost", True),
        ("10.0.0.1", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.nip.io", False),
    ],
)
def test_loopback(host, is_local):
    assert is_loopback(host) is is_local


@pytest.mark.parametrize(
    ("max_rate", "per_min"), [("120/min", 120), ("120", 120), ("2/s", 120), ("1/min", 1), ("6000", 6000)]
)
def test_max_rate(max_rate, per_min):
    assert resolve({"max_rate": max_rate}, HOST).max_per_min == per_min


def test_usual_budget_without_a_max_rate():
    assert resolve({}, HOST).max_per_min is None


@pytest.mark.parametrize("max_rate", ["0", "0/min", "-1", "1.5", "6001", "101/s", "fast", "60/h", "60 / min", "٣"])
def test_a_bad_max_rate_is_named(max_rate):
    with pytest.raises(
        ConfigError, match=r"^JOBDECK_MAX_RATE '.*' is no rate; give requests a minute, such as 60/min, from 1 to 6000"
    ):
        resolve({}, HOST | {"JOBDECK_MAX_RATE": max_rate})


# limits and defaults

LIMITS = (
    (
        "interval",
        "interval_s",
        ("auto", "0.5", "86400"),
        ("0.49", "86400.1", "86401"),
        "give auto, or seconds from 0.5 to 86400",
    ),
    ("connect_timeout", "connect_timeout_s", ("0.1", "60"), ("0.09", "60.1", "61"), "give seconds from 0.1 to 60"),
    ("read_timeout", "read_timeout_s", ("0.1", "60"), ("0.09", "60.1", "61"), "give seconds from 0.1 to 60"),
    (
        "max_rate",
        "max_per_min",
        ("1", "6000", "100/s"),
        ("0", "6001", "101/s"),
        "give requests a minute, such as 60/min, from 1 to 6000",
    ),
)
TAKEN = {"auto": None, "100/s": 6000}


@pytest.mark.parametrize(
    ("name", "attribute", "text"), [(name, field, text) for name, field, good, _, _ in LIMITS for text in good]
)
def test_the_limits_of_a_setting_are_taken(name, attribute, text):
    assert getattr(resolve({name: text}, HOST), attribute) == (TAKEN[text] if text in TAKEN else float(text))


@pytest.mark.parametrize(
    ("name", "text", "remedy"), [(name, text, remedy) for name, _, _, bad, remedy in LIMITS for text in bad]
)
def test_what_is_beyond_the_limits_of_a_setting_is_refused_with_them(name, text, remedy):
    with pytest.raises(ConfigError) as caught:
        resolve({name: text}, HOST)

    assert str(caught.value).endswith(f"; {remedy}")


DEFAULTS = {
    "site": None,
    "credential": None,
    "ca_file": None,
    "client_cert": None,
    "client_key": None,
    "interval_s": None,
    "max_per_min": None,
    "connect_timeout_s": 5.0,
    "read_timeout_s": 10.0,
    "insecure_http": False,
    "log_file": None,
    "environment": "sandbox",
    "profile": None,
    "is_production": False,
    "is_ascii": False,
    "has_mouse": True,
    "is_demo": False,
    "note": None,
    "remarks": (),
}


def test_what_is_not_set_has_its_default():
    settings = resolve({}, HOST)

    assert {name: getattr(settings, name) for name in DEFAULTS} == DEFAULTS


def test_settings_have_the_same_defaults_however_they_are_made():
    made = Settings(api_base="https://t1.sandbox.mozu.com/api", environment="sandbox")

    assert {name: getattr(made, name) for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize(
    ("switch", "is_on"),
    [(text, True) for text in ("1", "true", "yes", "on", "ON")]
    + [(text, False) for text in ("0", "false", "no", "off", "Off")],
)
def test_every_word_for_a_switch_is_understood(switch, is_on):
    assert resolve({"ascii": switch}, HOST).is_ascii is is_on


SHOWN_BY_DEFAULT = {
    "profile": None,
    "interval": "auto",
    "max_rate": None,
    "connect_timeout": 5.0,
    "read_timeout": 10.0,
    "insecure_http": False,
    "log_file": None,
    "ascii": None,
    "no_mouse": False,
    "demo": False,
    "production": False,
    "keyring": False,
}


def test_what_is_shown_as_a_default_is_the_default():
    rows = {row.name: row for row in explain(resolve({}, HOST), {})}

    assert {name: rows[name].value for name in SHOWN_BY_DEFAULT} == SHOWN_BY_DEFAULT
    assert {rows[name].origin for name in SHOWN_BY_DEFAULT} == {"default"}
    assert {
        name: rows[name].shown
        for name in ("interval", "max_rate", "connect_timeout", "read_timeout", "ascii", "demo", "log_file")
    } == {
        "interval": "auto",
        "max_rate": "2/s, bursts of 5",
        "connect_timeout": "5",
        "read_timeout": "10",
        "ascii": "by the locale",
        "demo": "off",
        "log_file": "-",
    }


TWO_PROFILES = b"""default_profile = "a"
[profiles.a]
tenant = 1
env = "sb"
[profiles.b]
tenant = 1
env = "sb"
"""


@pytest.mark.parametrize(
    ("options", "environ", "row"),
    [
        ({}, {}, ("a", "default_profile")),
        ({"profile": "b"}, {}, ("b", "--profile")),
        ({}, {"JOBDECK_PROFILE": "b"}, ("b", "JOBDECK_PROFILE")),
    ],
    ids=["default", "option", "variable"],
)
def test_origin_of_the_profile(options, environ, row):
    profile = parse(TWO_PROFILES, Path("/c")).profile(from_options_and_env(options, environ).get("profile"))
    found = next(each for each in explain(resolve(options, environ, profile), environ) if each.name == "profile")

    assert (found.value, found.origin) == row


# the demo


NOT_IN_DEMO = {
    "profile": "p",
    "api_host": "x.example",
    "auth_host": "y.example",
    "tenant": "9",
    "site": "1",
    "env": "sb",
    "region": "usc1",
    "token_file": "t",
    "token_command": "c",
    "client_cert": "x",
    "client_key": "k",
}


@pytest.mark.parametrize("name", NOT_IN_DEMO)
def test_an_option_that_names_another_place_than_the_demo_is_told(name):
    note = resolve({"demo": "1", name: NOT_IN_DEMO[name]}, {}).note

    assert note == f"--demo asks a simulator of its own, without --{name.replace('_', '-')}; leave one of them out"


@pytest.mark.parametrize("name", ["interval", "max_rate", "connect_timeout", "read_timeout"])
def test_an_option_that_holds_in_the_demo_too_is_not_told(name):
    settings = resolve({"demo": "1", name: "7"}, {})

    assert (settings.note, settings.raw[name].text) == (None, "7")


def test_variables_beside_the_demo_are_left_out_in_silence():
    settings = resolve({"demo": "1"}, {"KIBO_API_HOST": "x.example", "KIBO_TENANT_ID": "9", "JOBDECK_TOKEN_FILE": "t"})

    assert (settings.note, set(settings.raw)) == (None, {"api_host", "demo"})


def test_a_variable_that_turns_the_demo_on_is_named_in_its_note():
    note = resolve({"tenant": "9"}, {"JOBDECK_DEMO": "1"}).note

    assert note == "JOBDECK_DEMO asks a simulator of its own, without --tenant; leave one of them out"
