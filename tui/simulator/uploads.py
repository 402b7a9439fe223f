"""The calls that create jobs, to try out an upload and its result (tui/api/README.md, Where job ids come from)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.queue import SimJob, encode
from tui.simulator.routes import check_token

if TYPE_CHECKING:
    from starlette.requests import Request

    from tui.simulator.queue import JSON, JobQueue
    from tui.simulator.tokens import TokenDesk

UPLOAD_PATH = "/api/commerce/inventory/v5/inventory"

MOST_ITEMS = {"REFRESH": 12_000, "ADJUST": 1_000}
"""Most items in one call (tui/api/README.md, Limits)."""

SMART_ITEMS = 25
"""Most items that a smart call processes immediately, without a job."""

WAIT_S, PAUSE_S, SHORTEST_RUN_S, LONGEST_RUN_S, ITEMS_PER_S = 1.0, 0.2, 2.0, 8.0, 2_000
"""Seconds: least wait of a job, pause between two jobs, and run time of a job."""

LOCATIONS = ("W01", "W02")
"""Location of a delete call without a location."""

_IDENTIFIERS = ("upc", "partNumber", "sku")

_Item = Mapping[str, object]


class UploadRoutes:
    """The routes that create jobs in the queue.

    Args:
        queue: Receives the jobs.
        desk: Checks tokens.
    """

    def __init__(self, queue: JobQueue, desk: TokenDesk) -> None:
        self._queue = queue
        self._desk = desk
        self._free_s = 0.0
        """When the last created job ends: jobs run one at a time."""

    def routes(self) -> list[Route]:
        """Return the routes for a Starlette app."""
        calls: dict[str, Callable[[Request, Mapping[str, object]], JSON | bytes]] = {
            "refresh": lambda request, body: self._upload(request, body, "REFRESH"),
            "adjust": lambda request, body: self._upload(request, body, "ADJUST"),
            "smart-refresh": lambda request, body: self._smart_upload(request, body, "REFRESH"),
            "smart-adjust": lambda request, body: self._smart_upload(request, body, "ADJUST"),
            "delete": lambda request, body: self._delete(request, body, [body]),
            "deleteItems": lambda request, body: self._delete(request, body, _items(body)),
            "deleteFutureInventory": lambda request, body: self._delete(request, body, [body]),
            "allocate": lambda request, body: self._allocate(request, body, "ALLOCATE"),
            "deallocate": lambda request, body: self._allocate(request, body, "DEALLOCATE"),
            "fulfill": lambda request, body: self._allocate(request, body, "FULFILL"),
        }
        return [Route(f"{UPLOAD_PATH}/{name}", self._answering(call), methods=["POST"]) for name, call in calls.items()]

    def _answering(self, call: Callable[[Request, Mapping[str, object]], JSON | bytes]) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            check_token(request, self._desk)
            try:
                body = json.loads(await request.body())
            except (ValueError, RecursionError):
                body = None
            if not isinstance(body, dict):
                raise HTTPException(400, "The body must be a JSON object")
            value = call(request, body)
            return Response(value if isinstance(value, bytes) else encode(value), media_type="application/json")

        return answer

    def _upload(self, request: Request, body: Mapping[str, object], kind: str) -> JSON:
        items, location = _uploaded(body, kind)
        return {"jobID": self._create(request, kind, location, len(items), _problems(items, kind))}

    def _smart_upload(self, request: Request, body: Mapping[str, object], kind: str) -> JSON:
        items, location = _uploaded(body, kind)
        problems = _problems(items, kind)
        if len(items) > SMART_ITEMS:
            return {"method": "async", "jobID": str(self._create(request, kind, location, len(items), problems))}
        if problems:
            raise HTTPException(400, problems[0])
        return {"method": "sync", "jobID": None}

    def _delete(self, request: Request, body: Mapping[str, object], items: Sequence[_Item]) -> JSON:
        identifiers = [{key: str(item[key]) for key in _IDENTIFIERS if item.get(key)} for item in items]
        if not all(identifiers):
            raise HTTPException(400, f"An item needs one of {', '.join(_IDENTIFIERS)}")
        named = body.get("locationCodes")
        locations = (
            [str(code) for code in named]
            if isinstance(named, list) and named and not body.get("allLocations")
            else [*LOCATIONS]
        )
        is_dry_run = body.get("dryRun") is True
        deleted: list[JSON] = [{"itemIdentifier": identifier, "locationCodes": locations} for identifier in identifiers]
        job_ids = (
            [] if is_dry_run else [self._create(request, "DELETE", location, len(items), ()) for location in locations]
        )
        return {
            "dryRun": is_dry_run,
            "itemsDeleted": deleted,
            "totalLocationsAffected": len(locations),
            "jobIDs": job_ids,
        }

    def _allocate(self, request: Request, body: Mapping[str, object], kind: str) -> JSON | bytes:
        items = _items(body)
        location = body.get("locationCode") or items[0].get("locationCode") or LOCATIONS[0]
        return self._queue.job(self._create(request, kind, str(location), len(items), _problems(items, kind)))

    def _create(self, request: Request, kind: str, location: str, items: int, problems: Sequence[str]) -> int:
        """Add a job to the queue; return its id."""
        now_s, job_id = self._queue.now_s, self._queue.largest_id + 1
        start_s = max(now_s + WAIT_S, self._free_s + PAUSE_S)
        self._free_s = start_s + min(LONGEST_RUN_S, SHORTEST_RUN_S + items / ITEMS_PER_S)
        tenant = request.headers.get("x-vol-tenant", "")
        self._queue.add(
            SimJob(
                job_id=job_id,
                added_s=now_s,
                start_s=start_s,
                end_s=self._free_s,
                type=kind,
                location=location,
                tenant=int(tenant) if tenant.isascii() and tenant.isdigit() else self._queue.tenant,
                status="FAILED" if problems else "SUCCESS",
                items=items - len(problems),
                messages=tuple(problems),
            )
        )
        return job_id


def _items(body: Mapping[str, object]) -> list[_Item]:
    items = body.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise HTTPException(400, "items must be a list of objects that is not empty")
    return items


def _uploaded(body: Mapping[str, object], kind: str) -> tuple[list[_Item], str]:
    """Return items and location of a refresh or an adjustment; raise the platform's error for any other body."""
    items, location = _items(body), body.get("locationCode")
    if not isinstance(location, str) or not location.strip():
        raise HTTPException(400, "locationCode is required")
    if len(items) > MOST_ITEMS[kind]:
        raise HTTPException(400, f"Too many items: {len(items)}, at most {MOST_ITEMS[kind]} are allowed")
    return items, location


def _problems(items: Sequence[_Item], kind: str) -> list[str]:
    """Return a message for each item that makes its job fail: no identifier, or an invalid quantity."""
    return [problem for number, item in enumerate(items, 1) if (problem := _problem(number, item, kind))]


def _problem(number: int, item: _Item, kind: str) -> str | None:
    name = next((f"{key.upper()} {item[key]}" for key in _IDENTIFIERS if item.get(key)), "")
    quantity = item.get("quantity")
    if not name:
        return f"Item {number} has none of {', '.join(_IDENTIFIERS)}"
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        return f"{name}: quantity {json.dumps(quantity)} is not a whole number"
    if quantity < 0 and kind == "REFRESH":
        return f"{name}: quantity {quantity} is negative"
    return None
