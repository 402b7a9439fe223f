"""The command with a bug in one place of it, in a process of its own."""

import sys

WORDS = "\x1b[31m {token} {secret} \x9b2J Authorization: Bearer canary-other\nTraceback of a merchant"
"""What the bug quotes: a token, and what acts on a terminal."""

_PLANT = """
import importlib, os, sys

places, words = {place!r}.split(), {words!r}.format(token=os.environ.get("KIBO_ACCESS_TOKEN"), secret=os.environ.get("KIBO_SHARED_SECRET"))

def bug(*_, **__):
    raise ZeroDivisionError(words)

class Broken:
    def find_spec(self, name, *_):
        if name in places:
            bug()

for place in places:
    module, _, path = place.partition(":")
    if path:
        *owners, name = path.split(".")
        owner = importlib.import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        setattr(owner, name, bug)
sys.meta_path.insert(0, Broken())
sys.argv[0] = "jobdeck"
from tui.__main__ import main
main()
"""


def planted(place: str, *arguments: str) -> list[str]:
    """Return the command.

    Args:
        place: `module:function` or `module:Class.method`, which raises when it is called, or a module that cannot be imported;
            or several of them with blanks between.
        arguments: The command line's.
    """
    return [sys.executable, "-W", "error", "-c", _PLANT.format(place=place, words=WORDS), *arguments]
