"""Expressions mean what docs/LABS.md says; the page's reader is held to the same examples."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.lessons.format.expressions import check_expression
from server.lessons.format.facts import check_fact
from tests.labs.evaluating import holds

EXAMPLES = json.loads((Path(__file__).parent / "labs" / "expressions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["about"])
def test_an_expression_holds_as_its_example_says(example: dict[str, Any]) -> None:
    assert holds(example["expression"], example["history"]) is example["holds"]


@pytest.mark.parametrize(
    "expression",
    [
        "step",
        [],
        [3],
        ["is", "step", 3],
        ["=", "step"],
        ["=", "step", 3, 4],
        ["<", "step", "3"],
        [">", "step", True],
        ["near", "step", "a"],
        ["near", "step", 3, 0],
        ["near", "step", [1, "a"]],
        ["=", 3, 3],
        ["=", "steps", 3],
        ["=", "at.place", 3],
        ["=", "trace.z1[-1]", 3],
        ["=", "step", {"fact": "step", "minus": 1}],
        ["=", "step", {"fact": "step", "times": "2"}],
        ["seen", "step", 3],
        ["seen", "step", []],
        ["seen", ["seen", "step", [3]]],
        ["all"],
        ["any", ["=", "step"]],
        ["not", ["=", "step", 3], ["=", "step", 4]],
    ],
    ids=json.dumps,
)
def test_what_is_no_expression_is_refused(expression: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_expression(expression)


def test_examples_name_facts_as_labs_do() -> None:
    made_up = {"x", "y"}
    names = {example["expression"][1] for example in EXAMPLES if isinstance(example["expression"][1], str)}
    for name in names - made_up - {"step.more"}:
        assert check_fact(name) == name
