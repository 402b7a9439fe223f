import itertools

import pytest

UPLOADS = "/commerce/inventory/v5/inventory"
QUEUE = "/commerce/inventory/v1/queue"
GOOD = {"upc": "0012345678905", "quantity": 5}
REFRESH = {"locationCode": "W07", "items": [GOOD]}


async def ended(client, clock, job_id):
    """Return the job once it must have ended."""
    await clock.advance(60)
    return (await client.get(f"{QUEUE}/{job_id}")).json()


@pytest.mark.parametrize(("call", "kind"), [("refresh", "REFRESH"), ("adjust", "ADJUST")])
async def test_an_upload_is_a_job_that_lives(client, clock, call, kind):
    answer = await client.post(f"{UPLOADS}/{call}", json=REFRESH)
    job_id = answer.json()["jobID"]
    created = (await client.get(f"{QUEUE}/{job_id}")).json()
    await clock.advance(1.5)
    running = (await client.get(f"{QUEUE}/{job_id}")).json()
    done = await ended(client, clock, job_id)

    assert (answer.status_code, answer.json()) == (200, {"jobID": job_id})
    assert [job["status"] for job in (created, running, done)] == ["PENDING", "WORKING", "SUCCESS"]
    assert (done["type"], done["locationCode"], done["itemCount"], done["hasData"]) == (kind, "W07", 1, True)


async def test_jobs_have_new_ids_and_run_one_after_another(client, clock):
    ids = [(await client.post(f"{UPLOADS}/refresh", json=REFRESH)).json()["jobID"] for _ in range(3)]
    await ended(client, clock, ids[0])
    jobs = [(await client.get(f"{QUEUE}/{job_id}")).json() for job_id in ids]

    assert ids == [5, 6, 7]
    assert all(before["finished"] < after["started"] for before, after in itertools.pairwise(jobs))


async def test_jobs_are_listed_and_belong_to_the_tenant_that_the_client_names(client):
    job_id = (await client.post(f"{UPLOADS}/refresh", json=REFRESH, headers={"x-vol-tenant": "4711"})).json()["jobID"]

    (first, *_) = (await client.get(QUEUE)).json()

    assert (first["jobID"], first["tenantID"]) == (job_id, 4711)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"quantity": 5}, "Item 2 has none of upc, partNumber, sku"),
        ({"upc": "1", "quantity": "n/a"}, 'UPC 1: quantity "n/a" is not a whole number'),
        ({"sku": "A1"}, "SKU A1: quantity null is not a whole number"),
        ({"partNumber": "P", "quantity": True}, "PARTNUMBER P: quantity true is not a whole number"),
        ({"upc": "1", "quantity": -3}, "UPC 1: quantity -3 is negative"),
    ],
)
async def test_a_bad_item_makes_the_job_fail_with_a_message(client, clock, item, message):
    job_id = (await client.post(f"{UPLOADS}/refresh", json={"locationCode": "W01", "items": [GOOD, item]})).json()[
        "jobID"
    ]

    job = await ended(client, clock, job_id)

    assert (job["status"], job["messages"], job["itemCount"]) == ("FAILED", [message], 1)


async def test_an_adjustment_may_be_negative(client, clock):
    body = {"locationCode": "W01", "items": [{"upc": "1", "quantity": -3}]}
    job_id = (await client.post(f"{UPLOADS}/adjust", json=body)).json()["jobID"]

    assert (await ended(client, clock, job_id))["status"] == "SUCCESS"


