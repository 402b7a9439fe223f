import subprocess
import sys

from tests.cli.conftest import ROOT

LATE_ALARM = """
import atexit, signal, threading
from tui.cli.process_exit import leave
atexit.register(lambda: threading.Event().wait(0.4))
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 0.1)
leave(143)
"""


def test_an_exit_that_takes_long_keeps_its_code():
    """At its end Python drops the handlers of signals, and the limit after a signal would kill it."""
    assert subprocess.run([sys.executable, "-c", LATE_ALARM], cwd=ROOT, check=False, timeout=20).returncode == 143
