"""The entry of `jobdeck` and of `python -m tui`: Ctrl-C ends it quietly from here on, the imports of a tenth of a
second included.
"""

import sys
from typing import NoReturn

BUG = 70
"""Exit code of a bug (tui/scripts/README.md, Exit codes); `tui.cli.exit_codes` may be what cannot be imported."""


def main() -> NoReturn:
    """Run the command line of this process and end it with its exit code, also where a part of jobdeck cannot be
    imported.
    """
    try:
        from tui.cli.process_exit import end_on_signals  # noqa: PLC0415  # a bug in it is caught here

        end_on_signals()
        from tui.cli.main import main as run  # noqa: PLC0415  # heavier than the imports above

        run()
    except Exception as error:  # noqa: BLE001  # a traceback would show what it quotes, and end with code 1: "a job is FAILED"
        _report(error)
        sys.exit(BUG)


def _report(error: Exception) -> None:
    try:
        from tui.cli.crash_report import report  # noqa: PLC0415  # a bug alone needs it

        report(error)
    except Exception:  # noqa: BLE001  # it is broken, too
        sys.stderr.write(
            f"jobdeck: internal error: {type(error).__name__}; please report it, or install jobdeck again\n"
        )


if __name__ == "__main__":
    main()
