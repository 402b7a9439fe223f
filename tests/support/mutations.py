"""How much of the code is guarded: change one place at a time in a copy of the tree, and see whether a test fails.

`python -m tests.support.mutations --count 30 --path tui/monitor` prints the share of the changes that were noticed and
lists the others. Where the tests that guard a module notice nothing, those of other packages that import it follow, and
all commands; only what needs a terminal or the official SDK is left out. A run that takes too long counts as noticed. A
failure counts if the files that failed fail again, so that a test that fails for another reason on a busy machine hides
nothing.
"""

import argparse
import ast
import contextlib
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

ALSO = {
    "api": ["tests/faults/test_answers.py", "tests/faults/test_tokens.py", "tests/cli/test_token_source.py"],
    "cli": ["tests/terminal/test_app_start.py"],
    "doctor": ["tests/cli/test_doctor.py"],
    "domain": ["tests/monitor", "tests/scripts"],
    "history": ["tests/ui/test_main.py"],
    "monitor": ["tests/faults/test_outages.py", "tests/faults/test_vanishing.py", "tests/faults/test_lists.py"],
    "presentation": ["tests/ui", "tests/scripts"],
    "scripts": ["tests/cli/test_get.py", "tests/cli/test_find.py", "tests/cli/test_scripts.py"],
    "settings": [f"tests/cli/test_{name}.py" for name in ("config", "doctor", "get", "schema", "scripts")],
}
"""What guards a package besides the folder of tests that has its name."""

PAIRS = [
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Eq, ast.NotEq),
    (ast.In, ast.NotIn),
    (ast.Is, ast.IsNot),
    (ast.And, ast.Or),
]
SKIPPED = {"annotation", "returns", "decorator_list"}  # what no run of a function depends on, most often
OTHER = dict(PAIRS) | {right: left for left, right in PAIRS}


class Place(NamedTuple):
    path: Path
    line: int
    start: int  # first byte in the file
    stop: int
    before: str
    after: str

    def __str__(self):
        return f"{self.path}:{self.line}: {' '.join(self.before.split())}  ->  {self.after}"


def places(root, path):
    """Yield every change of a module."""
    source = (root / path).read_bytes()
    begins = [0, *itertools.accumulate(map(len, source.splitlines(keepends=True)))]
    for node, after in changes(ast.parse(source)):
        start, stop = begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset
        yield Place(path, node.lineno, start, stop, source[start:stop].decode(), after)


def changes(node):
    """Yield the expressions below a node with what replaces them; Python 3.11 does not know where those of an f-string are."""
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if name not in SKIPPED and isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                after = changed(child)
                if after is not None:
                    yield (child.value if isinstance(child, ast.Expr) else child), after
                yield from changes(child)


def changed(node):
    match node:
        case ast.Compare(left, [operator], [right]):
            return f"({ast.unparse(ast.Compare(left, [OTHER[type(operator)]()], [right]))})"
        case ast.BoolOp(operator, values):
            return f"({ast.unparse(ast.BoolOp(OTHER[type(operator)](), values))})"
        case ast.UnaryOp(ast.Not(), operand):
            return f"({ast.unparse(operand)})"
        case ast.Constant(bool() as value):
            return str(not value)
        case ast.Constant(int() | float() as value):
            return repr(value + 1)
        case ast.Expr(ast.Call() | ast.Await(ast.Call())):
            return "None"
    return None


