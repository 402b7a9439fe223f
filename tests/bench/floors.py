"""The least programs that do the same work, for ratios: `python -m tests.bench.floors painter EVERY_S` and `… floors app`.

The painter shows a list of jobs with print and termios; one status changes each EVERY_S seconds, j and k move, q ends.
The app is the smallest useful one that Textual makes.
"""

import os
import select
import sys
import termios
import tty

ROWS = 100
STATUSES = ("\x1b[2m· PENDING", "\x1b[31;1m✖ FAILED ")


def row(number: int, place: int, status: str, *, is_current: bool) -> str:
    """Return what paints one job on line `place`."""
    bar = "\x1b[7m" if is_current else ""
    return f"\x1b[{place + 3};1H{bar} {status}\x1b[m{bar} {number:6} REFRESH  W{number % 50:02}   17:00:00    1:00   1,234 {'':28}\x1b[m"


def paint(every_s: float) -> None:
    """Show the list until q."""
    lines, cursor, top, turn = os.get_terminal_size().lines, 0, 0, 0
    body = lines - 3

    def shown(number: int) -> str:
        status = STATUSES[turn % 2 if number == 1 else 0]
        return row(number, number - top, status, is_current=number == cursor)

    write("\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J" + "".join(map(shown, range(body))))
    while True:
        ready, _, _ = select.select([0], [], [], every_s or None)
        if not ready:
            turn += 1
            write(f"\x1b[4;2H{STATUSES[turn % 2]}\x1b[m")
            continue
        key = os.read(0, 64)
        if key == b"q":
            return
        old, cursor = cursor, max(0, min(ROWS - 1, cursor + {b"j": 1, b"k": -1}.get(key, 0)))
        before, top = top, max(min(top, cursor), cursor - body + 1)
        write("".join(map(shown, (old, cursor) if top == before else range(top, top + body))))


def write(text: str) -> None:
    os.write(1, text.encode())


def painter(every_s: float) -> None:
    """Run the painter on this terminal and put the terminal back."""
    saved = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        paint(every_s)
    finally:
        write("\x1b[?25h\x1b[?1049l")
        termios.tcsetattr(0, termios.TCSADRAIN, saved)


def app() -> None:
    """Run the smallest useful app of Textual's."""
    from textual.app import App
    from textual.widgets import DataTable, Footer, Header

    class Least(App):
        BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012

        def compose(self):
            yield Header()
            yield DataTable(cursor_type="row")
            yield Footer()

        def on_mount(self):
            table = self.query_one(DataTable)
            table.add_columns("Job", "Status", "Type", "Added", "Run")
            for number in range(ROWS):
                table.add_row(f"{number}", "WORKING", "REFRESH", "2026-11-23 17:00:00", "00:01:00", key=str(number))

    Least().run()


if __name__ == "__main__":
    app() if sys.argv[1] == "app" else painter(float(sys.argv[2]))
