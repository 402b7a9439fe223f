"""Asks the auth host where the tenant's API is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

from tui.api.client import JobClient
from tui.api.tenant_host import TenantHost
from tui.core.errors import ConfigError
from tui.domain.errors import ApiError, TokenRenewed
from tui.headless.doctor.check import Check, failed, ok, warning
from tui.settings import Settings


async def look_at_tenant(
    opened: Callable[[], AbstractAsyncContextManager[JobClient]], settings: Settings
) -> tuple[Check, TenantHost | None]:
    """Return what the auth host says of the tenant, and where its API is; None if that is not known."""
    try:
        async with opened() as client:
            host = await _asked(client)
    except (ApiError, ConfigError) as error:
        return failed("tenant", error), None
    if host.note:
        what, _, remedy = host.note.rpartition("; ")
        return warning("tenant", what, remedy), host
    kind = {True: ", which is live", False: ", a development tenant", None: ""}[host.is_production]
    auth_host = urlsplit(settings.auth_base).netloc
    return ok("tenant", f"{auth_host} names {urlsplit(host.api_base).netloc} as the domain of tenant {settings.tenant}{kind}"), host


async def _asked(client: JobClient) -> TenantHost:
    try:
        return await client.find_host()
    except TokenRenewed:
        return await client.find_host()
