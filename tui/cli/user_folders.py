"""Where the files of this user are, also in a container whose user has no home directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def state_folder() -> Path:
    """Return the folder of sessions and logs, `$XDG_STATE_HOME/jobdeck/`; a relative path if the home directory is
    unknown.
    """
    from platformdirs import user_state_path  # noqa: PLC0415  # --help does not need it

    return _known(user_state_path, "~/.local/state")


def config_folder() -> Path:
    """Return the folder of the configuration, `$XDG_CONFIG_HOME/jobdeck/`; a relative path if the home directory is
    unknown.
    """
    from platformdirs import user_config_path  # noqa: PLC0415  # --help does not need it

    return _known(user_config_path, "~/.config")


def _known(folder: Callable[[str], Path], usual: str) -> Path:
    try:
        return folder("jobdeck")
    except RuntimeError:  # neither HOME nor the system's list of users says it
        return Path(usual) / "jobdeck"
