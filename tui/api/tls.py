"""TLS: which certificate authorities are trusted, and which client certificate is sent.

Verification cannot be switched off.
"""

from __future__ import annotations

import os
import ssl
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import certifi
import truststore

from tui.core.errors import ConfigError
from tui.core.files import read_small_file
from tui.core.text import one_line
from tui.settings.resolve import Settings

LARGEST_FILE = 10_000_000
"""Largest certificate file in bytes; the system's own has a few hundred thousand."""

_KNOWN_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Places that truststore reads on Linux in addition to OpenSSL's."""


def trust(ca_file: Path | None, environ: Mapping[str, str], *, origin: str = "--ca-file") -> ssl.SSLContext:
    """Return a context that trusts only the authorities of `ca_file`, or without it the system's.

    SSL_CERT_FILE and SSL_CERT_DIR add to the system's authorities; OpenSSL skips bad ones without an error. Without
    any system store, as in minimal containers, certifi's authorities apply.

    Args:
        ca_file: The configured file; None means the system's store.
        environ: The process's environment.
        origin: Name of the setting that variables `ca_file`, for errors.

    Raises:
        ConfigError: A file or folder has no readable certificates; the message names the setting.
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
        _load_authorities(context, Path(file), "SSL_CERT_FILE")
    return context


def trust_for(settings: Settings, environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return the context for the servers of `settings`.

    Raises:
        ConfigError: As `trust`, or the client's certificate or key cannot be used.
    """
    context = trust(settings.ca_file, environ, origin=settings.origin("ca_file"))
    if settings.client_cert is not None:
        _load_client(context, settings, settings.client_cert)
    return context


def authorities(settings: Settings, environ: Mapping[str, str]) -> str:
    """Return a text that names the authorities of `trust_for`."""
    if settings.ca_file is not None:
        return f"{one_line(str(settings.ca_file))[:80]} alone, by {settings.origin('ca_file')}"
    variables = [
        f"{name} {one_line(environ[name])[:80]}" for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name)
    ]
    if not variables and not has_system_store():
        return "certifi's authorities, for this machine has none"
    return " and ".join(["the system's store", *variables])


def open_key(settings: Settings) -> str | None:
    """Return a warning if other users can read the client's private key; otherwise None."""
    name = "client_key" if settings.client_key is not None else "client_cert"
    file = settings.client_key or settings.client_cert
    if file is None:
        return None
    try:
        mode = file.stat().st_mode
    except OSError:
        return None  # reported when it is loaded
    if not mode & 0o077:
        return None
    return f"{_named(settings.origin(name), file)} holds a private key and is open to other users (mode {stat.S_IMODE(mode):04o})"


def has_system_store() -> bool:
    """Return whether this machine has a certificate store; systems other than Linux always have one."""
    if sys.platform != "linux":
        return True
    paths = ssl.get_default_verify_paths()
    return any(path and Path(path).exists() for path in (paths.cafile, paths.capath, *_KNOWN_STORES))


def _only(file: Path, origin: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _load_authorities(context, file, origin)
    return context


def _load_authorities(context: ssl.SSLContext, file: Path, origin: str) -> None:
    named = _named(origin, file)
    what = f"give the path of a file with certificates in PEM, or {'unset it' if origin.isupper() else 'leave it out'}"
    content = _read(file, named, what)
    if b"-----BEGIN" not in content:
        raise _no_pem(content, named, what)
    if b"-----BEGIN CERTIFICATE" not in content and b"-----BEGIN TRUSTED CERTIFICATE" not in content:
        raise ConfigError(f"{named} holds no certificate, but {_kind(content)}", what)
    try:
        context.load_verify_locations(cafile=file)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{named} holds certificates that cannot be read", what) from error


def _load_client(context: ssl.SSLContext, settings: Settings, file: Path) -> None:
    named, what = _named(settings.origin("client_cert"), file), "give the path of a file with the certificate in PEM"
    content = _read(file, named, what)
    if b"-----BEGIN" not in content:
        raise _no_pem(content, named, what)
    if b"-----BEGIN CERTIFICATE" not in content:
        raise ConfigError(f"{named} holds no certificate, but {_kind(content)}", what)
    key, key_named = settings.client_key, named
    if key is not None:
        key_named, what = (
            _named(settings.origin("client_key"), key),
            "give the path of a file with the private key in PEM",
        )
        content = _read(key, key_named, what)
        if b"-----BEGIN" not in content:
            raise _no_pem(content, key_named, what)
    if b"PRIVATE KEY-----" not in content:
        raise ConfigError(f"{key_named} holds no private key", "give the path of its private key by --client-key")
    _load_chain(context, file, key, key_named)


def _load_chain(context: ssl.SSLContext, file: Path, key: Path | None, key_named: str) -> None:
    is_encrypted = False

    def no_password() -> str:
        """Return an empty password: otherwise OpenSSL prompts at the terminal."""
        nonlocal is_encrypted
        is_encrypted = True
        return ""

    try:
        context.load_cert_chain(file, key, password=no_password)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None)
        if is_encrypted:
            remedy = "decrypt it into a file that only you can read: openssl pkey -in FILE -out FILE2; chmod 600 FILE2"
            raise ConfigError(
                f"{key_named} holds an encrypted private key, which jobdeck cannot use", remedy
            ) from error
        if reason == "KEY_VALUES_MISMATCH":
            raise ConfigError(
                f"{key_named} holds the private key of another certificate", "give the key that belongs to it"
            ) from error
        what = f"{key_named} cannot be used: {one_line(str(reason or 'it is damaged')).lower().replace('_', ' ')}"
        raise ConfigError(what, "get certificate and key again, in PEM") from error


def _read(file: Path, named: str, remedy: str) -> bytes:
    """Return the content of a regular file; a FIFO would block."""

    def check(found: os.stat_result) -> None:
        if stat.S_ISDIR(found.st_mode):
            raise ConfigError(f"{named} is a folder", remedy)
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(f"{named} is no regular file", remedy)

    try:
        content = read_small_file(file, check, most=LARGEST_FILE)
    except FileNotFoundError as error:
        raise ConfigError(f"{named} does not exist", remedy) from error
    except OSError as error:
        raise ConfigError(f"{named} cannot be read: {(error.strerror or 'unknown reason').lower()}", remedy) from error
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{named} is larger than 10 MB", remedy)
    return content


def _no_pem(content: bytes, named: str, remedy: str) -> ConfigError:
    if not content.strip():
        return ConfigError(f"{named} is empty", remedy)
    if content[:1] == b"\x30":  # the tag of an ASN.1 sequence
        convert = "convert it by openssl x509 -inform DER -in FILE -out FILE.pem, or openssl pkcs12 -in FILE -nodes -out FILE.pem"
        return ConfigError(f"{named} is binary (DER or PKCS #12), not PEM", convert)
    return ConfigError(f"{named} is no PEM file", remedy)


def _kind(content: bytes) -> str:
    """Return a text that names the first block of a PEM file."""
    label = content.partition(b"-----BEGIN ")[2].partition(b"-----")[0].decode("ascii", "replace")
    return f"'{one_line(label)[:40]}'" if label else "nothing that can be read"


def _named(origin: str, file: Path) -> str:
    return f"{origin} '{one_line(str(file))[:80]}'"
