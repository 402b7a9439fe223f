"""Kibo's own JavaScript client at `jobdeck simulate`: the simulator has to be true to the wire, not to us."""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TLS = ROOT / "tests" / "data" / "tls"
FOLDER = os.environ.get("JOBDECK_SDK")
"""Where this folder was copied and `npm ci` was run; `.ci/run` does that."""

pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="JOBDECK_SDK names no folder with the SDK in it; .ci/run makes one"
)


ENVIRON = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


@contextmanager
def simulating(*options):
    """Serve the simulator; give the settings that it prints, and the id of its first job."""
    command = [sys.executable, "-m", "tui", "simulate", "--port", "0", *options]
    with subprocess.Popen(
        command, env=ENVIRON, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as simulator:
        try:
            told, job_id = "", None
            while job_id is None:
                line = simulator.stdout.readline()
                assert line, "the simulator ended"
                told, job_id = told + line, re.match(r"jobdeck get (\d+)", line)
            yield dict(re.findall(r"(KIBO_(?!ACCESS)\w+)=(\S+)", told)), int(job_id[1])
        finally:
            simulator.terminate()


def run_client(script, environ):
    """Return what a script of this folder writes."""
    client = ["node", str(Path(FOLDER) / script)]
    result = subprocess.run(client, env={**ENVIRON, **environ}, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def got():
    """What the client got, from its one run."""
    tls = {"SDK_CERTIFICATE": str(TLS / "good.pem"), "NODE_EXTRA_CA_CERTS": str(TLS / "authority.pem")}
    with simulating() as (settings, job_id):
        return {**run_client("queue.mjs", {**settings, **tls, "SDK_JOB": str(job_id)}), "job_id": job_id}


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


@pytest.fixture(scope="module")
def uploaded():
    """What the client's uploads were answered, by call and form, and the settings of the simulator that still has the jobs."""
    with simulating("--speed", "5") as (settings, _):
        yield run_client("uploads.mjs", settings), settings


@pytest.mark.parametrize("form", ["json", "inspected"])
@pytest.mark.parametrize(
    ("call", "code", "jobs", "says"),
    [
        ("refresh", 0, 1, "1 job from standard input"),
        ("failedRefresh", 1, 1, "1 job from standard input"),
        ("adjust", 0, 1, "1 job from standard input"),
        ("smartLarge", 0, 1, "1 job from standard input"),
        ("smartSmall", 0, 0, "was done at once, no job"),
        ("delete", 0, 2, "2 jobs from standard input"),
        ("dryRun", 2, 0, "no job in this response"),
        ("refused", 3, 0, "items must be a list of objects that is not empty"),
        ("unauthorised", 4, 0, "Missing, invalid or expired access token"),
    ],
)
def test_an_upload_leads_to_its_verdict_in_one_pipe(uploaded, call, form, code, jobs, says):
    answers, settings = uploaded
    command = [sys.executable, "-m", "tui", "wait", "-", "-o", "id", "--interval", "0.5"]

    environ = {**ENVIRON, "KIBO_API_HOST": settings["KIBO_API_HOST"], "KIBO_ACCESS_TOKEN": "demo"}
    result = subprocess.run(
        command, input=answers[call][form], env=environ, capture_output=True, text=True, timeout=60, check=False
    )

    assert (result.returncode, len(result.stdout.split())) == (code, jobs), result.stderr
    assert says in result.stderr
