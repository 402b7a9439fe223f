import pwd
from pathlib import Path

import pytest

from tui.cli.settings_file import write_config
from tui.cli.user_folders import config_folder, state_folder
from tui.core.errors import ConfigError


@pytest.fixture
def homeless(monkeypatch, tmp_path):
    """A user without a home, as in a container that runs under any number."""

    def unknown(_number):
        raise KeyError

    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_places_are_where_the_user_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", f"{tmp_path}/state")
    monkeypatch.setenv("XDG_CONFIG_HOME", f"{tmp_path}/config")

    assert (state_folder(), config_folder()) == (tmp_path / "state" / "jobdeck", tmp_path / "config" / "jobdeck")


def test_a_user_without_a_home_has_places_that_do_not_exist(homeless):
    assert (state_folder(), config_folder()) == (Path("~/.local/state/jobdeck"), Path("~/.config/jobdeck"))


def test_a_configuration_is_not_written_into_a_folder_called_tilde(homeless):
    with pytest.raises(ConfigError, match="there is no home directory; set HOME or XDG_CONFIG_HOME"):
        write_config(config_folder() / "config.toml", b"")

    assert list(homeless.iterdir()) == []