class Copy:
    """A copy of the tree, in an empty folder, that tests run in."""

    def __init__(self, root):
        self.root = root
        self.stamp = 1_000_000_000
        listed = subprocess.check_output(["git", "ls-files", "-zco", "--exclude-standard"], cwd=ROOT, text=True)
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, root / name)

    def write(self, path, source):
        self.stamp += 10  # each version has a time of its own, or Python would run one that it compiled before
        (self.root / path).write_bytes(source)
        os.utime(self.root / path, (self.stamp, self.stamp))

    def run(self, tests, limit_s):
        """Return whether tests pass in time, and the files that failed."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "2", "-p", "no:cacheprovider", *tests]
        streams = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            env = os.environ | {"PYTHONPATH": str(self.root)}
            process = subprocess.Popen(
                command, cwd=self.root, env=env, stdout=output, start_new_session=True, **streams
            )
            try:
                code = process.wait(limit_s)
            except subprocess.TimeoutExpired:
                return False, []
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            output.seek(0)
            return code == 0, sorted(set(re.findall(r"^(?:FAILED|ERROR) (\S+?\.py)", output.read(), re.MULTILINE)))

    def notices(self, place, limits_s):
        """Return whether a test fails because of a change."""
        source = (self.root / place.path).read_bytes()
        self.write(place.path, source[: place.start] + place.after.encode() + source[place.stop :])
        try:
            if any(self.fails(each, limits_s[each]) for each in tests_of(place.path)):
                return True
            others = others_of(place.path)
            passes, failed = self.run(others, 3600) if others else (True, [])
            if passes or not failed:
                return not passes
            is_failing_again = not self.run(failed, 3600)[0]
        finally:
            self.write(place.path, source)
        return is_failing_again and self.run(failed, 3600)[0]  # they pass without the change

    def fails(self, tests, limit_s):
        passes, failed = self.run(tests, limit_s)
        if passes or not failed:
            return not passes
        return not self.run(failed, limit_s)[0] or not self.run(tests, limit_s)[0]


def tests_of(path):
    """Return groups of tests that guard a module: those that name it, which are quick, then the folders."""
    name, package = ".".join(path.with_suffix("").parts), path.parts[1] if len(path.parts) > 2 else ""
    naming = [
        str(file.relative_to(ROOT)) for file in sorted(ROOT.glob("tests/**/test_*.py")) if name in file.read_text()
    ]
    folders = [f"tests/{package}" if package else f"tests/test_{path.name}", *ALSO.get(package, [])]
    groups = [tuple(naming), *((folder,) for folder in folders if (ROOT / folder).exists())]
    return [group for group in groups if group] or sys.exit(f"no tests are known for {path}")


@cache
def importers():
    """Return for each module the files that import it."""
    found = defaultdict(set)
    for file in [*ROOT.glob("tui/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    found[name].add(file.relative_to(ROOT))
    return found


@cache
def others_of(path):
    """Return the other tests that run a module: those that import it, directly or not, and all that start commands."""
    reached, waiting = {file.relative_to(ROOT) for file in ROOT.glob("tests/cli/test_*.py")}, [path]
    while waiting:
        new = importers()[".".join(waiting.pop().with_suffix("").parts).removesuffix(".__init__")] - reached
        reached |= new
        waiting += new
    known = {name for group in tests_of(path) for name in group}
    return [
        str(file)
        for file in sorted(reached)
        if file.name.startswith("test_")
        and file.parts[1] not in {"terminal", "sdk", "bench"}
        and known.isdisjoint(map(str, (file, *file.parents)))
    ]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.support.mutations", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100_000)
    parser.add_argument("--path", type=Path, default=Path("tui"), help="a package or a module; tui unless given")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no test and no folder is left behind
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        copy = Copy(Path(folder))
        files = sorted((copy.root / asked.path).rglob("*.py")) or [copy.root / asked.path]
        known = [place for file in files for place in places(copy.root, file.relative_to(copy.root))]
        chosen = sorted(random.Random(asked.seed).sample(known, min(asked.count, len(known))))
        print(f"{len(chosen)} of {len(known)} places, seed {asked.seed}", flush=True)
        limits_s = {}
        for tests in dict.fromkeys(each for place in chosen for each in tests_of(place.path)):
            began_s = time.monotonic()
            passes, failed = copy.run(tests, 3600)
            if not passes:
                sys.exit(f"tests fail without a change: {' '.join(failed or tests)}")
            limits_s[tests] = 60 + 5 * (time.monotonic() - began_s)
        unnoticed = []
        for place in chosen:
            is_noticed = copy.notices(place, limits_s)
            print("noticed  " if is_noticed else "UNNOTICED", place, flush=True)
            unnoticed += [] if is_noticed else [place]
    noticed = len(chosen) - len(unnoticed)
    print(f"\n{noticed} of {len(chosen)} noticed ({100 * noticed / max(1, len(chosen)):.0f} %)", *unnoticed, sep="\n  ")


if __name__ == "__main__":
    main()
