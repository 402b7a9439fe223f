"""Which certificate authorities are trusted: those of a file, else the system's own. There is no way to trust none."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

import certifi
import truststore

from tui.errors import ConfigError
from tui.settings import Settings
from tui.text import one_line

_KNOWN_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where truststore looks on Linux beside OpenSSL's own places."""


def trust(ca_file: Path | None, environ: Mapping[str, str], *, origin: str = "--ca-file") -> ssl.SSLContext:
    """Return a context that trusts the authorities of `ca_file` and no others, or without it those of the system.

    To the system's own come those of SSL_CERT_FILE and SSL_CERT_DIR, which OpenSSL skips in silence if they are bad, and where a machine
    has none at all, as bare containers do, those that certifi carries.

    Args:
        ca_file: Told by a person; None means the system's store.
        environ: The process's environment.
        origin: Name of the setting that told `ca_file`, for errors.

    Raises:
        ConfigError: A file or folder holds no readable certificates; the text names the setting.
    """
    if ca_file is not None:
        return _only(ca_file, origin)
    folder, file = environ.get("SSL_CERT_DIR"), environ.get("SSL_CERT_FILE")
    if not file and not folder and not has_system_store():
        return _only(Path(certifi.where()), "certifi")
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if folder and not all(os.path.isdir(part) for part in folder.split(os.pathsep)):  # noqa: PTH112  # a list of folders, as text
        raise ConfigError(f"SSL_CERT_DIR '{one_line(folder)[:80]}' is no folder", "correct or unset it")
    if file:
        _load(context, Path(file), "SSL_CERT_FILE")
    return context


def trust_for(settings: Settings, environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return the context for the servers of `settings`; errors as those of `trust`."""
    return trust(settings.ca_file, environ, origin=settings.origin("ca_file"))


def authorities(settings: Settings, environ: Mapping[str, str]) -> str:
    """Return whom `trust_for` trusts, in words."""
    if settings.ca_file is not None:
        return f"{one_line(str(settings.ca_file))[:80]} alone, by {settings.origin('ca_file')}"
    told = [f"{name} {one_line(environ[name])[:80]}" for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name)]
    if not told and not has_system_store():
        return "certifi's authorities, for this machine has none"
    return " and ".join(["the system's store", *told])


def has_system_store() -> bool:
    """Return whether this machine has authorities of its own; systems other than Linux always do."""
    if sys.platform != "linux":
        return True
    places = ssl.get_default_verify_paths()
    return any(place and Path(place).exists() for place in (places.cafile, places.capath, *_KNOWN_STORES))


def _only(file: Path, origin: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _load(context, file, origin)
    return context


def _load(context: ssl.SSLContext, file: Path, origin: str) -> None:
    named = f"{origin} '{one_line(str(file))[:80]}'"
    try:
        if file.exists() and not file.is_file():
            raise ConfigError(f"{named} is no regular file", "correct or unset it")  # opening a FIFO waits for whoever writes to it
        context.load_verify_locations(cafile=file)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{named} holds no readable certificates", "correct or unset it") from error
