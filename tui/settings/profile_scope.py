"""Combines a profile with options and environment, and keeps its credentials to its own API. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from tui.settings.address import address_sources, api_address, auth_base, contradicted, has_address, identifies_api
from tui.settings.profiles import Profile
from tui.settings.schema import CREDENTIALS, INSECURE_HTTP, KEYRING, PLACE, SETTINGS, Scope
from tui.settings.values import Layer, RawSettings, SettingValue

_ADDRESS = frozenset(setting.name for setting in SETTINGS if setting.scope is Scope.ADDRESS)

_OWN = frozenset(setting.name for setting in SETTINGS if setting.scope is Scope.API)
"""Settings that apply only to the profile's own API."""


def combined(overrides: RawSettings, profile: Profile | None) -> tuple[RawSettings, str | None]:
    """Return all settings in their order, and a note if credentials of the profile are not used.

    Credentials of a profile are valid for its own API only: jobdeck never sends them to another host from an option
    or a variable.

    Raises:
        ConfigError: The address of the profile, or the requested one, is unusable.
    """
    below = profile.raw if profile else {}
    overrides = _without_aliases(overrides, below)
    has_own_address = has_address(overrides)
    both = {**{name: given for name, given in below.items() if not (has_own_address and name in _ADDRESS)}, **overrides}
    other = _other_api(below, both) if profile and identifies_api(below) else None
    if profile is None or other is None:
        return _sorted(both), None
    kept = {name: given for name, given in both.items() if name not in _OWN or name in overrides}
    return _sorted(kept), f"{other}, so the credentials of profile {profile.name} are not used" if _has_credentials(
        below
    ) else None


def _without_aliases(overrides: RawSettings, below: RawSettings) -> RawSettings:
    """Return the settings without variables of other tools for the address, if another source names one."""
    aliases = {name for name, given in overrides.items() if given.layer is Layer.ALIAS}
    if not aliases:
        return overrides
    ignored = {name for name in aliases if name in below or identifies_api(below)}
    if "api_host" in overrides:
        ignored |= contradicted(overrides, aliases)
    return {name: given for name, given in overrides.items() if name not in ignored}


def _has_credentials(below: RawSettings) -> bool:
    return any(name in below for name in (*CREDENTIALS, "client_cert") if name != "keyring") or KEYRING.of(below)


def env_defaults(environment: RawSettings, options: RawSettings) -> RawSettings:
    """Return the settings that a new profile takes from the environment in addition to options.

    These are the address and the credentials; none if the options hold a complete address, or if both together are
    not one: half of one address is never combined with half of another.
    """
    if has_address(options):
        return {}
    is_begun = any(name in options for name in ("tenant", "site", "env", "region"))
    names = {*PLACE, *(() if any(name in options for name in CREDENTIALS) else CREDENTIALS)} - (
        {"api_host"} if is_begun else set()
    )
    taken = {name: given for name, given in environment.items() if name in names and name not in options}
    both = {**taken, **options}
    return taken if has_address(both) or (identifies_api(both) and "api_host" not in environment) else {}


def _other_api(below: RawSettings, both: RawSettings) -> str | None:
    """Return a text that names the source of another API or auth host than the profile's; None without one."""
    insecure_http = INSECURE_HTTP.of(both)
    own, merged = api_address(below, insecure_http=insecure_http), api_address(both, insecure_http=insecure_http)
    is_same_tenant = own.is_looked_up and merged.is_kibos and own.tenant == merged.tenant
    if own.owner != merged.owner and not is_same_tenant:
        others = [part.origin for part in address_sources(both, merged) if part.layer > Layer.PROFILE]
        return f"{', '.join(others)} {'names' if len(others) == 1 else 'name'} {merged.base.netloc}"
    auth_host = auth_base(both, merged, insecure_http=insecure_http)
    if "auth_host" in both and auth_host != auth_base(below, own, insecure_http=insecure_http):
        return f"{both['auth_host'].origin} names {urlsplit(auth_host).netloc}"
    return None


def _sorted(raw: RawSettings) -> dict[str, SettingValue]:
    return {setting.name: raw[setting.name] for setting in SETTINGS if setting.name in raw}
