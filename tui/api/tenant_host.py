"""Find the API host of a tenant in the auth host's response to the tenant call. Pure.

Kibo's SDK uses this call too: a tenant and credentials suffice as settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import JsonValue

from tui.api.failures import Subject
from tui.api.raw_response import RawResponse
from tui.api.server_words import fitting_remedy, is_no_such_job
from tui.core.errors import ConfigError
from tui.core.json_decoding import decode
from tui.domain.errors import (
    ApiError,
    BadAnswer,
    Evidence,
    RateLimited,
    ServerFault,
    Unauthorised,
    Unreachable,
)
from tui.settings.address import environment_of, is_loopback, split_base, tenant_in
from tui.settings.resolve import Settings
from tui.settings.values import SettingValue

TENANT_CALL = "/api/platform/tenants"
"""Path of the tenant call at the auth host, without the tenant (tui/api/README.md, Hosts)."""

_MISCONFIGURED = frozenset({404, 405, 410, 501})
"""Statuses of a gateway for an unknown address; a retry does not help."""

_PLATFORM_FIELDS = frozenset({"errorCode", "applicationName", "additionalErrorData", "exceptionDetail"})
"""Fields that only the platform's error objects have (tui/api/README.md, Calls)."""

_TENANT_FIELDS = frozenset({"id", "domain", "isDevTenant", "sites"})
"""Fields that describe a tenant; no error body has them."""

_GIVE_HOST = "set the API's address by --api-host"

_REMEDY = f"check --auth-host, or {_GIVE_HOST}"


@dataclass(frozen=True, slots=True)
class TenantHost:
    """The API host of one tenant."""

    api_base: str
    """As that of `Settings`."""
    environment: str
    """As that of `Settings`."""
    is_production: bool | None = None
    """Whether the tenant is live; None if unknown."""
    note: str | None = None
    """A note for the user about an assumption; usually None."""


def tenant_call(settings: Settings) -> tuple[str, Subject]:
    """Return the path and the subject of the tenant call."""
    return f"{TENANT_CALL}/{settings.tenant}", Subject(f"tenant {settings.tenant}", _REMEDY, "--auth-host")


def unanswered(error: ApiError, settings: Settings) -> ApiError:
    """Return the error of a tenant call that failed with `error`: with the URL and a remedy."""
    if isinstance(error, Unauthorised):
        return error
    url = _url(settings)
    auth_host = urlsplit(url).netloc if url in error.message else url
    message = f"{auth_host} does not say where the API is: {error.message}"
    evidence = Evidence(correlation_id=error.correlation_id, http_status=error.http_status)
    match error:
        case Unreachable():
            return Unreachable(message, remedy=error.remedy, **evidence)
        case ServerFault():
            is_by_status = error.http_status in _MISCONFIGURED and fitting_remedy(error.message) is None
            remedy = _REMEDY if is_by_status else error.remedy
            return ServerFault(message, retry_after_s=error.retry_after_s, remedy=remedy, **evidence)
        case RateLimited():
            return RateLimited(message, retry_after_s=error.retry_after_s, remedy=error.remedy, **evidence)
        case _:
            return BadAnswer(
                message, remedy=error.remedy if error.remedy != BadAnswer.usual_remedy else _REMEDY, **evidence
            )


def is_tenant_response(response: RawResponse) -> bool:
    """Return whether `tenant_host` accepts a response; all others are errors by their status."""
    return 200 <= response.status < 300 or response.status == 403 or _knows_no_tenant(response)


