import json
import stat
from pathlib import Path

import pytest

from tui.settings.profiles import KEYS, file_text, parse, profile_text
from tui.settings.values import SettingValue


@pytest.fixture
def config(bare, tmp_path):
    return tmp_path / ".config" / "jobdeck" / "config.toml"


@pytest.fixture
def written(config):
    """Puts a file where the configuration is looked for."""

    def write(text, mode=0o600):
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(text)
        config.chmod(mode)

    return write


def test_init_makes_a_commented_file_for_its_owner_alone(jobdeck, bare, config):
    result = jobdeck(
        "config", "init", "--profile", "prod", "--tenant", "4711", "--env", "tp1", "--production", env=bare
    )

    assert (result.returncode, result.stderr) == (0, "")
    assert str(config) in result.stdout
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert "# token_command = " in config.read_text()
    assert jobdeck("config", "show", env=bare).returncode == 0


def test_init_adds_a_profile_and_changes_nothing_else(jobdeck, bare, config, written):
    written('# mine\ndefault_profile = "a"\n[profiles.a]\napi_host = "a.example"\n')

    result = jobdeck("config", "init", "--profile", "b.c", "--api-host", "b.example", "--keyring", env=bare)

    assert result.returncode == 0
    assert "the default profile is still a" in result.stderr
    assert config.read_text().startswith(
        '# mine\ndefault_profile = "a"\n[profiles.a]\napi_host = "a.example"\n\n[profiles."b.c"]\n'
    )
    assert "b.example" in jobdeck("config", "show", "--profile", "b.c", env=bare).stdout


def test_a_path_is_meant_from_where_it_was_told(jobdeck, bare, tmp_path, config):
    jobdeck("config", "init", "--api-host", "a.example", "--token-file", "here.token", env=bare)

    assert parse(config.read_bytes(), config).profile(None).raw["token_file"].text.endswith("/here.token")
    assert not parse(config.read_bytes(), config).profile(None).raw["token_file"].text.startswith(str(config.parent))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "jobdeck: no terminal for prompts; give options"),
        (["--profile", "a/b", "--api-host", "x"], "jobdeck: --profile 'a/b' is no name for a profile"),
        (["--api-host", "http://x.example"], "jobdeck: api_host of profile default 'http://x.example' uses http"),
        (["--site", "5"], "jobdeck: site of profile default is set but tenant is not; set it too, or api_host\n"),
    ],
)
def test_init_writes_nothing_that_would_not_work(jobdeck, bare, config, arguments, message):
    result = jobdeck("config", "init", *arguments, env=bare)

    assert result.returncode == 2
    assert result.stderr.startswith(message)
    assert not config.exists()


def test_init_writes_a_tenant_alone_whose_address_is_asked_for(jobdeck, bare, config):
    result = jobdeck("config", "init", "--tenant", "5", "--client-id", "me", env=bare)

    assert (result.returncode, result.stderr) == (0, "")
    rows = json.loads(jobdeck("config", "show", "-o", "json", env=bare).stdout)
    assert rows[0] == {
        "name": "API",
        "value": "asked of home.mozu.com at the first request",
        "origin": "domain of tenant 5, by tenant of profile default",
    }


def test_init_keeps_the_place_of_the_environment_and_says_so(jobdeck, bare, config):
    env = {
        **bare,
        "KIBO_TENANT": "4711",
        "KIBO_API_ENV": "sb",
        "KIBO_CLIENT_ID": "me",
        "KIBO_SHARED_SECRET": "canary-secret",
    }

    result = jobdeck("config", "init", env=env)

    told = {name: given.text for name, given in parse(config.read_bytes(), config).profile(None).raw.items()}
    assert result.returncode == 0
    assert told == {"tenant": "4711", "env": "sb", "client_id": "me"}
    assert (
        result.stderr
        == "jobdeck: note: the profile stores the current values of KIBO_TENANT, KIBO_API_ENV, KIBO_CLIENT_ID\n"
    )
    assert "canary" not in config.read_text()


