"""The golden screens: the app on fixed snapshots, as text that a reviewer can read.

`python -m tests.support.golden_screens` writes them to tests/ui/golden.
"""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from tests.support.factories import NOON, at, job
from tests.support.view_states import (
    ASCII,
    ENDED,
    LOOK,
    NAMED,
    NOWHERE,
    OFFLINE,
    SPOILT,
    THROTTLED,
    UNAUTHORIZED,
    WORKED,
    after,
    snapshot,
)
from tui.core.clock import ManualClock
from tui.domain.errors import JobNotFound, ServerFault
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot, Traffic
from tui.domain.watched_list import Extent, WatchedList
from tui.history.views import USUAL, RememberedView
from tui.ui.app import JobDeckApp
from tui.ui.app_context import AppContext
from tui.ui.rendering.status_bar import Place

FOLDER = Path(__file__).parents[1] / "ui" / "golden"

UPCS = [f"UPC 00410{number:02} is unknown at location W05" for number in range(1, 13)]

FAILED = job(
    102, "FAILED", **NAMED | ENDED | {"locationCode": "W05", "messages": ["38 items have an unknown UPC", *UPCS]}
)


def ended(job_id: int, status: str, **fields: object) -> object:
    """What is known of a job whose end was confirmed."""
    known = job(job_id, status, **NAMED | ENDED | {"success": status == "SUCCESS"} | fields)
    return after(known, known, job_id=job_id)


JOBS = (
    ended(101, "SUCCESS", type="ADJUST", locationCode="W02", itemCount=12, originalFilename=None),
    after(FAILED, FAILED, job_id=102),
    after(
        job(103, "PENDING", **NAMED, added="2026-11-23T11:56:00Z"),
        job(103, "WORKING", **NAMED | WORKED, itemCount=1204),
        job_id=103,
    ),
    after(job(104, "PENDING", **NAMED, added="2026-11-23T11:59:30Z"), job_id=104),
    ended(105, "SUCCESS", itemCount=1_234_567, added="2026-11-22T23:00:00Z", messages=["3 items without a bin"]),
    after(job(106, "WORKING", type="PUT_AWAY_FILE", **WORKED), ServerFault("HTTP 503", http_status=503), job_id=106),
    ended(107, "CANCELLED", type="RELEASE_SHIPMENTS", locationCode="W07"),
    after(
        ended(108, "SUCCESS").job,
        job(108, "WORKING", **NAMED | WORKED | {"itemCount": "soon", "started": "tomorrow", "priority": "high"}),
        job_id=108,
    ),
    after(job(109, None, **NAMED, added="2026-11-23T11:59:00Z"), job_id=109),
    after(job(110, "WORKING", **NAMED | WORKED), JobNotFound("no job 110 here", http_status=404), job_id=110),
    after(NOWHERE, job_id=111),
    after(SPOILT, job_id=112),
    after(ServerFault("HTTP 502", http_status=502), job_id=113),
    after(job_id=114),
    ended(115, "FAILED", locationCode="倉庫", messages=["商品が見つかりません", "second"]),
)
"""One job of every kind that the app words in its own way."""

ALL = replace(snapshot(*JOBS), traffic=Traffic(requests_per_min=12, next_at=at(2), late_s=7.0))

UPLOAD = {"type": "REFRESH", "originalFilename": "STORE_INVENTORY_20261123_0930.csv"}


def _of_upload(job_id: int) -> object:
    place = f"{1000 + 7 * (job_id - 884_200)}"
    missing = [f"UPC 00{number} not found at location {place}" for number in range(22945, 22945 + 96)]
    rows = [f'Row {number}: quantity "n/a" is not a number' for number in range(12, 51)]
    messages = {884_257: [*missing, *rows, "Unexpected end of file"], 884_301: missing[:58], 884_311: rows[:24]}
    if job_id in messages:
        return ended(job_id, "FAILED", **UPLOAD, locationCode=place, messages=messages[job_id])
    if job_id < 884_387:
        return ended(job_id, "SUCCESS", **UPLOAD, locationCode=place)
    times = WORKED if job_id < 884_389 else {"added": WORKED["added"]}
    return after(
        job(job_id, "WORKING" if times is WORKED else "PENDING", **UPLOAD | times, locationCode=place), job_id=job_id
    )


LARGE = replace(
    snapshot(
        *map(_of_upload, range(884_200, 884_390)),
        *(ended(job_id, "SUCCESS", type="ADJUST", originalFilename="KIBO_ADJUST_261123") for job_id in range(11, 17)),
        lists=(
            WatchedList(
                Selection(file=UPLOAD["originalFilename"]),
                reading=2,
                read_at=NOON,
                has_jobs=True,
                extent=Extent.COMPLETE,
            ),
        ),
    ),
    traffic=Traffic(requests_per_min=12),
)
"""Two files: one of 190 jobs with three failures, and one in which all succeeded."""

STALE = snapshot(*(after(each.job, ServerFault("HTTP 503"), job_id=each.job_id) for each in JOBS if each.job))


class FixedSnapshots:
    """Gives the app snapshots in place of the monitor's thread, and ignores its commands."""

    def __init__(self, first: Snapshot | None) -> None:
        self._slot = first

    def start(self, *, on_news, on_crash):
        del on_crash
        if self._slot is not None:
            on_news()

    def take(self) -> Snapshot | None:
        taken, self._slot = self._slot, None
        return taken

    def tell(self, command) -> None:
        del command


