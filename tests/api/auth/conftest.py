"""What the tests of token sources share: a private file, a keyring, and how errors are told apart from secrets."""

import traceback

import keyring
import pytest
from keyring.backend import KeyringBackend

TOKEN = "eyJhbGciOi.J9.x-y_z"


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text(TOKEN)
    return path


@pytest.fixture
def use():
    """Use a backend of the keyring for one test."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


class Readable(KeyringBackend):
    """A backend that nobody writes to."""

    priority = 1

    def set_password(self, service, username, password):
        raise NotImplementedError


class Shelf(Readable):
    """A keyring in memory."""

    def __init__(self, entries=(), *, trouble=None):
        super().__init__()
        self.entries, self.trouble = dict(entries), trouble

    def get_password(self, service, username):
        if self.trouble:
            raise self.trouble
        return self.entries.get((service, username))


def report_of(error):
    """Return everything that a crash report with local variables would print, but for the test's own frames."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    links = [report]
    for link in links:
        link.stack = traceback.StackSummary.from_list(
            [frame for frame in link.stack if "/tests/" not in frame.filename]
        )
        links += [behind for behind in (link.__cause__, link.__context__) if behind is not None]
    return "".join([str(error), repr(error), *traceback.format_exception(error), *report.format()])
