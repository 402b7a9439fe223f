import math

import httpx
import pytest

from tui.simulator.app import create_app
from tui.simulator.tokens import TokenDesk

QUEUE = "/commerce/inventory/v1/queue"
TOKEN = "/platform/applications/authtickets/oauth"
CREDENTIALS = {"client_id": "demo", "client_secret": "demo", "grant_type": "client_credentials"}


async def test_job_is_answered_as_json(client):
    answer = await client.get(f"{QUEUE}/1")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert (answer.json()["jobID"], answer.json()["status"]) == (1, "SUCCESS")


async def test_unknown_job_is_a_404_of_the_queue(client):
    answer = await client.get(f"{QUEUE}/99")

    assert answer.status_code == 404
    assert answer.json() == {"error": "Job Not Found", "message": "Job 99 is not in the queue"}


@pytest.mark.parametrize("job_id", ["abc", "1.0", "1_0", "9223372036854775808", "%D9%A1", "1e3"])
async def test_job_id_must_be_a_64_bit_integer(client, job_id):
    answer = await client.get(f"{QUEUE}/{job_id}")

    assert answer.status_code == 400
    assert answer.json()["message"] == "jobID must be an integer"


async def test_list_is_an_array(client):
    answer = await client.get(QUEUE)

    assert answer.status_code == 200
    assert [job["jobID"] for job in answer.json()] == [3, 2, 1]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param({"locationCode": "W01"}, [3, 1], id="locationCode"),
        pytest.param({"types": ["REFRESH"]}, [2, 1], id="one type"),
        pytest.param({"types": ["REFRESH", "RELEASE_SHIPMENTS"]}, [3, 2, 1], id="repeated types"),
        pytest.param({"owner": "erp"}, [2, 1], id="owner"),
        pytest.param({"originalFilename": "inv.csv"}, [2, 1], id="originalFilename"),
        pytest.param({"limit": 1}, [3], id="limit"),
        pytest.param({"locationCode": "nowhere"}, [], id="nothing matches"),
    ],
)
async def test_list_filters(client, query, ids):
    answer = await client.get(QUEUE, params=query)

    assert [job["jobID"] for job in answer.json()] == ids


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=ten", "limit=", "types=FULFILL", "types=REFRESH,ADJUST"]
)
async def test_bad_filter_is_a_400(client, query):
    answer = await client.get(f"{QUEUE}?{query}")

    assert answer.status_code == 400
    assert answer.json().keys() == {"message", "errorCode", "correlationId"}


async def test_pinned_bytes_are_served_untouched(client, queue):
    queue.put(5, b'{"jobID": 5, "itemCount": ')
    queue.put(6, {"itemCount": math.inf})

    assert (await client.get(f"{QUEUE}/5")).content == b'{"jobID": 5, "itemCount": '
    assert (
        await client.get(QUEUE, params={"limit": 2})
    ).content == b'[{"itemCount":Infinity},{"jobID": 5, "itemCount": ]'


@pytest.mark.parametrize("path", [QUEUE, f"{QUEUE}/1", f"{QUEUE}/99", f"{QUEUE}/abc"])
@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic demo", "demo", "Bearer demo "])
async def test_wrong_token_is_a_401_that_quotes_its_correlation(client, path, authorization):
    answer = await client.get(path, headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.json() == {
        "message": "Missing, invalid or expired access token",
        "errorCode": "UNAUTHORIZED",
        "correlationId": answer.headers["x-vol-correlation"],
    }


async def test_missing_token_is_a_401(client):
    del client.headers["Authorization"]

    assert (await client.get(QUEUE)).status_code == 401


async def test_standing_token_can_be_withdrawn(queue):
    tokens = {"abc"}
    transport = httpx.ASGITransport(app=create_app(queue, tokens=tokens))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://x/api", headers={"Authorization": "Bearer abc"}
    ) as client:
        before = await client.get(QUEUE)
        tokens.clear()
        after = await client.get(QUEUE)

    assert (before.status_code, after.status_code) == (200, 401)


async def test_token_call_gives_a_token_that_expires(client, clock):
    granted = (await client.post(TOKEN, json=CREDENTIALS)).json()
    client.headers["Authorization"] = f"Bearer {granted['access_token']}"

    await clock.advance(3599)
    before = await client.get(QUEUE)
    await clock.advance(1)
    after = await client.get(QUEUE)

    assert (granted["token_type"], granted["expires_in"], granted["refresh_token"]) == ("Bearer", 3600, None)
    assert (before.status_code, after.status_code) == (200, 401)


async def test_token_call_needs_no_token(client):
    del client.headers["Authorization"]

    assert (await client.post(TOKEN, json=CREDENTIALS)).status_code == 200


async def test_each_token_is_new(client):
    first, second = [(await client.post(TOKEN, json=CREDENTIALS)).json()["access_token"] for _ in range(2)]

    assert first != second


@pytest.mark.parametrize("wrong", [{"client_id": "x"}, {"client_secret": ["demo"]}, {"grant_type": "password"}])
async def test_wrong_credentials_are_a_401_with_an_error_code(client, wrong):
    answer = await client.post(TOKEN, json=CREDENTIALS | wrong)

    assert answer.status_code == 401
    assert (answer.json()["message"], answer.json()["errorCode"]) == ("Invalid credentials", "UNAUTHORIZED")


async def test_wrong_credentials_may_be_an_error_code_in_a_200(queue):
    desk = TokenDesk(queue.clock)
    desk.is_refusing_in_200 = True
    transport = httpx.ASGITransport(app=create_app(queue, desk=desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator/api") as client:
        answer = await client.post(TOKEN, json=CREDENTIALS | {"client_secret": "x"})

    assert (answer.status_code, answer.json()["errorCode"]) == (200, "UNAUTHORIZED")
    assert "access_token" not in answer.json()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
async def test_token_call_without_a_json_object_is_a_400(client, body):
    answer = await client.post(TOKEN, content=body)

    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/", "/commerce/inventory/v1", f"{QUEUE}/1/items"])
async def test_unknown_path_is_a_404_of_the_platform(client, path):
    answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.json().keys() == {"message", "errorCode", "correlationId"}


async def test_a_tenants_api_is_where_it_was_asked_for(client):
    answer = await client.get("/platform/tenants/31014", headers={"host": "127.0.0.1:8443"})

    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["domain"]) == (31014, "127.0.0.1:8443")


@pytest.mark.parametrize(
    ("tenant", "token", "status"), [("1", "wrong", 401), ("t1", "demo", 400)], ids=["token", "number"]
)
async def test_a_tenant_is_not_told_to_everybody(client, tenant, token, status):
    answer = await client.get(f"/platform/tenants/{tenant}", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == status


async def test_wrong_method_is_a_405(client):
    assert (await client.post(QUEUE)).status_code == 405


async def test_every_answer_has_its_own_correlation_and_the_clock_s_date(client, clock):
    first = await client.get(QUEUE)
    await clock.advance(90)
    second = await client.get(f"{QUEUE}/99")

    assert first.headers["x-vol-correlation"] != second.headers["x-vol-correlation"]
    assert first.headers["date"] == "Mon, 23 Nov 2026 09:30:00 GMT"
    assert second.headers["date"] == "Mon, 23 Nov 2026 09:31:30 GMT"


async def test_correlations_repeat_from_run_to_run(app, client, queue):
    transport = httpx.ASGITransport(app=create_app(queue))
    async with httpx.AsyncClient(transport=transport, base_url="http://x/api") as second_run:
        other = await second_run.get(QUEUE)

    assert (await client.get(QUEUE)).headers["x-vol-correlation"] == other.headers["x-vol-correlation"]
