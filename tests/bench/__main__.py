"""Everything that is measured, in one run: `python -m tests.bench [polling|engine|life|fleet|estimates|screen|link|commands]…`. Ratios count; times are those of this machine."""

import platform
import sys
from datetime import UTC, datetime
from importlib import metadata

from tests.bench import commands, engine, estimates, fleet, life, link, polling, screen
from tests.bench.figures import table

PARTS = {
    "polling": polling.figures,
    "engine": engine.figures,
    "life": life.figures,
    "fleet": fleet.figures,
    "estimates": estimates.figures,
    "screen": screen.figures,
    "link": link.figures,
    "commands": commands.figures,
}


def main() -> None:
    """Measure the named parts, all without a name, and print one table each."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("jobdeck", "textual", "httpx", "pydantic"))
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {versions}")
    for part in sys.argv[1:] or PARTS:
        print(f"\n{table(PARTS[part]())}", flush=True)


if __name__ == "__main__":
    main()
