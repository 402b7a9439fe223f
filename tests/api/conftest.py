"""What the client's tests share: a client for an address, closed at the end."""

import pytest

from tui.api.auth.static_token import FixedToken
from tui.api.client import JobClient
from tui.core.clock import ManualClock
from tui.settings.resolve import Settings

TOKEN = "tok-0123456789abcdef"


@pytest.fixture
async def client_for():
    """Make a client for a base address or a transport."""
    clients = []

    def make(
        base="https://t4711-s5.sandbox.mozu.com", *, tokens=None, transport=None, total_s=5.0, admit=None, **settings
    ):
        settings = Settings(api_base=f"{base}/api", environment="test", **settings)
        tokens = tokens or FixedToken(TOKEN, origin="KIBO_ACCESS_TOKEN")
        options = {"admit": admit} if admit else {}
        clients.append(
            JobClient(settings, tokens, clock=ManualClock(), transport=transport, total_s=total_s, **options)
        )
        return clients[-1]

    yield make
    for client in clients:
        await client.aclose()
