"""The routes of the simulated queue API. Faults, delays and headers come from the app."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.queue import DEFAULT_LIMIT, encode

if TYPE_CHECKING:
    from starlette.requests import Request

    from tui.simulator.queue import JSON, JobQueue
    from tui.simulator.tokens import TokenDesk


QUEUE_PATH = "/api/commerce/inventory/v1/queue"

TOKEN_PATH = "/api/platform/applications/authtickets/oauth"  # noqa: S105 - an address

TENANT_PATH = "/api/platform/tenants"

FILTER_TYPES = frozenset({
    "REFRESH",
    "ADJUST",
    "RELEASE_SHIPMENTS",
    "CREATE_PICK_WAVE",
    "CLOSE_PICK_WAVE",
    "PUT_AWAY_FILE",
    "SHORT_PICK_ERROR",
    "BIN_AUDIT_START",
    "BIN_AUDIT_COMPLETION",
    "CREATE_BIN_AUDIT",
    "RELEASE_PENDING_ITEMS",
})  # fmt: skip
"""Types that the list filter accepts; the other four appear only in lists without it (tui/api/README.md, Job)."""

_MAX_INT64 = 2**63 - 1


class QueueRoutes:
    """The routes of the job queue and the token call.

    Args:
        queue: The jobs.
        desk: Checks tokens.
        is_dev_tenant: Whether the tenant call reports development tenants.
    """

    def __init__(self, queue: JobQueue, desk: TokenDesk, *, is_dev_tenant: bool = True) -> None:
        self._queue = queue
        self._desk = desk
        self._is_dev_tenant = is_dev_tenant

    def routes(self) -> list[Route]:
        """Return the routes for a Starlette app."""
        return [
            Route(f"{QUEUE_PATH}/{{job_id}}", self.job, methods=["GET"]),
            Route(QUEUE_PATH, self.jobs, methods=["GET"]),
            Route(TOKEN_PATH, self.token, methods=["POST"]),
            Route(f"{TENANT_PATH}/{{tenant_id}}", self.tenant, methods=["GET"]),
        ]

    async def job(self, request: Request) -> Response:
        """Answer `GET …/queue/{jobID}`."""
        check_token(request, self._desk)
        job_id = _int64(request.path_params["job_id"])
        if job_id is None:
            raise HTTPException(400, "jobID must be an integer")
        answer = self._queue.job(job_id)
        if answer is None:
            return _json(404, {"error": "Job Not Found", "message": f"Job {job_id} is not in the queue"})
        return _json(200, answer)

    async def jobs(self, request: Request) -> Response:
        """Answer `GET …/queue`."""
        check_token(request, self._desk)
        query = request.query_params
        limit = _int64(query.get("limit", str(DEFAULT_LIMIT)))
        if limit is None or limit < 1:
            raise HTTPException(400, "limit must be a positive integer")
        types = query.getlist("types")
        if not FILTER_TYPES.issuperset(types):
            raise HTTPException(400, f"types takes {', '.join(sorted(FILTER_TYPES))}")
        answers = self._queue.jobs(
            location=query.get("locationCode"),
            types=types,
            owner=query.get("owner"),
            filename=query.get("originalFilename"),
            limit=limit,
        )
        return _json(
            200, b"[" + b",".join(answer if isinstance(answer, bytes) else encode(answer) for answer in answers) + b"]"
        )

    async def token(self, request: Request) -> Response:
        """Answer the token call."""
        try:
            asked = json.loads(await request.body())
        except ValueError:
            asked = None
        if not isinstance(asked, Mapping):
            raise HTTPException(400, "The body must be a JSON object")
        granted = self._desk.grant(asked)
        if granted is None:
            raise HTTPException(200 if self._desk.is_refusing_in_200 else 401, "Invalid credentials")
        return _json(200, granted)

    async def tenant(self, request: Request) -> Response:
        """Answer `GET …/tenants/{id}`, which returns the API's domain; Kibo's SDK uses it with https only."""
        check_token(request, self._desk)
        tenant_id = _int64(request.path_params["tenant_id"])
        if tenant_id is None:
            raise HTTPException(400, "The tenant must be an integer")
        domain = request.headers.get("host", request.url.netloc)
        return _json(
            200,
            {
                "id": tenant_id,
                "name": f"t{tenant_id}",
                "domain": domain,
                "isDevTenant": self._is_dev_tenant,
                "sites": [],
            },
        )


def check_token(request: Request, desk: TokenDesk) -> None:
    """Accept a request with a valid token; raise the platform's error for any other."""
    if not desk.accepts(request.headers.get("authorization")):
        raise HTTPException(401, "Missing, invalid or expired access token")


_ERROR_CODES = {
    200: "UNAUTHORIZED",
    400: "VALIDATION_CONFLICT",
    401: "UNAUTHORIZED",
    404: "ITEM_NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
}


async def platform_error(request: Request, error: Exception) -> Response:
    """Return an error in the platform's form: message, errorCode, correlationId (tui/api/README.md, Calls)."""
    if not isinstance(error, HTTPException):
        raise error
    fields = {
        "message": error.detail,
        "errorCode": _ERROR_CODES.get(error.status_code, "UNKNOWN"),
        "correlationId": request.state.correlation_id,
    }
    return _json(error.status_code, fields)


def _json(status: int, value: JSON | bytes) -> Response:
    body = value if isinstance(value, bytes) else encode(value)
    return Response(body, status_code=status, media_type="application/json")


def _int64(text: str) -> int | None:
    """Return the number, or None for text that is not a plain 64-bit integer."""
    if re.fullmatch(r"-?[0-9]{1,19}", text) is None:
        return None
    value = int(text)
    return value if -_MAX_INT64 - 1 <= value <= _MAX_INT64 else None
