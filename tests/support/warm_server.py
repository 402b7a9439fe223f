"""Imports jobdeck once, then forks a process for each run that is wanted. Started by `warm.py`; imports nothing of the tests.

A forked process is what ``python -m tui`` is after its imports: own environment, directory, streams, session and arguments.
It ends as any program ends, with the interpreter's own exit.
"""

import gc
import io
import json
import os
import pkgutil
import runpy
import signal
import socket
import struct
import sys
import threading
import time
import zoneinfo  # noqa: F401  # looks for packages below HOME when it is imported, which jobdeck never asks it for
from typing import ClassVar


class Watched(type(os.environ)):
    """The environment, which notes what is read and written while modules are imported."""

    read: ClassVar[set[str]] = set()
    written: ClassVar[dict[str, str]] = {}

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)

    def __setitem__(self, name, value):
        self.written[name] = value
        super().__setitem__(name, value)

    def __iter__(self):
        raise AssertionError("a module reads the whole environment when it is imported")


def preload():
    """Import all of jobdeck; return the names of the variables that were read meanwhile."""
    plain = type(os.environ)
    os.environ.__class__ = Watched
    import tui

    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if not module.name.endswith("__main__"):
            __import__(module.name)
    os.environ.__class__ = plain
    assert threading.active_count() == len(os.listdir("/proc/self/task")) == 1, (  # noqa: PTH208
        "a module starts a thread when it is imported"
    )
    return sorted(Watched.read - set(Watched.written))


def received(connection):
    """Return the next run that is wanted, and the descriptors of its streams; None where nobody wants any more."""
    header, streams, _, _ = socket.recv_fds(connection, 4, 3)
    if not header:
        return None, []
    (size,) = struct.unpack("!I", header)
    return json.loads(connection.recv(size, socket.MSG_WAITALL)), streams


def become(wanted, streams):
    """Make this forked process what a fresh one would be."""
    if wanted["is_session"]:
        os.setsid()
    if wanted["tty"]:
        streams = [os.open(wanted["tty"], os.O_RDWR)] * 3  # a session leader without a terminal that opens one gets it
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 1024)
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["env"])
    for name, value in Watched.written.items():
        os.environ.setdefault(name, value)
    time.tzset()
    sys.argv[1:] = wanted["arguments"]
    sys.path[0] = os.getcwd()  # noqa: PTH109
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = opened(number, name)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def opened(number, name):
    """Return the stream as the interpreter itself opens it when it starts."""
    mode, before = ("r" if number == 0 else "w"), getattr(sys, name)
    buffer = open(number, f"{mode}b", closefd=False)  # noqa: SIM115
    buffer.raw.name = f"<{name}>"
    is_by_line = number == 2 or os.isatty(number)
    stream = io.TextIOWrapper(buffer, before.encoding, before.errors, newline="\n", line_buffering=is_by_line)
    stream.mode = mode
    return stream


def serve(connection):
    """Fork what is wanted until nobody wants any more; return whether this is a forked process."""
    while True:
        wanted, streams = received(connection)
        if wanted is None:
            return False
        reading, writing = os.pipe()
        # The process between ends at once, so that the tests become the parent of the forked one.
        between = os.fork()
        if between == 0:
            pid = os.fork()
            if pid == 0:
                become(wanted, streams)
                return True
            os.write(writing, struct.pack("!I", pid))
            os._exit(0)
        os.waitpid(between, 0)
        for stream in (writing, *streams):
            os.close(stream)
        with open(reading, "rb") as pipe:  # noqa: PTH123
            connection.sendall(pipe.read())  # whose end comes when the forked one has its streams and closes all else


if __name__ == "__main__":
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGPIPE, signal.SIGXFSZ}:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    wire = socket.socket(fileno=int(sys.argv[1]))
    del sys.argv[1:]
    names = json.dumps(preload()).encode()
    gc.collect()
    gc.freeze()  # what was imported is not looked at again by each of them
    wire.sendall(struct.pack("!I", len(names)) + names)
    if serve(wire):
        wire.detach()
        runpy.run_module("tui", run_name="__main__", alter_sys=True)