def test_init_says_in_the_singular_what_it_keeps_and_nothing_where_it_refuses(jobdeck, bare, config):
    refused = jobdeck("config", "init", env={**bare, "KIBO_API_HOST": "http://a.example"})
    kept = jobdeck("config", "init", env={**bare, "KIBO_API_HOST": "a.example"})

    assert (refused.returncode, refused.stderr.count("\n"), "keeps" in refused.stderr) == (2, 1, False)
    assert kept.stderr == "jobdeck: note: the profile stores the current value of KIBO_API_HOST\n"


def test_init_calls_the_profile_as_the_environment_does(jobdeck, bare, config):
    jobdeck("config", "init", "--api-host", "a.example", env={**bare, "JOBDECK_PROFILE": "mine"})

    assert parse(config.read_bytes(), config).default_profile == "mine"


def test_init_overwrites_no_profile(jobdeck, bare, config, written):
    written('[profiles.a]\napi_host = "a.example"\n')

    result = jobdeck("config", "init", "--profile", "a", "--api-host", "b.example", env=bare)

    assert result.returncode == 2
    assert "profile a already exists in " in result.stderr
    assert "b.example" not in config.read_text()


def test_init_leaves_alone_what_takes_no_table_at_its_end(jobdeck, bare, config, written):
    written('profiles = { a = { api_host = "a.example" } }\n')

    result = jobdeck("config", "init", "--profile", "b", "--api-host", "b.example", env=bare)

    assert result.returncode == 2
    assert "cannot be extended by another profile" in result.stderr
    assert config.read_text() == 'profiles = { a = { api_host = "a.example" } }\n'


def test_path_survives_a_home_that_no_file_system_takes(jobdeck, bare):
    result = jobdeck("config", "path", env={**bare, "XDG_CONFIG_HOME": "/" + "x" * 5000})

    assert result.returncode == 2
    assert result.stderr.endswith("xxx/jobdeck/config.toml cannot be read: file name too long; correct it\n")
    assert len(result.stdout.splitlines()) == 3


def test_show_tells_origins_and_masks_secrets(jobdeck, bare, written):
    written(
        'default_profile = "a"\n[profiles.a]\napi_host = "a.example"\ninterval = 7\ntoken_command = ["vault", "canary-argument"]\n'
    )
    env = {**bare, "KIBO_ACCESS_TOKEN": "canary-token", "KIBO_SHARED_SECRET": "canary-secret", "JOBDECK_MAX_RATE": "30"}

    result = jobdeck("config", "show", "--read-timeout", "3", "-o", "json", env=env)

    rows = {row["name"]: (row["value"], row["origin"]) for row in json.loads(result.stdout)}
    assert rows["token_command"] == ("vault …", "token_command of profile a")
    assert rows["access"] == ("KIBO_ACCESS_TOKEN", "derived from KIBO_ACCESS_TOKEN")
    assert rows["KIBO_SHARED_SECRET"] == ("(set, not shown)", "environment")
    assert "canary" not in result.stdout + result.stderr


def test_show_has_the_types_of_json_and_an_origin_for_all(jobdeck, bare, written):
    written('default_profile = "a"\n[profiles.a]\ntenant = 4711\nenv = "sb"\ninterval = 7\nkeyring = true\n')

    result = jobdeck("config", "show", "--read-timeout", "3", "-o", "json", env={**bare, "JOBDECK_MAX_RATE": "2/s"})

    rows = {row["name"]: (row["value"], row["origin"]) for row in json.loads(result.stdout)}
    assert rows["API"] == ("https://t4711.sb.mozu.com/api", "derived from tenant of profile a, env of profile a")
    assert rows["token call"] == ("https://home.mozu.com", "derived from the API")
    assert rows["access"] == ("keyring", "derived from keyring of profile a")
    assert rows["profile"] == ("a", "default_profile")
    assert rows["tenant"] == ("4711", "tenant of profile a")
    assert rows["interval"] == (7.0, "interval of profile a")
    assert rows["max_rate"] == (120, "JOBDECK_MAX_RATE")
    assert rows["read_timeout"] == (3.0, "--read-timeout")
    assert rows["connect_timeout"] == (5.0, "default")
    assert rows["keyring"] == (True, "keyring of profile a")
    assert rows["demo"] == (False, "default")
    assert rows["ascii"] == rows["token_file"] == (None, "default")
    assert rows["KIBO_ACCESS_TOKEN"] == (None, None)


