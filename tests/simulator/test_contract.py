"""Every answer against the published document, read afresh: the simulator must not agree only with itself."""

import json
from pathlib import Path

import httpx
import pytest

from tui.simulator.app import create_app
from tui.simulator.demo import demo
from tui.simulator.queue import JobQueue, SimJob
from tui.simulator.scenarios import fleet, still

DOCUMENT = json.loads((Path(__file__).parent.parent / "data" / "openapi.json").read_text())
QUEUE = "/commerce/inventory/v1/queue"
TOKEN = "/platform/applications/authtickets/oauth"
KINDS = {"integer": int, "string": str, "boolean": bool, "array": list, "object": dict}


def complaints(value, schema, where="answer"):
    """Return what in `value` the schema does not allow; a field it does not name counts."""
    if "$ref" in schema:
        return complaints(value, DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], where)
    if value is None and schema.get("nullable"):
        return []
    kind = KINDS[schema["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return [f"{where}: {value!r} is not of type {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum']}"]
    if kind is list:
        return [
            text
            for number, item in enumerate(value)
            for text in complaints(item, schema["items"], f"{where}[{number}]")
        ]
    if kind is dict:
        known = schema["properties"]
        unknown = [f"{where}.{name}: not in the document" for name in value.keys() - known.keys()]
        return unknown + [
            text for name in value.keys() & known for text in complaints(value[name], known[name], f"{where}.{name}")
        ]
    return []


def schema_of(path, method="get", status="200"):
    return DOCUMENT["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"jobID": "1"}, id="type"),
        pytest.param({"itemCount": True}, id="boolean as integer"),
        pytest.param({"status": "DONE"}, id="enum"),
        pytest.param({"jobId": 1}, id="unknown field"),
        pytest.param({"messages": [1]}, id="element"),
        pytest.param({"started": None}, id="null"),
    ],
)
def test_checker_sees_a_wrong_job(value):
    assert len(complaints(value, {"$ref": "#/components/schemas/Job"})) == 1


@pytest.mark.parametrize("jobs", [demo(), fleet(120), still(120)], ids=["demo", "fleet", "still"])
async def test_lists_of_every_scenario_keep_to_the_document(jobs, clock):
    transport = httpx.ASGITransport(app=create_app(JobQueue(jobs, clock)))
    schema = schema_of(QUEUE)
    seen = set()

    async with httpx.AsyncClient(
        transport=transport, base_url="http://x/api", headers={"Authorization": "Bearer demo"}
    ) as client:
        for _ in range(64):
            answer = (await client.get(QUEUE, params={"limit": 1_000})).json()
            seen.update(complaints(answer, schema))
            await clock.advance(10)

    assert not seen


@pytest.mark.parametrize("job_type", DOCUMENT["components"]["schemas"]["Job"]["properties"]["type"]["enum"])
async def test_job_of_each_type_keeps_to_the_document(client, queue, clock, job_type):
    queue.add(SimJob(job_id=50, type=job_type, start_s=10, end_s=20, messages=("note",)))
    schema = schema_of(f"{QUEUE}/{{jobID}}")

    seen = []
    for _ in range(3):
        seen += complaints((await client.get(f"{QUEUE}/50")).json(), schema)
        await clock.advance(10)

    assert not seen


async def test_unknown_job_keeps_to_the_document(client):
    answer = await client.get(f"{QUEUE}/99")

    assert not complaints(answer.json(), schema_of(f"{QUEUE}/{{jobID}}", status="404"))


async def test_token_keeps_to_the_document(client):
    answer = await client.post(
        TOKEN, json={"client_id": "demo", "client_secret": "demo", "grant_type": "client_credentials"}
    )

    assert not complaints(answer.json(), schema_of(TOKEN, "post"))


@pytest.mark.parametrize(
    ("parameter", "path"), [(item["name"], QUEUE) for item in DOCUMENT["paths"][QUEUE]["get"]["parameters"]]
)
async def test_every_documented_filter_changes_the_list(client, parameter, path):
    value = {"limit": "1", "types": "CREATE_PICK_WAVE"}.get(parameter, "nothing has this")

    assert len((await client.get(path, params={parameter: value})).json()) < len((await client.get(path)).json())


async def test_every_documented_type_is_taken_by_the_filter(client):
    parameter = next(item for item in DOCUMENT["paths"][QUEUE]["get"]["parameters"] if item["name"] == "types")

    assert (await client.get(QUEUE, params={"types": parameter["schema"]["items"]["enum"]})).status_code == 200
