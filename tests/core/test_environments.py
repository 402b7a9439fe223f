import pytest

from tui.core.environments import (
    auth_host_of,
    default_pod,
    domain_of,
    has_servers,
    is_european,
    is_name,
    is_pod,
    is_production,
)


@pytest.mark.parametrize(
    ("region", "european", "servers", "domain", "pod", "auth_host"),
    [
        (None, False, None, "mozu.com", "sandbox", "home.mozu.com"),
        ("us", False, False, "mozu.com", "sandbox", "home.mozu.com"),
        ("usc1", False, True, "usc1.kibocommerce.com", "sandbox", "home.mozu.com"),
        ("EUW1", True, True, "euw1.kibocommerce.com", "sb", "home.euw1.kibocommerce.com"),
        ("eu", True, True, "eu.kibocommerce.com", "sb", "home.euw1.kibocommerce.com"),
    ],
)
def test_a_region_has_its_hosts(region, european, servers, domain, pod, auth_host):
    assert (is_european(region), domain_of(region), default_pod(region)) == (european, domain, pod)
    assert auth_host_of(region) == auth_host
    assert region is None or has_servers(region) is servers


@pytest.mark.parametrize(
    ("name", "production", "pod"),
    [
        ("tp1", True, True),
        ("TP12", True, True),
        ("tp", False, False),
        ("production", True, True),
        ("sandbox", False, True),
        ("sb", False, True),
        ("stg2", False, True),
        ("demo", False, True),
        ("sandbox2", False, False),
        ("t4711.sandbox", False, False),
        ("xtp1", False, False),
    ],
)
def test_a_pod_is_production_or_harmless(name, production, pod):
    assert (is_production(name), is_pod(name)) == (production, pod)


@pytest.mark.parametrize(
    ("name", "expected"), [("tp1", True), ("SB", True), ("1tp", False), ("", False), ("t.p", False), ("t1p", False)]
)
def test_a_name_has_letters_and_then_digits(name, expected):
    assert is_name(name) is expected
