import os
import traceback
from pathlib import Path

import pytest

from tui.api.credentials import FileToken, FixedToken, NoToken, token_source
from tui.api.errors import Unauthorised
from tui.errors import ConfigError

TOKEN = "eyJhbGciOi.J9.x-y_z"


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text(TOKEN)
    return path


@pytest.mark.parametrize(
    "content",
    [TOKEN, TOKEN + "\n", f" \t{TOKEN}\r\n\r\n", f"Bearer {TOKEN}", f"bearer\t {TOKEN}\n"],
    ids=["bare", "newline", "blanks", "bearer", "lower-bearer"],
)
def test_a_token_is_stripped_of_what_surrounds_it(token_file, content):
    token_file.write_text(content)

    assert FileToken(token_file).token().get_secret_value() == TOKEN
    assert FixedToken(content, origin="X").token().get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "X is empty"),
        (" \n", "X is empty"),
        ("Bearer", "X is empty"),
        ("Bearer \n", "X is empty"),
        ("secret\nvalue", "X: character 7 is a line break"),
        ("secret value", "X: character 7 is a space"),
        ("Bearer secret\0", "X: character 14 is a NUL"),
        ("“secret”", "X: character 1 is not ASCII"),
        ("secret\x1b", "X: character 7 is a control character"),
    ],
)
def test_a_bad_token_is_named_by_source_and_position_alone(content, message):
    with pytest.raises(ConfigError) as caught:
        FixedToken(content, origin="X").token()

    assert str(caught.value).startswith(message)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606, 0o620])
def test_a_file_open_to_others_is_refused(token_file, mode):
    token_file.chmod(mode)

    with pytest.raises(ConfigError, match=rf"token file {token_file} is open to other users \(mode {mode:04o}\); run chmod 600"):
        FileToken(token_file).token()


def test_a_fifo_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "fifo", 0o600)

    with pytest.raises(ConfigError, match="is no regular file"):
        FileToken(tmp_path / "fifo").token()


@pytest.mark.parametrize("path", ["/dev/zero", "/tmp"])
def test_devices_and_folders_are_refused(path):
    with pytest.raises(ConfigError, match=f"token file {path} (is no regular file|cannot be read: is a directory)"):
        token_source(Path(path), {}).token()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone cannot be read: no such file or directory; check --token-file"):
        FileToken(tmp_path / "gone").token()


def test_a_huge_file_is_refused(token_file):
    token_file.write_bytes(b"x" * 65_537)

    with pytest.raises(ConfigError, match="larger than 64 kB"):
        FileToken(token_file).token()


def test_a_symbolic_link_to_a_private_file_is_followed(token_file, tmp_path):
    (tmp_path / "link").symlink_to(token_file)

    assert FileToken(tmp_path / "link").token().get_secret_value() == TOKEN


def test_reload_tells_whether_the_file_changed(token_file):
    source = FileToken(token_file)
    source.token()

    assert source.reload() is False
    token_file.write_text("renewed")
    assert source.reload() is True
    assert source.token().get_secret_value() == "renewed"


def test_a_failed_reload_keeps_the_token_before(token_file):
    source = FileToken(token_file)
    source.token()
    token_file.write_text("")

    with pytest.raises(ConfigError, match="is empty"):
        source.reload()

    assert source.token().get_secret_value() == TOKEN


def test_the_file_wins_over_the_environment(token_file):
    assert token_source(token_file, {"KIBO_ACCESS_TOKEN": "other"}).token().get_secret_value() == TOKEN


def test_the_environment_holds_a_token():
    source = token_source(None, {"KIBO_ACCESS_TOKEN": TOKEN})

    assert source.token().get_secret_value() == TOKEN
    assert source.reload() is False


def test_no_token_is_said_when_it_is_needed():
    source = token_source(None, {})

    assert isinstance(source, NoToken)
    assert source.reload() is False
    with pytest.raises(Unauthorised, match="no access token: set KIBO_ACCESS_TOKEN or pass --token-file PATH"):
        source.token()


def test_no_representation_shows_the_token(token_file):
    file, fixed = FileToken(token_file), FixedToken(TOKEN, origin="X")
    file.token()

    shown = [repr(file), repr(fixed), str(vars(file)), str(vars(fixed)), repr(file.token())]

    assert not any(TOKEN in text for text in shown)


@pytest.mark.parametrize("from_file", [True, False])
def test_a_crash_report_with_local_variables_does_not_show_a_bad_token(token_file, from_file):
    token_file.write_bytes(bytes([115, 101, 99, 114, 101, 116, 10, 120]))
    source = FileToken(token_file) if from_file else FixedToken(token_file.read_text(), origin="X")

    with pytest.raises(ConfigError) as caught:
        source.token()

    report = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "_checked" in report
    assert "secret" not in report.replace("get_secret_value", "")
