"""Files in a folder of labs that have no end, are no files, or are too long: the others are there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from server.lessons.documents import MOST_BYTES
from tests.server.test_labs import LESSON, changed, client_with, written

BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (lambda path: os.mkfifo(path), "no ordinary file"),
    "a device without an end": (lambda path: path.symlink_to("/dev/zero"), "no ordinary file"),
    "a folder": (lambda path: path.mkdir(), "no ordinary file"),
    "a long file": (lambda path: path.write_text(f'"{"a" * MOST_BYTES}"'), f"more than {MOST_BYTES} bytes"),
    "a file without a place": (lambda path: path.symlink_to("/nowhere/at/all"), "cannot be read"),
}


@pytest.mark.parametrize(("make", "reason"), BAD.values(), ids=BAD)
async def test_what_is_no_file_of_words_is_refused_and_the_others_still_work(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    labs = written(tmp_path / "labs")
    make(labs / "04-own" / "xx.json")
    async with client_with(tmp_path, labs) as client:
        answer = (await client.get("/labs")).json()
        assert (await client.get("/labs/gate")).status_code == 200
    (refused,) = answer["refused"]
    assert refused["file"] == "04-own/xx.json" and reason in refused["reason"]


@pytest.mark.parametrize("id", ["../x", "__proto__", "a/b", "é", "", "a" * 41])
async def test_an_id_that_is_no_name_is_refused(tmp_path: Path, id: str) -> None:
    async with client_with(tmp_path, written(tmp_path / "labs", changed(LESSON, "id", to=id))) as client:
        (refused,) = (await client.get("/labs")).json()["refused"]
    assert refused["reason"].startswith("id: ")
