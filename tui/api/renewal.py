"""Decides what a refused token means: ask again with a renewed one, or give up. Sends nothing."""

from __future__ import annotations

from pydantic import SecretStr

from tui.api.credentials import TokenSource
from tui.api.errors import ConfigError, Unauthorised


class Renewal:
    """Renews a token once after a 401 (faults.md, "Polling etiquette"), however many requests were refused with it.

    Args:
        tokens: Has the access token.
    """

    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens
        self._on_trial: SecretStr | None = None
        """A renewed token that no request has proved yet."""

    def accepted(self, token: SecretStr) -> None:
        """Learn that a request with `token` was answered, with anything but a 401."""
        if token == self._on_trial:
            self._on_trial = None

    def is_renewed(self, refused: SecretStr) -> bool:
        """Return whether to ask again after a 401: there is another token than the `refused` one, which was not itself on trial.

        Raises:
            Unauthorised: The token cannot be read again; the text says why.
        """
        if refused == self._on_trial:
            self._on_trial = None  # a person who asks later may have renewed it once more
            return False
        try:
            return self._tokens.token() != refused or self._reloaded()
        except ConfigError as error:
            raise Unauthorised(f"the token was refused, and no new one can be read: {error}", http_status=401) from error

    def _reloaded(self) -> bool:
        is_new = self._tokens.reload()
        self._on_trial = self._tokens.token() if is_new else None
        return is_new
