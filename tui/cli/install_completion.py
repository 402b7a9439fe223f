"""`jobdeck --install-completion`: writes the completion script where the shell finds it.

It changes only its own files, except that it appends a block to zsh's.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tui.cli.shell_completion import SCRIPTS, script
from tui.core.errors import ConfigError
from tui.core.files import replace_file
from tui.core.text import one_line

OURS = "jobdeck --install-completion"
"""Marks each script that jobdeck wrote."""

BEGIN, END = "# >>> jobdeck completion >>>", "# <<< jobdeck completion <<<"

BASH_COMPLETION = (
    "/usr/share/bash-completion/bash_completion",
    "/usr/local/share/bash-completion/bash_completion",
    "/opt/homebrew/share/bash-completion/bash_completion",
    "/etc/profile.d/bash_completion.sh",
)
"""Paths of the package that loads completion scripts for bash."""

_SLOWEST_BASH_S = 10


def install(shell: str | None, environ: Mapping[str, str]) -> str:
    """Install the script and return a message: the path, and the next step.

    Args:
        shell: A shell in SCRIPTS; None for the one in the variable SHELL.
        environ: The environment of the process.

    Raises:
        ConfigError: The shell is unknown or too old, or a file cannot be written.
    """
    name = known_shell(shell, environ)
    if name == "bash":
        _check_bash()
    file = script_file(name, environ)
    _put(file, script(name))
    return f"completion for {name} is in {one_line(str(file))}\n{_next_step(name, file, environ)}\n"


def known_shell(requested: str | None, environ: Mapping[str, str]) -> str:
    """Return the name of the shell.

    Raises:
        ConfigError: There is no script for it.
    """
    name = Path(environ.get("SHELL", "")).name if requested is None else requested
    if name not in SCRIPTS:
        what = (
            f"--install-completion '{one_line(name)[:40]}'"
            if requested is not None
            else f"SHELL '{one_line(name)[:40]}'"
        )
        raise ConfigError(
            f"{what} is not a shell with completion", "give bash, zsh or fish: jobdeck --install-completion bash"
        )
    return name


def script_file(shell: str, environ: Mapping[str, str]) -> Path:
    """Return the path where the shell finds the script; for zsh, a folder of jobdeck."""
    if shell == "fish":
        return _base(environ, "XDG_CONFIG_HOME", ".config") / "fish" / "completions" / SCRIPTS[shell]
    if shell == "zsh":
        return _base(environ, "XDG_DATA_HOME", ".local/share") / "jobdeck" / "zsh" / SCRIPTS[shell]
    own = environ.get("BASH_COMPLETION_USER_DIR", "").partition(":")[0]
    folder = Path(own) if own else _base(environ, "XDG_DATA_HOME", ".local/share") / "bash-completion"
    return folder / "completions" / "jobdeck"


def is_too_old(version: str) -> bool:
    """Return whether bash of this version (`5.2.15(1)-release`) is too old for the script; False if the version is
    invalid.
    """
    number = re.match(r"(\d+)\.(\d+)", version)
    return number is not None and (int(number[1]), int(number[2])) < (4, 4)


def zsh_block(file: Path) -> str:
    """Return the lines that make zsh load the script, whether before or after its completion system starts."""
    return (
        f"{BEGIN}\n"
        f"fpath=({shlex.quote(str(file.parent))} $fpath)\n"
        "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }\n"
        "autoload -Uz _jobdeck && compdef _jobdeck jobdeck\n"
        f"{END}\n"
    )


def _base(environ: Mapping[str, str], variable: str, default: str) -> Path:
    folder = Path(environ.get(variable, ""))
    return folder if folder.is_absolute() else _home(environ) / default


def _home(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("HOME", ""))
    if not home.is_absolute():
        raise ConfigError("HOME is not set to a folder", "set it to yours")
    return home


def _check_bash() -> None:
    """Reject a bash that cannot run the script. A missing bash is accepted."""
    bash = shutil.which("bash")
    if bash is None:
        return
    try:
        result = subprocess.run(  # noqa: S603  # the user's bash
            [bash, "--norc", "--noprofile", "-c", 'echo "$BASH_VERSION"'],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SLOWEST_BASH_S,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    if is_too_old(result.stdout):
        raise ConfigError(
            f"bash {one_line(result.stdout.strip())[:20]} is too old for completion",
            "install 4.4 or newer, or use zsh or fish",
        )


def _put(file: Path, content: str) -> None:
    """Write the script unless it exists. A file from another program stays unchanged."""
    try:
        known = file.read_text(encoding="utf-8", errors="replace") if file.exists() else None
        if known == content:
            return
        if known is not None and OURS not in known:
            raise ConfigError(
                f"{one_line(str(file))} already exists and was not written by jobdeck", "move it away and try again"
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, content.encode())
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ConfigError(
            f"{one_line(str(file))} cannot be written: {reason}", "check the folder, its owner and its disk"
        ) from error


def _next_step(shell: str, file: Path, environ: Mapping[str, str]) -> str:
    try_it = "start a new shell, then press tab after `jobdeck `"
    if shell == "fish":
        return try_it
    if shell == "zsh":
        return f"{_added_to_zshrc(zsh_block(file), environ)}\n{try_it}"
    load = f". {shlex.quote(str(file))}"
    if any(Path(path).exists() for path in BASH_COMPLETION):
        return f"{try_it}; if that does not work, add this line to ~/.bashrc:\n{load}"
    return (
        "bash loads it with the package bash-completion, which is not installed; "
        f"without it, add this line to ~/.bashrc:\n{load}"
    )


def _added_to_zshrc(block: str, environ: Mapping[str, str]) -> str:
    """Append the block to .zshrc, once, and return a message. The file keeps its mode, owner and links."""
    rc = Path(environ.get("ZDOTDIR") or _home(environ)) / ".zshrc"
    shown = one_line(str(rc))
    try:
        known = rc.read_bytes() if rc.exists() else b""
        if block.encode() in known:
            return f"{shown} already loads it"
        if BEGIN.encode() in known:
            return f"{shown} contains an older block of jobdeck; replace it with:\n{block}"
        with rc.open("ab") as file:
            file.write((b"\n" if known and not known.endswith(b"\n") else b"") + block.encode())
    except OSError as error:
        return f"{shown} cannot be changed ({(error.strerror or 'unknown reason').lower()}); add this to it:\n{block}"
    return f"{shown} loads it: added five lines at its end"
