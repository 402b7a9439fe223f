import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from tui.core.redaction import remember
from tui.history.logs import LARGEST_CRASH_LOG, LONGEST_ENTRY, CrashLog, described

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = "canary/5f1d2c=="


def met(message: str) -> Exception:
    with pytest.raises(ZeroDivisionError) as caught:
        raise ZeroDivisionError(message)
    return caught.value


def test_bugs_are_appended_with_their_moment(tmp_path):
    log = CrashLog(tmp_path / "state" / "jobdeck")

    kept = [log.keep(met("first"), at=NOON), log.keep(met("second"), at=NOON)]

    text = log.path.read_text()
    assert kept == [f"details: {log.path}"] * 2
    assert text.index("first") < text.index("second")
    assert text.count("2026-11-24 12:00:00Z") == 2


def test_only_the_owner_may_read_it(tmp_path):
    log = CrashLog(tmp_path / "jobdeck")

    log.keep(met("first"), at=NOON)

    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_log_that_others_could_read_is_closed_to_them(tmp_path):
    log = CrashLog(tmp_path)
    log.path.touch(mode=0o644)

    log.keep(met("first"), at=NOON)

    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_a_full_log_becomes_the_older_one(tmp_path):
    log = CrashLog(tmp_path)
    log.path.write_text("x" * LARGEST_CRASH_LOG)
    log.path.with_name("crash.log.1").write_text("oldest")

    log.keep(met("first"), at=NOON)

    assert log.path.stat().st_size < 10_000
    assert log.path.with_name("crash.log.1").stat().st_size == LARGEST_CRASH_LOG
    assert len(list(tmp_path.iterdir())) == 2


def test_an_endless_message_is_cut_at_both_ends(tmp_path):
    log = CrashLog(tmp_path)

    log.keep(met("begin" + "x" * 5_000_000 + "end"), at=NOON)

    text = log.path.read_text()
    assert len(text) < LONGEST_ENTRY + 1000
    assert "begin" in text
    assert "xend" in text


