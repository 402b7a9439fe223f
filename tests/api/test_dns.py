"""The system's resolver is replaced where it has to hang, never our own code."""

import asyncio
import socket
import threading

import pytest

from tui.api.dns import resolve
from tui.domain.errors import Unreachable


async def test_a_name_has_its_addresses_once_each():
    resolved = await resolve("localhost", limit_s=5)

    assert set(resolved.addresses) <= {"127.0.0.1", "::1"}
    assert len(set(resolved.addresses)) == len(resolved.addresses) > 0
    assert resolved.ms >= 0


async def test_an_address_is_its_own():
    assert (await resolve("127.0.0.1", limit_s=5)).addresses == ("127.0.0.1",)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".invalid"])
async def test_a_name_without_addresses_is_named(host):
    with pytest.raises(Unreachable, match=f"^cannot resolve {host}; check the spelling, the network and its DNS$"):
        await resolve(host, limit_s=5)


async def test_a_resolver_that_hangs_is_left_alone(monkeypatch):
    released, asked = threading.Event(), threading.Event()

    def hang(*_, **__):
        asked.set()
        released.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        with pytest.raises(Unreachable, match=r"^cannot resolve queue\.test within 0\.1 s; check"):
            await resolve("queue.test", limit_s=0.1)

        (held,) = [thread for thread in threading.enumerate() if thread.name == "look-up of queue.test"]
        assert asked.is_set()
        assert held.daemon
    finally:
        released.set()
    await asyncio.to_thread(held.join, 5)
    assert not held.is_alive()
