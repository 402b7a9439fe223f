from pathlib import Path

import pytest

from tui.core.errors import ConfigError
from tui.doctor.checks import State, configuration
from tui.settings.profiles import parse
from tui.settings.resolve import resolve
from tui.settings.values import SettingValue

FILE = Path("/home/x/config.toml")


def judged(environ, *, toml="", problems=(), options=None):
    profile = parse(toml.encode(), FILE).profile(
        SettingValue("--profile", options["profile"]) if options and "profile" in options else None
    )
    settings = resolve(options or {}, environ, profile)
    return configuration(settings, FILE, has_file=bool(toml), problems=problems, environ=environ)


def test_configuration_tells_profile_file_and_where_the_address_is_from():
    toml = 'default_profile = "prod"\n[profiles.prod]\ntenant = 4711\nenv = "tp1"\nproduction = true\n'

    by_default = judged({}, toml=toml)
    by_option = judged({"KIBO_API_HOST": "t4711.tp1.mozu.com"}, toml=toml, options={"profile": "prod"})

    assert by_default.found == (
        "profile prod (production) of /home/x/config.toml by default_profile; API https://t4711.tp1.mozu.com/api by env of profile prod"
    )
    assert by_option.found.endswith("by --profile; API https://t4711.tp1.mozu.com/api by KIBO_API_HOST")
    assert by_option.state is State.OK


@pytest.mark.parametrize(
    ("environ", "toml", "found"),
    [
        ({"KIBO_API_HOST": "x.test"}, "", "no file /home/x/config.toml; API https://x.test/api by KIBO_API_HOST"),
        (
            {"KIBO_API_HOST": "x.test"},
            "[profiles.a]\n",
            "no profile of /home/x/config.toml; API https://x.test/api by KIBO_API_HOST",
        ),
        ({"JOBDECK_DEMO": "1"}, "", "the demo, which reads no file; a simulator of its own"),
    ],
)
def test_configuration_without_a_profile(environ, toml, found):
    assert judged(environ, toml=toml).found == found


@pytest.mark.parametrize(
    ("environ", "toml", "problems", "found", "remedy"),
    [
        ({"JOBDECK_INTERVALL": "5"}, "", (), "JOBDECK_INTERVALL is not a setting", "did you mean JOBDECK_INTERVAL?"),
        ({"JOBDECK_XYZ": "5"}, "", (), "JOBDECK_XYZ is not a setting", "unset it"),
        (
            {},
            "",
            (ConfigError("profile b has the unknown key 'x'", "known are y"),),
            "profile b has the unknown key 'x'",
            "known are y",
        ),
        (
            {},
            'default_profile = "a"\n[profiles.a]\napi_host = "a.test"\ntoken_file = "t"\n',
            (),
            "KIBO_API_HOST names x.test, so the credentials of profile a are not used",
            "give that address credentials of its own, or unset it",
        ),
    ],
    ids=["misspelt", "unknown", "other profile", "note"],
)
def test_configuration_warns_of_what_is_not_used(environ, toml, problems, found, remedy):
    check = judged({"KIBO_API_HOST": "x.test", **environ}, toml=toml, problems=problems)

    assert check.state is State.WARNING
    assert check.found.endswith(f"; {found}")
    assert (check.remedy, check.fault) == (remedy, None)
