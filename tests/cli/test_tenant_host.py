"""A tenant and credentials are settings enough: real processes at a real socket that is auth host and API in one."""

import json

import pytest

from tests.cli.conftest import TOKEN
from tui.simulator.app import create_app
from tui.simulator.queue import SimJob

TENANT_PATH = "/api/platform/tenants/31014"


@pytest.fixture
def alone(bare, server):
    """The SDK's environment for a tenant, but for the auth host, which is on this machine."""
    return {
        **bare,
        "KIBO_AUTH_HOST": server.url,
        "KIBO_TENANT": "31014",
        "KIBO_SITE": "5",
        "KIBO_CLIENT_ID": "demo",
        "KIBO_SHARED_SECRET": "demo",
    }


def fails(faults, **answer):
    faults.answer_always(path_part=TENANT_PATH, **answer)


def asked(faults):
    return [request.path for request in faults.log]


@pytest.mark.parametrize(
    "arguments",
    [["get", "1"], ["wait", "1"], ["wait", "--file", "inv.csv", "--settle", "0"], ["watch", "1"], ["find"]],
    ids=" ".join,
)
def test_a_tenant_and_a_client_id_are_enough(jobdeck, alone, faults, arguments):
    result = jobdeck(*arguments, env=alone)

    assert (result.returncode, result.stderr) == (0, "")
    assert asked(faults)[:2] == ["/api/platform/applications/authtickets/oauth", TENANT_PATH]
    assert asked(faults).count(TENANT_PATH) == 1


@pytest.mark.parametrize(
    "names",
    [("KIBO_TENANT_ID", "KIBO_SITE_ID", "KIBO_CLIENT_SECRET"), ("KIBO_TENANT", "KIBO_SITE_ID", "KIBO_SHARED_SECRET")],
    ids=str,
)
def test_the_names_of_other_tools_are_enough_too(jobdeck, alone, names):
    kept = {name: alone[name] for name in alone if name not in {"KIBO_TENANT", "KIBO_SITE", "KIBO_SHARED_SECRET"}}

    assert jobdeck("get", "1", env={**kept, **dict(zip(names, ("31014", "5", "demo"), strict=True))}).returncode == 0


def test_a_token_does_as_well(jobdeck, alone, faults):
    kept = {name: alone[name] for name in alone if name not in {"KIBO_CLIENT_ID", "KIBO_SHARED_SECRET"}}

    assert jobdeck("get", "1-4", env={**kept, "KIBO_ACCESS_TOKEN": TOKEN}).returncode == 0
    assert asked(faults)[0] == TENANT_PATH


def test_the_tenant_call_is_counted_by_the_budget(jobdeck, alone, faults):
    """At 20 a minute there is no burst: each request but the first waits for 3 s, less what the one before took to be sent."""
    result = jobdeck("get", "1", "--max-rate", "20/min", env=alone)

    times = {request.path.rpartition("/")[2]: request.at_s for request in faults.log}
    assert result.returncode == 0
    assert times["1"] - times["31014"] > 1


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (
            {"status": 401, "body": b'{"message": "Unauthorized: app is not enabled"}'},
            4,
            "not authorised by 127.0.0.1:",
        ),
        ({"status": 500, "body": b""}, 3, "/api/platform/tenants/31014 does not say where the API is: "),
        (
            {"status": 503, "body": b"", "headers": {"Retry-After": "60"}},
            3,
            "/api/platform/tenants/31014 does not say where the API is: ",
        ),
        (
            {"status": 404, "body": b'{"errorCode": "ITEM_NOT_FOUND", "message": "no tenant"}'},
            3,
            "knows no tenant 31014: no tenant",
        ),
        ({"status": 200, "body": b"<html>Sign in</html>"}, 3, "/api/platform/tenants/31014 describes no tenant"),
        ({"status": 200, "body": b'{"errorCode": "UNAUTHORIZED", "message": "Invalid tenant"}'}, 4, "Invalid tenant; "),
        (
            {"status": 404, "body": b"default backend - 404"},
            3,
            "/api/platform/tenants/31014: default backend - 404; check --auth-host, or",
        ),
        (
            {"status": 405, "body": b"<html>Not allowed</html>"},
            3,
            "/api/platform/tenants/31014 does not say where the API is: ",
        ),
        ({"status": 410, "body": b""}, 3, "check --auth-host, or set the API's address by --api-host"),
        ({"status": 501, "body": b""}, 3, "check --auth-host, or set the API's address by --api-host"),
    ],
    ids=["401", "500", "503", "404", "login-page", "error-body", "404-of-a-gateway", "405", "410", "501"],
)
def test_a_tenant_call_that_fails_is_said_and_no_job_is_asked_for(jobdeck, alone, faults, fault, code, words):
    fails(faults, **fault)

    result = jobdeck("get", "1", env=alone)

    assert result.returncode == code
    assert words in result.stderr
    assert "as Kibo's SDK does" not in result.stderr
    assert not [path for path in asked(faults) if "queue" in path]


