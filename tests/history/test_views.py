import json
from dataclasses import replace

import pytest

from tui.history.views import USUAL, RememberedView, Views

HERE, THERE = "https://t1.sandbox.mozu.com/api", "https://t2.sandbox.mozu.com/api"
VIEW = RememberedView(
    "light", "newest", True, "w05", (3, 1), "deck", "age", False, grouping="location", folds=("-file a.csv",)
)


def test_view_comes_back_for_its_api_alone(tmp_path):
    Views(tmp_path).keep(HERE, VIEW)
    Views(tmp_path).keep(THERE, RememberedView("dark"))

    assert Views(tmp_path).last(HERE) == VIEW
    assert Views(tmp_path).last(THERE) == RememberedView("dark")
    assert Views(tmp_path).last("https://t3.sandbox.mozu.com/api") == USUAL


def test_file_is_private(tmp_path):
    Views(tmp_path / "new").keep(HERE, VIEW)

    assert (tmp_path / "new" / "views.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"schema": 2, "views": {}}',
        b'{"schema": 1, "views": 5}',
        b'{"schema": 1, "views": {"%s": 5}}' % HERE.encode(),
        b"[" * 100_000,
    ],
    ids=["empty", "array", "binary", "newer", "no-views", "no-view", "deep"],
)
def test_file_that_cannot_be_used_gives_the_usual_view(tmp_path, content):
    (tmp_path / "views.json").write_bytes(content)

    assert Views(tmp_path).last(HERE) == USUAL


def test_field_with_a_wrong_type_has_its_default(tmp_path):
    kept = {
        "theme": 5,
        "order": "newest",
        "is_reversed": 1,
        "pinned": [1, "2", True],
        "folds": ["-type", 2],
        "unknown": {},
    }
    (tmp_path / "views.json").write_text(json.dumps({"schema": 1, "views": {HERE: kept}}), encoding="utf-8")

    assert Views(tmp_path).last(HERE) == RememberedView(order="newest", pinned=(1,), folds=("-type",))


def test_file_from_before_there_were_groups_is_read(tmp_path):
    Views(tmp_path).keep(HERE, VIEW)
    file = tmp_path / "views.json"
    content = json.loads(file.read_text())
    del content["views"][HERE]["grouping"], content["views"][HERE]["folds"]
    file.write_text(json.dumps(content))

    assert Views(tmp_path).last(HERE) == replace(VIEW, grouping="", folds=())


def test_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    Views(tmp_path / "file").keep(HERE, VIEW)

    assert Views(tmp_path / "file").last(HERE) == USUAL
