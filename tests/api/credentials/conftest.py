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
    """Return everything that a crash report with local variables would print, but for the test's own frames."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    links = [report]
    for link in links:
        link.stack = traceback.StackSummary.from_list([frame for frame in link.stack if "/tests/" not in frame.filename])
        links += [behind for behind in (link.__cause__, link.__context__) if behind is not None]
    return "".join([str(error), repr(error), *traceback.format_exception(error), *report.format()])