@pytest.mark.parametrize("told", ["30", "30/min"])
def test_show_names_the_unit_of_the_rate(jobdeck, bare, told):
    result = jobdeck("config", "show", "--api-host", "x.example", "--max-rate", told, env=bare)

    assert [line.split() for line in result.stdout.splitlines() if line.startswith("max_rate")] == [
        ["max_rate", "30/min", "--max-rate"]
    ]


@pytest.mark.parametrize(
    ("options", "name", "row"),
    [
        (
            ["--api-host", "x.example", "--auth-host", "y.example"],
            "API",
            ("https://x.example/api", "derived from --api-host"),
        ),
        (
            ["--api-host", "x.example", "--auth-host", "y.example"],
            "token call",
            ("https://y.example", "derived from --auth-host"),
        ),
        (["--api-host", "x.example"], "access", ("none", None)),
        (["--api-host", "x.example"], "interval", ("auto", "default")),
        (["--api-host", "x.example"], "max_rate", (None, "default")),
        (["--api-host", "x.example", "--ascii"], "ascii", (True, "--ascii")),
        (["--demo"], "access", ("the simulator's", "derived from --demo")),
    ],
    ids=str,
)
def test_show_derives_from_what_was_told(jobdeck, bare, options, name, row):
    rows = json.loads(jobdeck("config", "show", *options, "-o", "json", env=bare).stdout)

    assert [(found["value"], found["origin"]) for found in rows if found["name"] == name] == [row]


