import json
import logging
import os
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from tui.core.errors import ConfigError
from tui.core.redaction import remember
from tui.history.logs import LARGEST_LOG, logging_to

LOGGER = logging.getLogger("jobdeck.test")


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_records_become_json_lines_with_their_facts(tmp_path):
    path = tmp_path / "jobdeck.log"

    with logging_to(path, origin="--log-file"):
        LOGGER.info("request", extra={"facts": {"status": 200, "path": "/queue/1"}})

    (line,) = lines(path)
    assert (line["event"], line["level"], line["status"], line["path"]) == ("request", "info", 200, "/queue/1")
    assert line["at"].endswith("Z")


@pytest.mark.parametrize("mode", [None, 0o644, 0o666], ids=["new", "0644", "0666"])
def test_only_the_owner_may_read_it_and_those_before_it(tmp_path, mode):
    path = tmp_path / "a.log"
    if mode:
        path.touch()
        path.chmod(mode)

    with logging_to(path, origin="--log-file"):
        for _ in range(4):
            LOGGER.info("x" * (LARGEST_LOG // 3))

    assert {stat.S_IMODE(file.stat().st_mode) for file in (path, tmp_path / "a.log.1")} == {0o600}


def test_a_device_keeps_its_mode(tmp_path):
    before = Path("/dev/null").stat().st_mode

    with logging_to(Path("/dev/null"), origin="--log-file"):
        LOGGER.info("x")

    assert Path("/dev/null").stat().st_mode == before


def test_what_would_hold_the_program_for_ever_is_no_log(tmp_path):
    os.mkfifo(tmp_path / "a.log")

    with (
        pytest.raises(ConfigError, match=r"^--log-file '.*a\.log' is no regular file; give another path$"),
        logging_to(tmp_path / "a.log", origin="--log-file"),
    ):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOi.canary.sig",
        "Authorization: Bearer canary-1",
        'access_token="canary-1"',
        "client_secret: canary-1",
        "password=canary-1",
        "https://user:canary-1@proxy.test:3128",
        "sent canary-that-was-used",
    ],
)
def test_what_is_a_secret_or_looks_like_one_is_cut_out(tmp_path, text):
    remember(SecretStr("canary-that-was-used"))
    with logging_to(tmp_path / "a.log", origin="--log-file"):
        LOGGER.warning("said %s", text, extra={"facts": {"words": text}})

    assert "canary" not in (tmp_path / "a.log").read_text()


def test_a_line_is_no_command_to_a_build_machine_that_shows_the_log(tmp_path):
    with logging_to(tmp_path / "a.log", origin="--log-file"):
        LOGGER.info("fault", extra={"facts": {"message": "##vso[task.complete]"}})

    (line,) = lines(tmp_path / "a.log")
    assert line["message"] == "##vso[task.complete]"
    assert "##vso[" not in (tmp_path / "a.log").read_text()


def test_nothing_is_kept_after_the_block_or_without_a_path(tmp_path):
    with logging_to(tmp_path / "a.log", origin="--log-file"):
        LOGGER.info("inside")
    LOGGER.info("outside")
    with logging_to(None, origin="--log-file"):
        LOGGER.info("nowhere")

    assert [line["event"] for line in lines(tmp_path / "a.log")] == ["inside"]


def test_a_log_that_cannot_be_written_is_named(tmp_path):
    with (
        pytest.raises(ConfigError, match=r"^JOBDECK_LOG_FILE '.*' cannot be written: no such file"),
        logging_to(tmp_path / "none" / "a.log", origin="JOBDECK_LOG_FILE"),
    ):
        pass


def test_it_is_rotated_before_it_fills_a_disk(tmp_path):
    with logging_to(tmp_path / "a.log", origin="--log-file"):
        for _ in range(6):
            LOGGER.info("x" * (LARGEST_LOG // 3))

    assert (tmp_path / "a.log").stat().st_size <= LARGEST_LOG
    assert (tmp_path / "a.log.1").exists()


def test_a_disk_that_is_full_stops_nothing_and_is_told_once(capfd):
    told = []
    with logging_to(Path("/dev/full"), origin="--log-file", report=told.append):
        LOGGER.info("x")
        LOGGER.info("y")

    (line,) = told
    assert (
        line
        == "note: --log-file '/dev/full' loses lines: no space left on device; check where it goes, and how full that disk is"
    )
    assert capfd.readouterr() == ("", "")
