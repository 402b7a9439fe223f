"""Judges the answer to the token call. Sends nothing; no error quotes a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pydantic import JsonValue, SecretStr

from tui.api.credentials.checked import checked
from tui.api.credentials.client_credentials import TOKEN_CALL
from tui.api.credentials.issued import Issued
from tui.api.credentials.printed import life_s
from tui.api.http_errors import Subject, error_for
from tui.api.reply import Reply
from tui.api.server_words import fitting_remedy
from tui.core.errors import ConfigError
from tui.core.json_decoding import decode
from tui.core.redaction import remember
from tui.core.text import one_line
from tui.domain.errors import ApiError, BadAnswer, Evidence, RateLimited, ServerFault, Unauthorised, Unreachable

LARGEST_ANSWER = 65_536
"""Bytes; a grant has a few thousand at most."""

_LONGEST_ID = 80
_REMEDY = "check --auth-host"
_REFUSED = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class Asked:
    """One token call."""

    client_id: str
    auth_base: str
    now: datetime
    """Our own time, to which `expires_in` refers; aware."""

    @property
    def host(self) -> str:
        """Whom it went to."""
        return urlsplit(self.auth_base).netloc


@dataclass(frozen=True, slots=True)
class Grant:
    """What the auth host gave."""

    issued: Issued
    refresh_token: SecretStr | None
    """To be sent along the next time; None if there is none."""


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer's body, its secrets masked."""

    token: SecretStr | None = None
    refresh_token: SecretStr | None = None
    life_s: float | None = None
    has_error_code: bool = False


def granted(asked: Asked, reply: Reply) -> Grant:
    """Return what the answer gives.

    Raises:
        Unauthorised: The credentials were refused, or there is no token in it.
        ServerFault: The auth host failed, or something in front of it answered in its place.
        RateLimited: It asks for silence.
    """
    said = _said(reply)
    if reply.status == 429 or reply.status >= 500:
        raise unanswered(asked, _error(asked, reply))
    if reply.status in _REFUSED or said.has_error_code:  # contract.md, Calls: an errorCode is a failure whatever the status
        raise _refused(asked, reply)
    if not 200 <= reply.status < 300:
        raise unanswered(asked, _error(asked, reply))
    if said.token is None:
        raise _tokenless(asked, reply)
    try:
        token = checked(said.token, "the token that was given out")
    except ConfigError as error:
        raise _unauthorised(asked, reply, error.message, _REMEDY) from error
    ends = None if said.life_s is None else asked.now + timedelta(seconds=said.life_s)
    return Grant(Issued(token, ends), said.refresh_token)


def unanswered(asked: Asked, error: ApiError) -> ApiError:
    """Return the error of a token call that failed with `error`; one that a later try is not likely to mend counts as a refusal."""
    message, remedy = f"no token from {asked.host}: {error.message}", error.remedy
    evidence = Evidence(correlation_id=error.correlation_id, http_status=error.http_status)
    match error:
        case Unreachable():
            return Unreachable(message, remedy=remedy, **evidence)
        case ServerFault():
            return ServerFault(message, retry_after_s=error.retry_after_s, remedy=remedy, **evidence)
        case RateLimited():
            return RateLimited(message, retry_after_s=error.retry_after_s, remedy=remedy, **evidence)
        case _:
            return Unauthorised(f"no token: {error.message}", remedy=_REMEDY, host=asked.host, **evidence)


def _said(reply: Reply) -> _Said:
    if len(reply.body) > LARGEST_ANSWER:
        return _Said()
    try:
        fields = decode(reply.body)
    except ValueError:
        return _Said()
    if not isinstance(fields, dict):
        return _Said()
    return _Said(
        token=_secret(fields.get("access_token")),
        refresh_token=_secret(fields.get("refresh_token")),
        life_s=life_s(fields.get("expires_in")),
        has_error_code=fields.get("errorCode") not in (None, ""),
    )


def _secret(value: JsonValue) -> SecretStr | None:
    if not isinstance(value, str) or not value:
        return None
    secret = SecretStr(value)
    remember(secret)
    return secret


def _refused(asked: Asked, reply: Reply) -> Unauthorised:
    """Return the error of credentials that were refused, with the server's own words wherever it put them."""
    words = f": {reply.words}" if reply.words else ""
    message = f"client id '{one_line(asked.client_id)[:_LONGEST_ID]}' was refused{words}"
    return _unauthorised(asked, reply, message, fitting_remedy(reply.words) or "check KIBO_CLIENT_ID and KIBO_SHARED_SECRET")


def _tokenless(asked: Asked, reply: Reply) -> ApiError:
    """Return the error of a 2xx without a token: refused if it is an error body, a fault if it is no JSON, as a login page is."""
    try:
        reply.json()
    except BadAnswer as error:
        return ServerFault(f"no token from {asked.host}: {error.message}", remedy=_REMEDY, **reply.evidence)
    if reply.words:
        return _refused(asked, reply)
    return _unauthorised(asked, reply, "the answer to the token call holds no access token", _REMEDY)


def _error(asked: Asked, reply: Reply) -> ApiError:
    subject = Subject("the token call", _REMEDY, setting="--auth-host")
    return error_for(reply, subject, host=asked.host, now=asked.now, url=f"{asked.auth_base}{TOKEN_CALL}")


def _unauthorised(asked: Asked, reply: Reply, message: str, remedy: str) -> Unauthorised:
    return Unauthorised(message, remedy=remedy, host=asked.host, **reply.evidence)