UNGROUPED = RememberedView(grouping="none")

SANDBOX = Place("sandbox", "t4711")


@dataclass(frozen=True)
class GoldenScreen:
    """A screen of the app, after some keys."""

    snapshot: Snapshot | None = ALL
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (80, 24)
    now: object = NOON
    glyphs: object = LOOK.glyphs
    job_ids: tuple[int, ...] = tuple(tracked.job_id for tracked in JOBS)
    place: Place = SANDBOX
    view: RememberedView = UNGROUPED


def _outage(link) -> Snapshot:
    return replace(ALL, link=link, traffic=Traffic(next_at=link.until))


SCREENS = {
    "split_80x24": GoldenScreen(),
    "split_120x40": GoldenScreen(keys=("j",), size=(120, 40)),
    "split_200x40": GoldenScreen(keys=("j",), size=(200, 40)),
    "groups_80x24": GoldenScreen(LARGE, job_ids=LARGE.watchlist.ids, view=USUAL),
    "groups_120x40": GoldenScreen(LARGE, size=(120, 40), job_ids=LARGE.watchlist.ids, view=USUAL),
    "groups_folded": GoldenScreen(LARGE, ("h", "j"), (120, 18), job_ids=LARGE.watchlist.ids, view=USUAL),
    "groups_by_cause": GoldenScreen(
        LARGE, ("o", *"cause", "enter"), (120, 30), job_ids=LARGE.watchlist.ids, view=USUAL
    ),
    "groups_ascii_60x15": GoldenScreen(
        LARGE, size=(60, 15), glyphs=ASCII.glyphs, job_ids=LARGE.watchlist.ids, view=USUAL
    ),
    "list_120x24": GoldenScreen(keys=("|",), size=(120, 24)),
    "list_times_as_ages": GoldenScreen(keys=("|", "t", "t"), size=(100, 24)),
    "list_sorted_and_filtered": GoldenScreen(
        keys=("|", "s", *"by status", "enter", "S", "/", *"inv", "enter"), size=(120, 18)
    ),
    "detail_overview": GoldenScreen(keys=("j", "3"), size=(80, 40)),
    "detail_unreadable": GoldenScreen(keys=(*"jjjjjjj", "3"), size=(80, 40)),
    "detail_messages": GoldenScreen(keys=("j", "3", "]"), size=(80, 30)),
    "detail_raw": GoldenScreen(keys=("j", "3", "]", "]"), size=(80, 40)),
    "detail_full_screen": GoldenScreen(keys=("j", "j", "3", "f")),
    "deck_120x40": GoldenScreen(keys=("j", "m", "j", "m", "4"), size=(120, 40)),
    "help_80x24": GoldenScreen(keys=("?",)),
    "help_160x40": GoldenScreen(keys=("?",), size=(160, 40)),
    "small_60x15": GoldenScreen(size=(60, 15)),
    "tiny_20x5": GoldenScreen(size=(20, 5)),
    "ascii_80x24": GoldenScreen(glyphs=ASCII.glyphs),
    "outage": GoldenScreen(_outage(OFFLINE), now=at(12)),
    "rate_limited": GoldenScreen(_outage(THROTTLED), now=at(12)),
    "unauthorised": GoldenScreen(_outage(UNAUTHORIZED), now=at(12)),
    "stale": GoldenScreen(STALE, now=at(95)),
    "empty": GoldenScreen(Snapshot(), job_ids=()),
    "loading": GoldenScreen(None),
    "waiting_for_a_file": GoldenScreen(
        snapshot(lists=(WatchedList(Selection(file="inv_0930.csv"), reading=1, read_at=NOON),)), job_ids=()
    ),
    "production": GoldenScreen(snapshot(*JOBS[:3]), place=Place("tp1", "t4711"), size=(80, 18)),
}
"""Each golden screen, by the name of its file."""


@asynccontextmanager
async def _app(golden: GoldenScreen):
    clock = ManualClock(golden.now - timedelta(seconds=1))
    await clock.advance(1)  # the app takes the first snapshot a tenth of a second after its start at most
    session = AppContext(
        monitor=FixedSnapshots(golden.snapshot),
        place=golden.place,
        clock=clock,
        job_ids=golden.job_ids,
        glyphs=golden.glyphs,
        view=golden.view,
    )
    app = JobDeckApp(session)
    async with app.run_test(size=golden.size) as pilot:
        yield app, pilot


async def screen_text(golden: GoldenScreen) -> str:
    """Return the lines of the screen, without blanks at their ends."""
    async with _app(golden) as (app, pilot):
        main = app.screen_stack[0]
        while golden.snapshot is not None and main.scene.snapshot is not golden.snapshot:
            await pilot.pause()
        await pilot.press(*golden.keys)
        await pilot.pause()
        while main.detail.is_busy:
            await pilot.pause()
        main.bottom.end_message()  # a message in the bottom line hides the keys
        await pilot.pause()
        lines = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
    return "\n".join(lines).rstrip("\n") + "\n"


async def write() -> None:
    """Write all golden screens, and remove files without a screen."""
    FOLDER.mkdir(exist_ok=True)
    for stale in FOLDER.glob("*.txt"):
        if stale.stem not in SCREENS:
            stale.unlink()
    for name, golden in SCREENS.items():
        (FOLDER / f"{name}.txt").write_text(await screen_text(golden), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write())
