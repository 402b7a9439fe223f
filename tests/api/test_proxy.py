"""httpx itself is the oracle: what it does with the variables is what has to be told."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.proxy import route_to
from tui.core.errors import ConfigError

OLD = pytest.mark.skipif(httpx.__name__ == "httpx2", reason="httpx2 reads it")
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def environ(monkeypatch):
    """Sets variables and returns what there is then."""

    def put(**values):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return values

    return put


@pytest.mark.parametrize("exempt", ["", "api.test", ".api.test", "test", "pi.test", "*", "api.test:8443", "api.test:1", "10.0.0.1", "10.0.0.0/8",
                                    "fe80::1", "localhost", "https://api.test", "http://api.test", "other.test, api.test", "*.api.test", "10.0.0.1/33", "API.TEST",
                                    "api.test.", "*api.test", "*.test", "all://api.test", "api.test:0", "https://", "http://*.test", "all://"])  # fmt: skip
@pytest.mark.parametrize("address", ["https://api.test/api", "https://t1.api.test/api", "https://api.test:8443/api", "http://api.test/api",
                                     "https://10.0.0.1/api", "https://[fe80::1]/api"])  # fmt: skip
@pytest.mark.parametrize(
    "proxies",
    [{"HTTPS_PROXY": "p.test:3128"}, {"all_proxy": "http://p.test:3128"}, {"HTTP_PROXY": "http://p.test:3128"}, {}],
    ids=str,
)
async def test_the_way_is_the_one_that_httpx_takes(environ, exempt, address, proxies):
    known = environ(**proxies, **({"NO_PROXY": exempt} if exempt else {}))

    async with httpx.AsyncClient(trust_env=True, verify=False) as client:
        proxy_url = getattr(client._transport_for_url(httpx.URL(address))._pool, "_proxy_url", None)

    route = route_to(address, known)
    assert (route.proxy is not None) == (proxy_url is not None)
    if route.proxy:
        assert (route.proxy.host, route.proxy.port) == (proxy_url.host.decode(), proxy_url.port)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "no proxy is set for it"),
        (
            {"HTTPS_PROXY": "http://p.test:1", "NO_PROXY": "a, api.test"},
            "'api.test' in NO_PROXY exempts it from HTTPS_PROXY",
        ),
        ({"https_proxy": "http://p.test:1", "no_proxy": "*"}, "'*' in no_proxy exempts it from https_proxy"),
        ({"ALL_PROXY": "http://p.test:1"}, "by ALL_PROXY"),
        ({"NO_PROXY": "*"}, "no proxy is set for it"),
        ({"HTTP_PROXY": "http://p.test:1", "NO_PROXY": "*"}, "no proxy is set for it"),
        ({"ALL_PROXY": "http://p.test:1", "NO_PROXY": "x, *"}, "'*' in NO_PROXY exempts it from ALL_PROXY"),
        ({"HTTP_PROXY": "http://p.test:1", "NO_PROXY": "x"}, "no proxy is set for it"),
        (
            {"HTTPS_PROXY": "http://p.test:1", "NO_PROXY": f"{'x' * 80}.api.test, api.test"},
            "'api.test' in NO_PROXY exempts it from HTTPS_PROXY",
        ),
        ({"HTTPS_PROXY": "http://p.test:1", "https_proxy": "http://q.test:1"}, "by https_proxy"),
    ],
)
def test_the_variable_that_decides_is_named(environ, values, reason):
    known = environ(**values)

    assert route_to("https://api.test/api", known).reason == reason


@pytest.mark.parametrize(
    ("exempt", "skipped"),
    [
        pytest.param("localhost,[::1]", "'[::1]' in NO_PROXY cannot be read and is skipped", marks=OLD),
        pytest.param(
            "[::1]:8080, a b ,api.test:port",
            "'[::1]:8080', 'a b', 'api.test:port' in NO_PROXY cannot be read and are skipped",
            marks=OLD,
        ),
        ("api.test:port", "'api.test:port' in NO_PROXY cannot be read and is skipped"),
        ("http://[::1", "'http://[::1' in NO_PROXY cannot be read and is skipped"),
        ("x\x1b[2J.test", r"'x\x1b[2J.test' in NO_PROXY cannot be read and is skipped"),
        ("bad entry/99", "'bad entry/99' in NO_PROXY cannot be read and is skipped"),
        ("bad entry/99,localhost,[::1", "'bad entry/99', '[::1' in NO_PROXY cannot be read and are skipped"),
        ("[api.test", "'[api.test' in NO_PROXY cannot be read and is skipped"),
        ("api.test]", "'api.test]' in NO_PROXY cannot be read and is skipped"),
        ("api.test/99", "'api.test/99' in NO_PROXY cannot be read and is skipped"),
        ("user@api.test", "'user@api.test' in NO_PROXY cannot be read and is skipped"),
        ("::1,localhost", None),
        ("10.0.0.0/8,.x.test,*.y.test,fe80::1,https://z.test:8443", None),
    ],
)
def test_entries_that_cannot_be_read_are_skipped_and_named(environ, exempt, skipped):
    known = environ(HTTPS_PROXY="p.test:1", NO_PROXY=exempt)

    route = route_to("https://api.test/api", known)

    assert (route.proxy.host, route.reason, route.unreadable) == ("p.test", "by HTTPS_PROXY", skipped)


@pytest.mark.parametrize("exempt", ["x:port,api.test", "api.test,x:port", "x:port,.test"])
def test_the_entries_beside_them_hold(environ, exempt):
    route = route_to("https://api.test/api", environ(HTTPS_PROXY="p.test:1", NO_PROXY=exempt))

    assert route.proxy is None
    assert "exempts it from HTTPS_PROXY" in route.reason
    assert route.unreadable


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
    | st.text("[]:/*.,@%#?012fx-_ ", max_size=30)
)
def test_no_exemption_ends_anything_or_steers_a_terminal(exempt):
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        patch.setenv("HTTPS_PROXY", "p.test:1")
        patch.setenv("NO_PROXY", exempt)

        route = route_to("https://t1.tp1.mozu.com/api", {"HTTPS_PROXY": "p.test:1", "NO_PROXY": exempt})

    assert route.reason.isprintable()
    assert (route.unreadable or "").isprintable()


def test_without_a_proxy_nothing_is_said_of_exemptions(environ):
    assert route_to("https://api.test/api", environ(NO_PROXY="[::1]")).unreadable is None


def test_this_machine_is_asked_directly(environ):
    values = environ(HTTP_PROXY="http://p.test:1")

    assert route_to("http://127.0.0.1:8765/api", values).proxy is None


def test_a_password_is_kept_and_never_shown(environ):
    values = environ(HTTPS_PROXY="http://me:canary-pw@p.test:3128")

    proxy = route_to("https://api.test/api", values).proxy

    assert proxy.authorization == b"Basic bWU6Y2FuYXJ5LXB3"
    assert proxy.shown == "http://p.test:3128"
    assert "canary" not in repr(proxy) + proxy.shown
    assert "bWU6" not in repr(proxy)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"ALL_PROXY": "socks5://p.test:1"},
            "ALL_PROXY is a SOCKS proxy, which jobdeck cannot use; give http://host:port",
        ),
        ({"HTTPS_PROXY": "http://me:canary@p.test:99999"}, "HTTPS_PROXY is no proxy address; give http://host:port"),
    ],
)
def test_an_unusable_variable_is_named(environ, values, words):
    known = environ(**values)

    with pytest.raises(ConfigError, match=words) as caught:
        route_to("https://api.test/api", known)

    assert "canary" not in str(caught.value)
