"""Names that do not resolve, or not in time (tests/README.md, Faults, row 16). The system's resolver is replaced, never our own code."""

import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from tests.support.pty_app import INSTALLED, PATIENCE_S, ROOT, command
from tests.support.pty_terminal import Terminal
from tests.support.simulated_system import World
from tui.domain.errors import Unreachable
from tui.domain.tracked_job import Freshness
from tui.simulator.queue import SimJob

QUIT_S = 2.0

SLOW_RESOLVER = """
import pathlib, socket, time

def hang(host, *_, **__):
    pathlib.Path({asked!r}).write_text(host.decode())
    time.sleep(12)
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

socket.getaddrinfo = hang
"""


@pytest.fixture
def resolver(monkeypatch):
    """A name server that a test can switch on; it knows one name."""
    known = set()

    def look_up(host, port, *_, **__):
        if host.decode() not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]

    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


async def test_row_16_name_that_does_not_resolve_is_named_and_mends_itself(resolver):
    async with World([SimJob(job_id=1)]) as world:
        watch = world.watch(1, client=world.client(url=f"http://queue.test:{urlsplit(world.server.url).port}"))
        await watch.advance(5)
        unresolved = watch.tracked()

        resolver.add("queue.test")
        await watch.until(lambda: watch.tracked().freshness is Freshness.LIVE, limit_s=60)

    assert unresolved.error.message == "cannot resolve queue.test"


async def test_row_16_name_that_stops_resolving_keeps_the_last_state(resolver):
    resolver.add("queue.test")
    async with World([SimJob(job_id=1)]) as world:
        watch = world.watch(1, client=world.client(url=f"http://queue.test:{urlsplit(world.server.url).port}"))
        await watch.advance(5)
        resolver.clear()
        await world.stop()
        await world.start()

        await watch.until(lambda: watch.tracked().freshness is Freshness.STALE, limit_s=60)

    assert watch.tracked().status == "PENDING"
    assert watch.tracked().error.message.startswith("cannot resolve queue.test")


@pytest.mark.skipif(INSTALLED is not None, reason="the resolver is replaced by a module beside the checkout")
@pytest.mark.parametrize("leave", [lambda it: it.press("q"), lambda it: it.press("ctrl+c")], ids=["q", "ctrl+c"])
def test_row_16_quitting_does_not_wait_for_a_name_look_up(tmp_path, leave):
    asked = tmp_path / "asked"
    (tmp_path / "sitecustomize.py").write_text(SLOW_RESOLVER.format(asked=str(asked)))
    env = {"KIBO_API_HOST": "https://queue.test", "KIBO_ACCESS_TOKEN": "demo", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    with Terminal(command("101"), env=env, cwd=ROOT) as terminal:
        terminal.wait_for(lambda it: asked.exists() and it.text.strip() != "", PATIENCE_S)
        begin_s = time.monotonic()

        leave(terminal)
        terminal.wait_exit(10)
        took_s = time.monotonic() - begin_s

        assert asked.read_text() == "queue.test"
        assert took_s < QUIT_S
        assert terminal.leftovers() == ()


async def test_row_16_name_whose_look_up_never_ends_is_named_as_what_hung(resolver, monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(30) and [])
    async with World([SimJob(job_id=1)]) as world:
        client = world.client(url="http://queue.test:8765", connect_timeout_s=0.2)
        with pytest.raises(Unreachable) as caught:
            await client.job(1)
        released.set()

    assert caught.value.message == "cannot resolve queue.test within 1 s"
    assert caught.value.remedy == "check the spelling, the network and its DNS"


async def test_row_16_host_that_never_answers_is_no_trouble_of_the_name(resolver, monkeypatch):
    resolver.add("queue.test")
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        async with World([SimJob(job_id=1)]) as world:
            client = world.client(url=f"http://queue.test:{deaf.getsockname()[1]}", connect_timeout_s=0.2)
            with pytest.raises(Unreachable) as caught:
                await client.job(1)

    assert caught.value.message.startswith("timed out connecting to queue.test")