@pytest.mark.parametrize("call", ["smart-refresh", "smart-adjust"])
async def test_a_small_smart_upload_is_done_at_once_and_a_large_one_is_a_job(client, clock, call):
    small, large = ({"locationCode": "W01", "items": [GOOD] * count} for count in (25, 26))

    at_once = (await client.post(f"{UPLOADS}/{call}", json=small)).json()
    later = (await client.post(f"{UPLOADS}/{call}", json=large)).json()

    assert at_once == {"method": "sync", "jobID": None}
    assert later == {"method": "async", "jobID": "5"}
    assert (await ended(client, clock, 5))["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("call", "body", "identifiers"),
    [
        ("delete", {"upc": "1", "locationCodes": ["W03", "W04"]}, [{"upc": "1"}]),
        ("deleteItems", {"items": [{"upc": "1"}, {"sku": "A"}], "allLocations": True}, [{"upc": "1"}, {"sku": "A"}]),
        (
            "deleteFutureInventory",
            {"partNumber": "P", "futureStartDate": "2026-01-26T19:59:00+0000"},
            [{"partNumber": "P"}],
        ),
    ],
)
async def test_a_delete_is_a_job_for_each_location_and_none_in_a_dry_run(client, clock, call, body, identifiers):
    dry = (await client.post(f"{UPLOADS}/{call}", json={**body, "dryRun": True})).json()
    real = (await client.post(f"{UPLOADS}/{call}", json=body)).json()

    assert (dry["dryRun"], dry["jobIDs"]) == (True, [])
    assert (real["dryRun"], real["jobIDs"]) == (False, [5, 6])
    assert [item["itemIdentifier"] for item in real["itemsDeleted"]] == identifiers
    assert (await ended(client, clock, 6))["type"] == "DELETE"


@pytest.mark.parametrize(
    ("call", "kind"), [("allocate", "ALLOCATE"), ("deallocate", "DEALLOCATE"), ("fulfill", "FULFILL")]
)
async def test_an_allocation_is_answered_by_the_whole_job(client, call, kind):
    answer = (
        await client.post(f"{UPLOADS}/{call}", json={"tenantID": 31014, "items": [{**GOOD, "locationCode": "W02"}]})
    ).json()

    assert (answer["jobID"], answer["type"], answer["status"], answer["locationCode"]) == (5, kind, "PENDING", "W02")
    assert (await client.get(f"{QUEUE}/5")).json() == answer


@pytest.mark.parametrize(
    ("call", "body", "message"),
    [
        ("refresh", b"{", "The body must be a JSON object"),
        ("refresh", b"[]", "The body must be a JSON object"),
        ("refresh", b"[" * 100_000, "The body must be a JSON object"),
        ("refresh", b"{}", "items must be a list of objects that is not empty"),
        ("adjust", b'{"items": [], "locationCode": "W01"}', "items must be a list of objects that is not empty"),
        ("adjust", b'{"items": [1], "locationCode": "W01"}', "items must be a list of objects that is not empty"),
        ("refresh", b'{"items": [{"upc": "1", "quantity": 1}]}', "locationCode is required"),
        (
            "smart-refresh",
            b'{"items": [{"upc": "1", "quantity": "x"}], "locationCode": "W01"}',
            'UPC 1: quantity "x" is not a whole number',
        ),
        ("delete", b'{"locationCodes": ["W01"]}', "An item needs one of upc, partNumber, sku"),
        ("deleteItems", b'{"items": [{"upc": ""}]}', "An item needs one of upc, partNumber, sku"),
        ("allocate", b'{"items": "x"}', "items must be a list of objects that is not empty"),
    ],
)
async def test_nonsense_is_a_400_of_the_platform_and_creates_nothing(client, queue, call, body, message):
    answer = await client.post(f"{UPLOADS}/{call}", content=body)

    assert answer.status_code == 400
    assert answer.json()["message"] == message
    assert answer.json().keys() == {"message", "errorCode", "correlationId"}
    assert queue.largest_id == 4


@pytest.mark.parametrize(("call", "most"), [("refresh", 12_000), ("adjust", 1_000)])
async def test_too_many_items_are_refused(client, call, most):
    answers = [
        await client.post(f"{UPLOADS}/{call}", json={"locationCode": "W01", "items": [GOOD] * count})
        for count in (most, most + 1)
    ]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["message"] == f"Too many items: {most + 1}, at most {most} are allowed"


@pytest.mark.parametrize(
    "call", ["refresh", "adjust", "smart-refresh", "smart-adjust", "delete", "deleteItems", "allocate"]
)
async def test_every_call_needs_the_token(client, queue, call):
    answer = await client.post(f"{UPLOADS}/{call}", json=REFRESH, headers={"Authorization": "Bearer wrong"})

    assert (answer.status_code, answer.json()["errorCode"]) == (401, "UNAUTHORIZED")
    assert queue.largest_id == 4


async def test_the_calls_are_posts(client):
    assert (await client.get(f"{UPLOADS}/refresh")).status_code == 405
