"""Kibo's own JavaScript client at `jobdeck simulate`: the simulator has to be true to the wire, not to us."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TLS = ROOT / "tests" / "data" / "tls"
FOLDER = os.environ.get("JOBDECK_SDK")
"""Where this folder was copied and `npm ci` was run; `.ci/run` does that."""

pytestmark = pytest.mark.skipif(FOLDER is None, reason="JOBDECK_SDK names no folder with the SDK in it; .ci/run makes one")


@pytest.fixture(scope="module")
def got():
    """What the client got, from its one run."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "tui", "simulate", "--port", "0"]
    with subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as simulator:
        try:
            told, job_id = "", None
            while job_id is None:
                line = simulator.stdout.readline()
                assert line, "the simulator ended"
                told, job_id = told + line, re.match(r"jobdeck get (\d+)", line)
            settings = dict(re.findall(r"(KIBO_(?!ACCESS)\w+)=(\S+)", told))
            tls = {"SDK_CERTIFICATE": str(TLS / "good.pem"), "NODE_EXTRA_CA_CERTS": str(TLS / "authority.pem"), "SDK_JOB": job_id[1]}
            client = ["node", str(Path(FOLDER) / "queue.mjs")]
            result = subprocess.run(client, env={**environ, **settings, **tls}, capture_output=True, text=True, timeout=60, check=False)
        finally:
            simulator.terminate()
    assert result.returncode == 0, result.stderr
    return {**json.loads(result.stdout), "job_id": int(job_id[1])}


@pytest.fixture(params=["http", "https"])
def asked(request, got):
    return got[request.param]


def test_client_id_and_secret_become_a_token(got):
    assert got["ticket"].keys() >= {"access_token", "token_type", "expires_in", "refresh_token", "expires_at"}
    assert got["renewed"]["access_token"] != got["ticket"]["access_token"]


def test_a_wrong_secret_is_refused_in_the_platforms_words(got):
    assert got["refused"]["message"] == "Invalid credentials"


def test_a_wrong_token_is_refused_with_a_correlation_id(got):
    assert got["unauthorised"]["response"]["status"] == 401
    assert got["unauthorised"]["apiError"].keys() == {"message", "errorCode", "correlationId"}
    assert got["unauthorised"]["response"]["correlationId"] == got["unauthorised"]["apiError"]["correlationId"]


def test_one_job_is_read(asked, got):
    assert asked["one"]["jobID"] == got["job_id"]
    assert asked["one"]["status"] in {"PENDING", "WORKING", "SUCCESS", "FAILED"}


def test_jobs_are_listed(asked):
    assert len(asked["all"]) > 10
    assert all(job.keys() >= {"jobID", "tenantID", "locationCode", "type", "added", "status"} for job in asked["all"])


def test_filters_hold(asked):
    (filename,) = {job["originalFilename"] for job in asked["filtered"]}

    assert filename.endswith(".csv")
    assert len(asked["filtered"]) == 3
    assert {job["type"] for job in asked["adjusted"]} == {"ADJUST"}
    assert asked["nobodys"] == []


def test_a_job_that_does_not_exist_is_an_error_with_words(asked):
    assert asked["missing"]["response"]["status"] == 404
    assert asked["missing"]["apiError"].keys() == {"error", "message"}
    assert asked["missing"]["message"] == asked["missing"]["apiError"]["message"]


def test_a_wrong_filter_is_an_error_with_words(asked):
    assert asked["wrong"]["response"]["status"] == 400
    assert "limit" in asked["wrong"]["message"]
