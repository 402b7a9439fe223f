"""The private names of Textual that the app uses are those of the table in tui/ui/README.md, and Textual has them."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import textual

UI = Path(__file__).resolve().parents[2] / "tui" / "ui"
DEFINED = re.compile(r"def (_[a-z]\w+)|self\.(_[a-z]\w+)\b|^(_[a-z]\w+)\b ?[:=]", re.MULTILINE)


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def names_of_textual():
    """Return the private names that Textual defines, and its private modules."""
    package = Path(textual.__file__).parent
    names = {f"textual.{path.stem}" for path in package.glob("_*.py")}
    for path in package.rglob("*.py"):
        names |= {one or two or three for one, two, three in DEFINED.findall(path.read_text(encoding="utf-8"))}
    return names


def own_names(tree):
    """Return the names that a module defines or sets itself."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def used_in(path, theirs):
    """Return Textual's private names that a module uses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own, used = own_names(tree), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr in theirs - own:
            used.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
            used |= {node.module} if "._" in node.module else set()
            used |= {alias.name for alias in node.names if is_private(alias.name)}
    return used


def overridden_in(path):
    """Return Textual's private names that the classes of a module define or set themselves."""
    name = ".".join(path.relative_to(UI.parents[1]).with_suffix("").parts)
    own = [
        each
        for each in vars(importlib.import_module(name)).values()
        if inspect.isclass(each) and each.__module__ == name
    ]
    found = set()
    for cls in own:
        bases = [base for base in cls.__mro__ if base.__module__.startswith("textual")]
        theirs = {
            name for base in bases for names in DEFINED.findall(inspect.getsource(base)) for name in names if name
        }
        found |= {name for name in own_names(ast.parse(inspect.getsource(cls))) if is_private(name)} & theirs
    return found


def used():
    theirs = names_of_textual()
    paths = [path for path in UI.rglob("*.py") if path.stem != "__init__"]
    found = {
        path.relative_to(UI).with_suffix("").as_posix(): used_in(path, theirs) | overridden_in(path) for path in paths
    }
    return {module: names for module, names in sorted(found.items()) if names}


def listed():
    table = (UI / "README.md").read_text(encoding="utf-8").partition("## Private names of Textual")[2]
    rows = re.findall(r"^\| `([\w/]+)` \| (`.+`) \|$", table, re.MULTILINE)
    return {module: set(re.findall(r"`([^`]+)`", names)) for module, names in rows}


def test_the_table_lists_the_private_names_that_the_app_uses():
    assert used() == listed()


def test_textual_has_every_private_name_of_the_table():
    assert set().union(*listed().values()) <= names_of_textual()


def test_only_the_terminal_package_uses_private_names():
    assert {module for module in used() if not module.startswith("terminal/")} == set()