def tenant_host(response: RawResponse, settings: Settings) -> TenantHost:
    """Return the API host: the tenant's domain, or the default of Kibo's SDK.

    The default applies after a 403, and to a tenant without a domain. After any other response it could belong to
    another environment, and jobdeck would show the wrong jobs.

    Args:
        response: A response that `is_tenant_response` accepts.
        settings: Settings of the tenant; their `api_base` is the SDK's default.

    Raises:
        BadAnswer: The tenant is unknown, or the response does not belong to the tenant call.
        Unauthorised: The error body reports it, whatever the status.
    """
    fields = _fields(response)
    auth_host = urlsplit(settings.auth_base).netloc
    if response.status == 403:
        return _assumed(
            settings, f"{auth_host} does not say where the API of tenant {settings.tenant} is ({_evidence(response)})"
        )
    words = f": {response.words}" if response.words else ""
    if response.status == 404:
        remedy = "check the tenant, or set the region or --auth-host"
        raise BadAnswer(f"{auth_host} knows no tenant {settings.tenant}{words}", remedy=remedy, **response.evidence)
    if "errorCode" in fields or not fields.keys() & _TENANT_FIELDS:
        if response.said.is_about_access:
            raise Unauthorised(response.words, host=auth_host, **response.evidence)
        remedy = fitting_remedy(response.words) or _REMEDY
        raise BadAnswer(
            f"the response of {_url(settings)} describes no tenant{words}", remedy=remedy, **response.evidence
        )
    _check_tenant(fields.get("id"), response, settings)
    is_dev = fields.get("isDevTenant")
    is_production = not is_dev if isinstance(is_dev, bool) else None
    domain = fields.get("domain")
    if not isinstance(domain, str) or not domain.strip():
        return _assumed(
            settings, f"{auth_host} names no domain of tenant {settings.tenant}", is_production=is_production
        )
    return _at(domain.strip(), response, settings, is_production=is_production)


def _knows_no_tenant(response: RawResponse) -> bool:
    """Return whether the platform itself reports an unknown tenant; a gateway's 404 does not prove it."""
    return response.status == 404 and (
        not _PLATFORM_FIELDS.isdisjoint(_fields(response)) or is_no_such_job(response.body)
    )


def _url(settings: Settings) -> str:
    return f"{settings.auth_base.rstrip('/')}{TENANT_CALL}/{settings.tenant}"


def _at(domain: str, response: RawResponse, settings: Settings, *, is_production: bool | None) -> TenantHost:
    auth = urlsplit(settings.auth_base)
    given = SettingValue(f"the domain of tenant {settings.tenant}", domain)
    try:
        base = split_base(given.checked(), insecure_http=False)
        if auth.scheme == "http" and "://" not in domain and is_loopback(base.hostname or ""):
            base = split_base(SettingValue(given.origin, f"http://{domain}"), insecure_http=False)
    except ConfigError as error:
        raise BadAnswer(f"{auth.netloc} says: {error.message}", remedy=_GIVE_HOST, **response.evidence) from error
    if base.path != "/api":
        raise BadAnswer(
            f"{auth.netloc} says: {given.origin} is '{given.shown}', which holds a path",
            remedy=_GIVE_HOST,
            **response.evidence,
        )
    if (tenant_in(base) or settings.tenant) != settings.tenant:
        what = f"{auth.netloc} says: {given.origin} is {base.netloc}, which is another tenant's"
        raise BadAnswer(what, remedy=_GIVE_HOST, **response.evidence)
    return TenantHost(base.geturl(), environment_of(base), is_production)


def _assumed(settings: Settings, why: str, *, is_production: bool | None = None) -> TenantHost:
    base = urlsplit(settings.api_base)
    note = f"{why}; using {base.netloc}, as Kibo's SDK does; if that is wrong, set the environment or the API's address"
    return TenantHost(settings.api_base, environment_of(base), is_production, note)


def _check_tenant(number: JsonValue, response: RawResponse, settings: Settings) -> None:
    if number is not None and str(number) != settings.tenant:
        auth_host = urlsplit(settings.auth_base).netloc
        what = f"{auth_host} describes tenant {response.shown(str(number), 20)} instead of {settings.tenant}"
        raise BadAnswer(what, remedy=_GIVE_HOST, **response.evidence)


def _fields(response: RawResponse) -> dict[str, JsonValue]:
    """Return the JSON object in the body; empty for anything else."""
    try:
        value = decode(response.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _evidence(response: RawResponse) -> str:
    return f"HTTP {response.status}" + (f", correlation {response.correlation_id}" if response.correlation_id else "")
