"""API answers made up from every documented shape, and read: no job id may be lost, and no other number may be followed.

`python -m tests.core.paste.generated` reads 5,000 of them; a number and a seed may be given. The suite reads a sample.
"""

import json
import random
import sys
from dataclasses import dataclass

from tui.core.paste import extract_ids

ALL = 5_000

NUMBER_KEYS = (
    "tenantID", "tenantId", "siteId", "itemCount", "numResults", "exportSettingsID", "correlationId", "requestID", "timestamp", "duration_ms",
    "totalCount", "pageSize", "startIndex", "statusCode", "locationId", "catalogId", "quantity", "upc", "queuePosition", "version", "pid",
    "jobType", "jobCount", "numJobs", "orderId", "userID", "masterCatalogID", "ownerId", "retryAfter", "epoch", "line", "id",
)  # fmt: skip
TEXT_KEYS = (
    "locationCode",
    "originalFilename",
    "note",
    "description",
    "messages",
    "owner",
    "type",
    "status",
    "added",
    "upc",
    "traceId",
)
JOB_KEYS = ("jobID", "jobID", "jobID", "jobId", "job_id", "JobID", "jobid", "JOBID")
LIST_KEYS = ("jobIDs", "jobIDs", "jobIds", "job_ids")
WRAPPERS = ("data", "result", "response", "body", "payload", "answer", "items", "value")
TYPES = ("REFRESH", "ADJUST", "ALLOCATE", "DEALLOCATE", "FULFILL", "DELETE")


@dataclass(frozen=True, slots=True)
class Generated:
    """One text, and what it means."""

    text: str
    job_ids: tuple[int, ...]
    kind: str
    """`jobs`, `sync`, `none` or `error`."""


class Maker:
    """Makes texts from one source of randomness."""

    def __init__(self, rng):
        self.rng = rng
        self.job_ids = []

    def number(self):
        """A number that is no job id of this text, of any length that ids have."""
        return self.rng.choice(
            [self.rng.randrange(10 ** self.rng.randint(1, 12)), self.rng.randrange(880_000, 890_000), 30294, 0, -5]
        )

    def job_id(self):
        job_id = self.rng.choice(
            [self.rng.randrange(880_000, 890_000), self.rng.randrange(1, 10 ** self.rng.randint(3, 15))]
        )
        if job_id not in self.job_ids:
            self.job_ids.append(job_id)
        return job_id

    def written_id(self):
        """An id as a number or as a string."""
        job_id = self.job_id()
        return self.rng.choice([job_id, job_id, str(job_id)])

    def words(self):
        number = abs(self.number())
        return self.rng.choice([
            f"UPC {number:013d} not found at location {number % 1000:04d}", f"row {number}: quantity is no number", f"inv_{number}.csv",
            f"job {number} neither", f"KIBO_REFRESH_261129173133_{number}.csv", f"2026-11-29T09:30:03.{number % 1000:03d}Z", str(number),
            f"jobID: {number}", f'{{"jobID": {number}}}', f"{number} items", "", "ünïcödé [x] {y} \\ \" '", f"https://h/queue/{number}",
        ])  # fmt: skip

    def extras(self, most=4):
        """Fields that no reader may take an id from."""
        fields = {}
        for _ in range(self.rng.randint(0, most)):
            kind = self.rng.random()
            if kind < 0.55:
                key = self.rng.choice(NUMBER_KEYS)
                fields[key] = self.rng.choice(
                    [
                        self.number(),
                        str(abs(self.number())),
                        self.number() / 7,
                        None,
                        True,
                        [self.number(), self.number()],
                    ]
                )
            elif kind < 0.9:
                fields[self.rng.choice(TEXT_KEYS)] = self.rng.choice([self.words(), [self.words(), self.words()], None])
            else:
                fields[f"x{self.rng.randint(1, 9)}"] = self.extras(2)
        return fields

    def mixed(self, fields):
        """The fields and others beside, in any order."""
        items = [*{**self.extras(), **fields}.items()]
        self.rng.shuffle(items)
        return dict(items)

    def job(self):
        fields = {
            self.rng.choice(JOB_KEYS): self.written_id(), "tenantID": self.number(), "locationCode": f"{abs(self.number()) % 10_000:04d}",
            "type": self.rng.choice(TYPES), "added": "2026-11-29T09:30:03.123Z", "status": self.rng.choice(["PENDING", "FAILED", "NEW"]),
            "itemCount": self.number(), "messages": [self.words() for _ in range(self.rng.randint(0, 3))], "success": True,
        }  # fmt: skip
        return self.mixed(fields)

    def jobs_answer(self):
        """The answer of a call that created jobs (tui/api/README.md, "Where job ids come from")."""
        some = range(self.rng.randint(1, 4))
        return self.rng.choice([
            lambda: self.mixed({self.rng.choice(JOB_KEYS): self.written_id()}),
            lambda: {self.rng.choice(JOB_KEYS): self.written_id()},
            lambda: self.mixed({"method": "async", "jobID": str(self.job_id())}),
            lambda: self.mixed({
                "dryRun": False, "itemsDeleted": [{"upc": f"{abs(self.number()):013d}"} for _ in some],
                self.rng.choice(LIST_KEYS): [self.written_id() for _ in some],
            }),
            self.job,
            lambda: [self.job() for _ in some],
            lambda: self.mixed({"exportInventoryJobResponses": [{"jobID": self.written_id(), "exportSettingsID": self.number()} for _ in some]}),
            lambda: [{self.rng.choice(JOB_KEYS): self.written_id()} for _ in some],
            lambda: {"jobID": [self.written_id() for _ in some]},
        ])()  # fmt: skip

    def other_answer(self, kind):
        if kind == "sync":
            return self.rng.choice(
                [{"method": "sync", "jobID": None}, self.mixed_numbers({"method": "sync", "jobID": None})]
            )
        if kind == "none":
            items = [f"{abs(self.number()):013d}"]
            return self.rng.choice(
                [{"jobIDs": []}, self.mixed_numbers({"dryRun": True, "itemsDeleted": items, "jobIDs": []})]
            )
        words = self.words() or "Tenant suspended"
        return self.rng.choice([
            {"message": words, "errorCode": "VALIDATION_CONFLICT", "correlationId": "7f3a", "applicationName": "Inventory"},
            {"errorMessage": words}, {"error": "Job Not Found", "message": words}, {"error": "invalid_client", "error_description": words},
            {"items": [{"errorCode": "X", "message": words}]}, {"exceptionDetail": {"message": words}},
        ])  # fmt: skip

    def mixed_numbers(self, fields):
        return {**{key: self.number() for key in self.rng.sample(NUMBER_KEYS, 2) if key != "statusCode"}, **fields}

    def wrapped(self, value):
        for _ in range(self.rng.choice([0, 0, 0, 1, 2])):
            value = {**self.extras(2), self.rng.choice(WRAPPERS): value}
        return value

    def written(self, value):
        """The answer as somebody has it."""
        style = self.rng.choice(["compact", "compact", "spaced", "pretty", "tabs", "escaped"])
        options = {
            "compact": {"separators": (",", ":")}, "spaced": {}, "pretty": {"indent": 2}, "tabs": {"indent": "\t"}, "escaped": {"ensure_ascii": True},
        }[style]  # fmt: skip
        return json.dumps(value, **{"ensure_ascii": False, **options})

    def surrounded(self, text, kind):
        status = {"error": "400 Bad Request"}.get(kind, "200 OK")
        number = abs(self.number()) + 1
        headers = f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\nx-vol-correlation: {number}\r\nDate: Sun, 29 Nov 2026 09:30:03 GMT"
        return self.rng.choice([
            lambda: text, lambda: text, lambda: text + "\n", lambda: f"\ufeff{text}\r\n",
            lambda: f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n{text}",
            lambda: f"HTTP/2 {status[:3]} \r\n{headers.lower()}\r\n\r\n{text}\n",
            lambda: f"*   Trying 10.20.30.40:443...\n> POST /x HTTP/1.1\n> x-vol-tenant: {number}\n>\n< HTTP/1.1 {status}\n< x-vol-site: {number}\n<\n{text}\n* Connection #0 left intact\n",
            lambda: f"2026-11-29 09:30:03,123 INFO [pool-{number}] c.e.Uploader:{number} - tenant {number}, answer: {text} in {number} ms",
            lambda: f"Nov 29 09:30:03 etl01 upload[{number}]: {text}\n",
            lambda: f"Hi,\n\nthe API said:\n\n{text}\n\nTicket {number}, tel. +49 89 {number}.\n",
            lambda: f"```json\n{text}\n```\n",
        ])()  # fmt: skip


