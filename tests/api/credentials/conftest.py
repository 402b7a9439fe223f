"""What the tests of token sources share: a private file, and how errors are told apart from secrets."""

import traceback

import pytest

TOKEN = "eyJhbGciOi.J9.x-y_z"


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text(TOKEN)
    return path


def report_of(error):
    """Return everything that a crash report with local variables would print of the frames that are ours."""
    report = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    ours = [frame for frame in report.split('  File "') if "/tui/" in frame.split("\n")[0]]
    return "".join([str(error), repr(error), *traceback.format_exception(error), *ours])