def test_where_the_auth_host_does_not_say_it_the_sdks_host_is_used_with_a_note(jobdeck, alone, faults):
    fails(faults, status=403)

    result = jobdeck("get", "1", env={**alone, "HTTPS_PROXY": "http://127.0.0.1:9"})

    assert result.returncode == 3
    assert "note: 127.0.0.1:" in result.stderr
    assert "using t31014-s5.sandbox.mozu.com, as Kibo's SDK does" in result.stderr


def test_config_show_says_where_the_address_comes_from_and_asks_nobody(jobdeck, alone, faults):
    result = jobdeck("config", "show", "-o", "json", env={**alone, "KIBO_REGION": "us"})

    rows = {row["name"]: (row["value"], row["origin"]) for row in json.loads(result.stdout)}
    host = alone["KIBO_AUTH_HOST"].removeprefix("http://")
    assert rows["API"] == (f"asked of {host} at the first request", "domain of tenant 31014, by KIBO_TENANT")
    assert (
        result.stderr
        == "jobdeck: note: KIBO_REGION 'us' is ignored: no server is named after it; known are usc1 and euw1\n"
    )
    assert asked(faults) == []


def checks(result):
    return {check["name"]: (check["state"], check["found"]) for check in json.loads(result.stdout)["checks"]}


@pytest.mark.parametrize(("is_dev", "kind"), [(True, "a development tenant"), (False, "which is live")])
def test_doctor_asks_the_auth_host_and_looks_at_what_it_names(jobdeck, alone, switch, queue, faults, is_dev, kind):
    switch.app = create_app(queue, faults=faults, is_dev_tenant=is_dev)
    host = alone["KIBO_AUTH_HOST"].removeprefix("http://")

    result = jobdeck("doctor", "-o", "json", env=alone)

    found = checks(result)
    assert result.returncode == 0
    assert list(found)[:4] == ["configuration", "token", "tenant", "dns"]
    assert f"API at the domain of tenant 31014, by KIBO_TENANT, which {host} is asked for" in found["configuration"][1]
    assert found["tenant"] == ("ok", f"{host} names {host} as the domain of tenant 31014, {kind}")
    assert found["call"][0] == "ok"
    assert asked(faults).count(TENANT_PATH) == 1


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ({"status": 403}, "warning", 3),
        ({"status": 401}, "failed", 4),
        ({"status": 500}, "failed", 3),
        ({"status": 404, "body": b"default backend - 404"}, "failed", 3),
        ({"status": 405}, "failed", 3),
    ],
    ids=["403", "401", "500", "404", "405"],
)
def test_doctor_says_what_the_auth_host_does_not(jobdeck, alone, faults, fault, state, code):
    fails(faults, **fault)

    result = jobdeck("doctor", "-o", "json", env={**alone, "HTTPS_PROXY": "http://127.0.0.1:9"})

    found = checks(result)
    assert (result.returncode, found["tenant"][0]) == (code, state)
    assert found["call"] == (
        "skipped",
        f"not made, because {'the API cannot be reached' if state == 'warning' else 'the API host is not known'}",
    )


@pytest.mark.parametrize(("name", "is_there"), [("KIBO_SITE", False), ("KIBO_API_ENV", True)])
def test_what_is_missing_is_one_line(jobdeck, bare, name, is_there):
    result = jobdeck("get", "1", env={**bare, name: "5"} if not is_there else {**bare, name: "sb"})

    assert (result.returncode, result.stderr) == (
        2,
        f"jobdeck: {name} is set but KIBO_TENANT is not; set it too, or KIBO_API_HOST\n",
    )


def test_foreign_jobs_are_withheld_as_ever(jobdeck, alone, queue):
    queue.add(SimJob(job_id=77, tenant=9, added_s=-5))

    result = jobdeck("get", "77", env=alone)

    assert result.returncode == 3
    assert "withheld" in result.stderr
