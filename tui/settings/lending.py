"""What a profile adds to what was told by hand. Its credentials open its own place and are shown at no other. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from tui.settings.address import api_address, auth_base, contradicted, makers, names_one, names_place
from tui.settings.given import Given, Layer, switch
from tui.settings.layers import CREDENTIALS, PLACE, SETTINGS, Told
from tui.settings.profiles import Profile

_ADDRESS = ("api_host", "tenant", "site", "env", "region")
_OWN = (*CREDENTIALS, "auth_host", "production", "insecure_http", "ca_file", "client_cert", "client_key")
"""What holds for a profile's own place alone."""


def combined(by_hand: Told, profile: Profile | None) -> tuple[Told, str | None]:
    """Return all that was told, in the settings' order, and a note where a profile does not lend all that it has.

    Without it a default profile would send its token, or its client's secret, to whatever host an option or a variable names.

    Raises:
        ConfigError: The address of the profile, or that which is asked for, is unusable.
    """
    below = profile.told if profile else {}
    by_hand = _without_aliases(by_hand, below)
    is_address_told = names_one(by_hand)
    both = {**{name: given for name, given in below.items() if not (is_address_told and name in _ADDRESS)}, **by_hand}
    other = _other_place(below, both) if profile and names_place(below) else None
    if profile is None or other is None:
        return _sorted(both), None
    kept = {name: given for name, given in both.items() if name not in _OWN or name in by_hand}
    return _sorted(kept), f"{other}, so the credentials of profile {profile.name} are not used" if _has_credentials(below) else None


def _without_aliases(by_hand: Told, below: Told) -> Told:
    """Leave out what variables of other tools say of a place that is named otherwise: they were not set for jobdeck."""
    aliases = {name for name, given in by_hand.items() if given.layer is Layer.ALIAS}
    if not aliases:
        return by_hand
    ignored = {name for name in aliases if name in below or names_place(below)}
    if "api_host" in by_hand:
        ignored |= contradicted(by_hand, aliases)
    return {name: given for name, given in by_hand.items() if name not in ignored}


def _has_credentials(below: Told) -> bool:
    return any(name in below for name in (*CREDENTIALS, "client_cert") if name != "keyring") or switch(below.get("keyring"))


def taken_from(environment: Told, options: Told) -> Told:
    """Return what a new profile that is made of options takes from the environment beside them.

    Where the options name no whole address that is its place, and what opens it unless they say; a half of one address and a half
    of another would be neither.
    """
    if names_one(options):
        return {}
    is_begun = any(name in options for name in ("tenant", "site", "env", "region"))
    names = {*PLACE, *(() if any(name in options for name in CREDENTIALS) else CREDENTIALS)} - ({"api_host"} if is_begun else set())
    taken = {name: given for name, given in environment.items() if name in names and name not in options}
    both = {**taken, **options}
    return taken if names_one(both) or (names_place(both) and "api_host" not in environment) else {}


def _other_place(below: Told, both: Told) -> str | None:
    """Say who names another API, or another host for the token call, than the profile's own; None if nobody does."""
    insecure_http = switch(both.get("insecure_http"))
    own, asked = api_address(below, insecure_http=insecure_http), api_address(both, insecure_http=insecure_http)
    is_same_tenant = own.is_looked_up and asked.is_kibos and own.tenant == asked.tenant
    if own.owner != asked.owner and not is_same_tenant:
        others = [part.origin for part in makers(both, asked) if part.layer > Layer.PROFILE]
        return f"{', '.join(others)} {'names' if len(others) == 1 else 'name'} {asked.base.netloc}"
    auth_host = auth_base(both, asked, insecure_http=insecure_http)
    if "auth_host" in both and auth_host != auth_base(below, own, insecure_http=insecure_http):
        return f"{both['auth_host'].origin} names {urlsplit(auth_host).netloc}"
    return None


def _sorted(told: Told) -> dict[str, Given]:
    return {setting.name: told[setting.name] for setting in SETTINGS if setting.name in told}
