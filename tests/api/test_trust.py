import os
import ssl
from pathlib import Path

import pytest

from tui.api import trust
from tui.errors import ConfigError

AUTHORITY = Path(__file__).parents[1] / "data" / "tls" / "authority.pem"


@pytest.mark.parametrize("file", [Path("/nowhere/ca.pem"), Path(__file__)], ids=["missing", "no certificate"])
def test_a_bad_file_is_named_by_its_setting(file):
    with pytest.raises(ConfigError, match=rf"^ca_file of profile x '{file}.*' holds no readable certificates; correct or unset it"):
        trust.trust(file, {}, origin="ca_file of profile x")


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "--ca-file"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["fifo", "folder"])
def test_what_is_no_file_is_not_opened(tmp_path, make, name):
    path = tmp_path / "ca.pem"
    make(path)
    file, environ = (path, {}) if name == "--ca-file" else (None, {name: str(path)})

    with pytest.raises(ConfigError, match=rf"^{name} '.*' is no regular file; correct or unset it$"):
        trust.trust(file, environ)


def test_a_file_is_trusted_alone():
    context = trust.trust(AUTHORITY, {"SSL_CERT_FILE": "/nowhere"})

    assert len(context.get_ca_certs()) == 1
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.skipif(trust.sys.platform != "linux", reason="other systems always have a store")
def test_a_machine_without_a_store_gets_one(monkeypatch, tmp_path):
    nowhere = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", str(tmp_path / "none"), "SSL_CERT_DIR", str(tmp_path / "none"))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    monkeypatch.setattr(trust, "_KNOWN_STORES", (str(tmp_path / "none"),))

    assert not trust.has_system_store()
    assert len(trust.trust(None, {}).get_ca_certs()) > 50
