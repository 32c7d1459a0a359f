"""Texts as people paste them, and what is read out of each."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.reader import read

EXAMPLES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))[
    "example"
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["says"])
def test_what_people_paste_is_read(example: dict[str, Any]) -> None:
    reading = read(example["text"], example.get("answers"), example.get("decimal"), example.get("layout"))
    assert {name: tensor.array.value for name, tensor in reading.tensors.items()} == example.get("tensors", {})
    assert [question.id for question in reading.questions] == example.get("questions", [])
    assert [unknown.written for unknown in reading.unknown] == example.get("unknown", [])
    assert [note.code for note in reading.notes] == example.get("notes", [])
    assert reading.layout == example.get("reads_layout")


def test_the_examples_are_many_and_each_says_something_else() -> None:
    assert len({example["says"] for example in EXAMPLES}) == len(EXAMPLES)
    assert len(EXAMPLES) >= 100
