import os
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from tui.api import tls as trust
from tui.core.errors import ConfigError
from tui.settings.resolve import resolve

TLS = Path(__file__).parents[1] / "data" / "tls"
AUTHORITY, GOOD = TLS / "authority.pem", TLS / "good.pem"


def parts(path):
    """Return the key and the certificate of a file that holds both."""
    key, _, certificate = path.read_text().partition("-----BEGIN CERTIFICATE-----")
    return key, f"-----BEGIN CERTIFICATE-----{certificate}"


@pytest.fixture
def put(tmp_path):
    """Write a file and return its path."""

    def write(content, name="file.pem"):
        path = tmp_path / name
        path.touch(0o600)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


CA_REMEDY = "give the path of a file with certificates in PEM, or leave it out"


def der(path):
    return ssl.PEM_cert_to_DER_cert(parts(path)[1])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", f"is empty; {CA_REMEDY}"),
        (b"hello\n", f"is no PEM file; {CA_REMEDY}"),
        (b"\xff\xfe\x00", f"is no PEM file; {CA_REMEDY}"),
        (der(GOOD), "is binary (DER or PKCS #12), not PEM; convert it by openssl x509 -inform DER"),
        (parts(GOOD)[0], f"holds no certificate, but 'PRIVATE KEY'; {CA_REMEDY}"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            f"holds certificates that cannot be read; {CA_REMEDY}",
        ),
        ("-----BEGIN CERTIFICATE-----\n", f"holds certificates that cannot be read; {CA_REMEDY}"),
    ],
    ids=["empty", "text", "binary", "der", "key", "damaged", "cut"],
)
def test_a_ca_file_that_cannot_be_used_is_named_with_its_setting_and_why(put, content, words):
    file = put(content)

    with pytest.raises(ConfigError) as caught:
        trust.trust(file, {}, origin="ca_file of profile x")

    assert str(caught.value).startswith(f"ca_file of profile x '{str(file)[:80]}' {words}")


def test_a_ca_file_that_is_missing_is_that():
    with pytest.raises(ConfigError, match=rf"^--ca-file 'nope.pem' does not exist; {CA_REMEDY}$"):
        trust.trust(Path("nope.pem"), {})


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_ca_file_that_may_not_be_read_is_that(put):
    file = put(AUTHORITY.read_bytes())
    file.chmod(0)

    with pytest.raises(ConfigError, match=rf"cannot be read: permission denied; {CA_REMEDY}$"):
        trust.trust(file, {})


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "--ca-file"])
@pytest.mark.parametrize(
    ("make", "what"), [(os.mkfifo, "is no regular file"), (os.mkdir, "is a folder")], ids=["fifo", "folder"]
)
def test_what_is_no_file_is_not_opened(tmp_path, make, what, name):
    path = tmp_path / "ca.pem"
    make(path)
    file, environ = (path, {}) if name == "--ca-file" else (None, {name: str(path)})

    with pytest.raises(
        ConfigError,
        match=rf"^{name} '.*' {what}; give the path of a file with certificates in PEM, or (leave it out|unset it)$",
    ):
        trust.trust(file, environ)


def test_a_file_is_trusted_alone():
    context = trust.trust(AUTHORITY, {"SSL_CERT_FILE": "/nowhere"})

    assert len(context.get_ca_certs()) == 1
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.skipif(trust.sys.platform != "linux", reason="other systems always have a store")
def test_a_machine_without_a_store_gets_one(monkeypatch, tmp_path):
    nowhere = ssl.DefaultVerifyPaths(
        None, None, "SSL_CERT_FILE", str(tmp_path / "none"), "SSL_CERT_DIR", str(tmp_path / "none")
    )
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    monkeypatch.setattr(trust, "_KNOWN_STORES", (str(tmp_path / "none"),))

    assert not trust.has_system_store()
    assert len(trust.trust(None, {}).get_ca_certs()) > 50


# The client's certificate


def loaded(certificate, key=None):
    files = {"client_cert": str(certificate), **({"client_key": str(key)} if key else {})}
    return trust.trust_for(resolve({"api_host": "x.example", "ca_file": str(AUTHORITY), **files}, {}), {})


def encrypted(path):
    """Return a private key that needs a password."""
    command = ["openssl", "pkcs8", "-topk8", "-in", path, "-passout", "pass:canary"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_a_certificate_and_its_key_may_be_one_file_or_two(put):
    key, certificate = parts(GOOD)

    assert loaded(GOOD)
    assert loaded(put(certificate), put(key, "key.pem"))
    assert loaded(GOOD, GOOD)


CERT_REMEDY = "give the path of a file with the certificate in PEM"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", f"is empty; {CERT_REMEDY}"),
        (b"hello", f"is no PEM file; {CERT_REMEDY}"),
        (der(GOOD), "is binary (DER or PKCS #12), not PEM; convert it by openssl "),
        (parts(GOOD)[0], f"holds no certificate, but 'PRIVATE KEY'; {CERT_REMEDY}"),
        (parts(GOOD)[1], "holds no private key; give the path of its private key by --client-key"),
        (parts(GOOD)[0] + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be used: "),
    ],
    ids=["empty", "text", "der", "key", "no-key", "damaged"],
)
def test_a_client_certificate_that_cannot_be_used_is_named(put, content, words):
    file = put(content)

    with pytest.raises(ConfigError) as caught:
        loaded(file)

    assert str(caught.value).startswith(f"--client-cert '{str(file)[:80]}' {words}")
    assert str(caught.value).isprintable()


KEY_REMEDY = "give the path of a file with the private key in PEM"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", f"is empty; {KEY_REMEDY}"),
        (b"hello", f"is no PEM file; {KEY_REMEDY}"),
        (parts(GOOD)[1], "holds no private key; give the path of its private key by --client-key"),
        (
            parts(TLS / "expired.pem")[0],
            "holds the private key of another certificate; give the key that belongs to it",
        ),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be used: "),
    ],
    ids=["empty", "text", "no-key", "other", "damaged"],
)
def test_a_client_key_that_cannot_be_used_is_named(put, content, words):
    file = put(content)

    with pytest.raises(ConfigError) as caught:
        loaded(GOOD, file)

    assert str(caught.value).startswith(f"--client-key '{str(file)[:80]}' {words}")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_an_encrypted_key_is_said_to_be_that_and_no_password_is_asked_for(put):
    with pytest.raises(
        ConfigError, match=r"^--client-key '.*' holds an encrypted private key, which jobdeck cannot use; decrypt it"
    ):
        loaded(GOOD, put(encrypted(GOOD)))


@pytest.mark.parametrize(
    ("certificate", "key", "named"), [("nope.pem", None, "--client-cert"), (str(GOOD), "nope.key", "--client-key")]
)
def test_a_missing_file_is_named(certificate, key, named):
    with pytest.raises(ConfigError, match=rf"^{named} 'nope\.\w+' does not exist; give the path"):
        loaded(certificate, key)


def test_a_key_without_a_certificate_is_a_wrong_setting():
    with pytest.raises(
        ConfigError,
        match=r"^--client-key 'k.pem' is a key without a certificate; give the certificate by --client-cert too$",
    ):
        resolve({"api_host": "x.example", "client_key": "k.pem"}, {})


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o400, False), (0o640, True), (0o644, True)])
def test_a_key_that_others_may_read_is_told(put, mode, is_told):
    file = put(GOOD.read_bytes())
    file.chmod(mode)

    warning = trust.open_key(resolve({"api_host": "x.example", "client_cert": str(file)}, {}))

    assert (warning is not None) == is_told
    assert not warning or f"is open to other users (mode {mode:04o})" in warning
