"""The entry of `jobdeck` and of `python -m tui`: Ctrl-C ends it quietly from here on, the imports of a tenth of a second included."""

from typing import NoReturn

from tui.cli.leaving import end_on_signals


def main() -> NoReturn:
    """Run the command line of this process and end it with its exit code."""
    end_on_signals()
    from tui.cli.main import main as run  # noqa: PLC0415  # heavy beside what stands above

    run()


if __name__ == "__main__":
    main()