SECRETS = {
    "known": f"sent {TOKEN} by you",
    "known, quoted": f"sent {TOKEN!r}",
    "known, in a URL": "GET https://x.test/?t=canary%2F5f1d2c%3D%3D",
    "environment": "sent canary-in-the-environment",
    "authorization": "headers {'Authorization': 'Custom canary'}",
    "authorization in bytes": "[(b'authorization', b'Basic canary')]",
    "bearer": "Bearer canary",
    "JWT": "eyJhbGciOi.canary.sig",
    "userinfo": "https://user:canary@proxy.test:3128/",
    "userinfo with an at sign": "https://user:c@canary@proxy.test",
    "named": "client_secret='canary'",
    "named in a header": "x-api-key: canary",
    "named in JSON": '{"access_token": "canary"}',
    "escaped": "\x1b[31mBearer \x1b[0mcanary",
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_no_secret_is_written(tmp_path, monkeypatch, text):
    remember(SecretStr(TOKEN))
    monkeypatch.setenv("SOME_API_KEY", "canary-in-the-environment")
    log = CrashLog(tmp_path)

    log.keep(met(text), at=NOON)

    assert "[secret]" in log.path.read_text()
    assert "canary" not in log.path.read_text() + described(met(text))


def test_a_secret_on_a_cut_is_not_written(tmp_path):
    remember(SecretStr(TOKEN))

    assert not any("canary" in described(met("x" * length + TOKEN)) for length in range(300))


def test_no_value_of_a_variable_is_written(tmp_path):
    log, hidden = CrashLog(tmp_path), str(NOON.timestamp())

    log.keep(met(f"{len(hidden)} characters"), at=NOON)

    assert hidden not in log.path.read_text()


def test_nothing_in_it_acts_on_a_terminal(tmp_path):
    log = CrashLog(tmp_path)

    log.keep(met("\x1b[2J\x9b2J\x07\u202e\r\ud800"), at=NOON)

    assert log.path.read_text().replace("\n", "").isprintable()
    assert r"\x1b[2J\x9b2J\x07\u202e\x0d\ud800" in log.path.read_text()


def test_no_message_looks_like_another_entry(tmp_path):
    log = CrashLog(tmp_path)

    log.keep(met("x\n2026-11-24 13:00:00Z\nTraceback"), at=NOON)

    assert [line for line in log.path.read_text().splitlines() if line.startswith("2026")] == ["2026-11-24 12:00:00Z"]


class Silent(Exception):
    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


def test_an_error_that_cannot_be_worded_is_written_all_the_same(tmp_path):
    log = CrashLog(tmp_path)

    assert log.keep(Silent(), at=NOON) == f"details: {log.path}"
    assert "Silent" in log.path.read_text()
    assert "Silent" in described(Silent())


def test_a_bug_is_described_in_one_line():
    assert described(met("division\nby \x1b zero")) == r"ZeroDivisionError: division by \x1b zero"
    assert described(KeyError()) == "KeyError"
    assert described(ExceptionGroup("tasks", [ExceptionGroup("task", [KeyError("x")])])) == "KeyError: 'x'"
    assert len(described(met("x" * 5_000))) < 300


def test_a_bug_of_ours_is_described_with_its_place(tmp_path):
    with pytest.raises(TypeError) as caught:
        CrashLog(None)

    assert re.search(r" \(tui/history/logs\.py:\d+\)$", described(caught.value))


def folder_is_a_file(log):
    log.path.parent.write_text("a file")


def is_a_fifo(log):
    log.path.parent.mkdir()
    os.mkfifo(log.path)


def is_a_link(log):
    log.path.parent.mkdir()
    (log.path.parent.parent / "elsewhere").write_text("mine")
    log.path.symlink_to(log.path.parent.parent / "elsewhere")


def is_a_second_name(log):
    log.path.parent.mkdir()
    (log.path.parent.parent / "elsewhere").write_text("mine")
    log.path.hardlink_to(log.path.parent.parent / "elsewhere")


def is_a_folder(log):
    log.path.mkdir(parents=True)


def is_a_device(log):
    log.path.parent.mkdir()
    log.path.symlink_to("/dev/full")


@pytest.mark.parametrize("spoil", [folder_is_a_file, is_a_fifo, is_a_link, is_a_second_name, is_a_folder, is_a_device])
def test_log_that_cannot_be_written_is_said_and_no_second_bug(tmp_path, spoil):
    log = CrashLog(tmp_path / "jobdeck")
    spoil(log)

    said = log.keep(met("first"), at=NOON)

    assert said.startswith(f"{log.path} cannot be written: ")
    assert not (tmp_path / "elsewhere").exists() or (tmp_path / "elsewhere").read_text() == "mine"


def test_a_home_that_is_unknown_makes_no_folder_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    said = CrashLog(Path("~/.local/state/jobdeck")).keep(met("first"), at=NOON)

    assert said == "~/.local/state/jobdeck/crash.log cannot be written: there is no home directory"
    assert list(tmp_path.iterdir()) == []


def test_a_fifo_with_a_reader_gets_nothing(tmp_path):
    log = CrashLog(tmp_path)
    os.mkfifo(log.path)
    reader = os.open(log.path, os.O_RDONLY | os.O_NONBLOCK)

    said = log.keep(met("first"), at=NOON)

    assert os.read(reader, 100) == b""
    os.close(reader)
    assert said == f"{log.path} cannot be written: it is no regular file of yours alone"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_log_of_another_owner_is_left_alone(tmp_path):
    log = CrashLog(tmp_path)
    log.path.write_text("theirs")
    os.chown(log.path, 12_345, -1)

    assert log.keep(met("first"), at=NOON) == f"{log.path} cannot be written: it is no regular file of yours alone"
    assert log.path.read_text() == "theirs"