def test_show_says_when_a_profile_s_credentials_are_not_used(jobdeck, bare, written):
    written('default_profile = "a"\n[profiles.a]\napi_host = "a.example"\ntoken_file = "t"\n')

    result = jobdeck("config", "show", env={**bare, "KIBO_API_HOST": "b.example"})

    assert "the credentials of profile a are not used" in result.stderr


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        ("[profiles.a]\n", 0o620, "can be written by other users"),
        ("[profiles.a]\n", 0o602, "can be written by other users"),
        ("a =\n", 0o600, "is no TOML (line 1"),
        ("[profiles.a]\n" * 100_000, 0o600, "is larger than 1 MB"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_guessed(jobdeck, bare, written, text, mode, message):
    written(text, mode)

    result = jobdeck("get", "1", env={**bare, "KIBO_API_HOST": "x.example"})

    assert result.returncode == 2
    assert f"config.toml {message}" in result.stderr


def test_a_folder_in_the_file_s_place_is_named(jobdeck, bare, config):
    config.mkdir(parents=True)

    assert "is not a regular file" in jobdeck("get", "1", env={**bare, "KIBO_API_HOST": "x.example"}).stderr


def test_the_demo_asks_nobody_else(jobdeck, environ, faults):
    result = jobdeck("get", "884204", "--demo", "--api-host", environ["KIBO_API_HOST"])

    assert (result.returncode, faults.requests) == (0, 0)
    assert (
        result.stderr
        == "jobdeck: note: --demo asks a simulator of its own, without --api-host; leave one of them out\n"
    )


def test_the_demo_reads_no_file(jobdeck, bare, written):
    written("nonsense")

    assert jobdeck("get", "884204", "--demo", env=bare).returncode == 0


def test_a_profile_is_all_that_a_command_needs(jobdeck, environ, written, tmp_path):
    (tmp_path / "token").write_text(environ.pop("KIBO_ACCESS_TOKEN"))
    (tmp_path / "token").chmod(0o600)
    written(f'[profiles.sim]\napi_host = "{environ.pop("KIBO_API_HOST")}"\ntoken_file = "../../token"\n')

    assert jobdeck("get", "1", "--profile", "sim", env=environ).returncode == 0
    assert jobdeck("get", "1", env={**environ, "JOBDECK_PROFILE": "sim"}).returncode == 0


def test_a_misspelt_profile_is_named(jobdeck, bare, written):
    written('[profiles.prod]\napi_host = "a.example"\n')

    result = jobdeck("get", "1", "--profile", "prdo", env=bare)

    assert (result.returncode, result.stderr.endswith("; did you mean prod?\n")) == (2, True)


def test_path_says_where_things_live(jobdeck, bare, config):
    assert str(config) in jobdeck("config", "path", env=bare).stdout


def paths(result):
    return {line[:13].strip(): line[15:] for line in result.stdout.splitlines()}


def test_path_shows_the_files_that_settings_name(jobdeck, bare, written, tmp_path):
    written('[profiles.a]\napi_host = "a.example"\nca_file = "ca.pem"\ntoken_file = "below"\n')
    (tmp_path / "t").touch()

    result = jobdeck(
        "config", "path", "--profile", "a", "--token-file", "~/t", env={**bare, "JOBDECK_LOG_FILE": "/var/x.log"}
    )

    shown = paths(result)
    assert (result.returncode, result.stderr) == (0, "")
    assert shown["token file"] == str(tmp_path / "t")
    assert shown["CA file"] == f"{tmp_path}/.config/jobdeck/ca.pem  (none yet)"
    assert shown["log file"] == "/var/x.log  (none yet)"


def test_path_takes_the_options_before_it_and_names_no_file_of_another_place(jobdeck, bare, written):
    written('[profiles.a]\napi_host = "a.example"\ntoken_file = "t"\nlog_file = "l"\n')

    shown = paths(jobdeck("--profile", "a", "--api-host", "b.example", "config", "path", env=bare))

    assert ("token file" in shown, "log file" in shown) == (False, True)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("nonsense", []),
        ('[profiles.a]\napi_hots = "x"\n', ["--profile", "a"]),
        ('[profiles.a]\napi_host = "http://x.example"\n', ["--profile", "a"]),
        ("[profiles.a]\n", ["--profile", "b"]),
    ],
    ids=["no TOML", "key", "value", "profile"],
)
def test_path_shows_what_it_can_where_the_configuration_is_wrong(jobdeck, bare, config, written, text, options):
    written(text)

    result = jobdeck("config", "path", "--token-file", "/t", "--api-host", "y.example", *options, env=bare)

    assert result.returncode == 2
    assert result.stderr.startswith("jobdeck: ")
    assert (paths(result)["configuration"], paths(result)["token file"]) == (str(config), "/t  (none yet)")


def test_config_alone_shows_its_help(jobdeck, bare):
    result = jobdeck("config", env=bare)

    assert (result.returncode, result.stderr.startswith("Usage: jobdeck config")) == (2, True)


def test_a_written_file_names_every_key_once():
    lines = file_text("a", {"tenant": "1", "env": "sb"}).splitlines()

    keys = [line.lstrip("# ").partition(" = ")[0] for line in lines if " = " in line]
    assert sorted(keys) == sorted(("default_profile", *KEYS))


def test_what_is_written_is_read_back():
    values = {"api_host": 'x"\\y', "token_command": ("a b", "'"), "production": True}

    profile = parse(profile_text("n", values).encode(), Path("/c")).profile(SettingValue("--profile", "n"))

    assert {name: given.text for name, given in profile.raw.items()} == {
        "api_host": 'x"\\y',
        "token_command": "'a b' ''\"'\"''",
        "production": "1",
    }
