import stat
from datetime import UTC, datetime

import pytest

from tui.journal.crash_log import LARGEST, CrashLog

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def met(message: str) -> Exception:
    with pytest.raises(ZeroDivisionError) as caught:
        raise ZeroDivisionError(message)
    return caught.value


def test_bugs_are_appended_with_their_moment(tmp_path):
    log = CrashLog(tmp_path / "state" / "jobdeck")

    kept = [log.keep(met("first"), at=NOON), log.keep(met("second"), at=NOON)]

    text = log.path.read_text()
    assert kept == [True, True]
    assert text.index("first") < text.index("second")
    assert text.count("2026-11-24 12:00:00Z") == 2


def test_only_the_owner_may_read_it(tmp_path):
    log = CrashLog(tmp_path / "jobdeck")

    log.keep(met("first"), at=NOON)

    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_full_log_is_begun_anew(tmp_path):
    log = CrashLog(tmp_path)
    log.path.write_text("x" * (LARGEST + 1))

    log.keep(met("first"), at=NOON)

    assert log.path.stat().st_size < 10_000


def test_log_that_cannot_be_written_is_no_second_bug(tmp_path):
    (tmp_path / "jobdeck").write_text("a file where the folder should be")

    assert not CrashLog(tmp_path / "jobdeck").keep(met("first"), at=NOON)