def generated(seed):
    """Return the text of one seed."""
    rng = random.Random(seed)
    maker = Maker(rng)
    kind = rng.choices(["jobs", "sync", "none", "error"], [80, 7, 7, 6])[0]
    if kind != "jobs":
        value = maker.other_answer(kind)
        return Generated(maker.surrounded(maker.written(value), kind), (), kind)
    values = [maker.wrapped(maker.jobs_answer()) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    if len(values) == 1:
        text = maker.surrounded(maker.written(values[0]), kind)
        if rng.random() < 0.1:
            text = maker.surrounded(repr(values[0]), kind)
    else:
        text = rng.choice(["\n", "", "\n\n"]).join(maker.surrounded(maker.written(value), kind) for value in values)
    return Generated(text, tuple(maker.job_ids), kind)


def misread(made):
    """Return what is wrong with how a text is understood; None if nothing is."""
    understood = extract_ids(made.text)
    if set(understood.job_ids) - set(made.job_ids):
        return f"follows {sorted(set(understood.job_ids) - set(made.job_ids))[:5]}"
    if understood.job_ids != made.job_ids:
        return (
            f"loses {sorted(set(made.job_ids) - set(understood.job_ids))[:5]}"
            if set(understood.job_ids) != set(made.job_ids)
            else "changes the order"
        )
    kind = (
        "jobs"
        if understood.job_ids
        else "error"
        if understood.error
        else "sync"
        if understood.done_at_once
        else "none"
        if understood.without_job
        else "nothing"
    )
    return None if kind == made.kind else f"is taken for {kind}, not {made.kind}: {understood.problem}"


def main(count=ALL, first=0):
    """Read `count` texts and print what is misread; return the exit code."""
    wrong = [(seed, problem) for seed in range(first, first + count) if (problem := misread(generated(seed)))]
    for seed, problem in wrong[:20]:
        print(f"seed {seed}: {problem}\n{generated(seed).text[:600]}\n")  # noqa: T201
    print(f"{count} answers, {len(wrong)} misread")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
