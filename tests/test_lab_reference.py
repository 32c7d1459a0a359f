"""docs/LABS.md tells authors what the code takes, and its example is a lab."""

import re
from pathlib import Path

from docs.labs_reference import PAGE, REFERENCE, reference
from server.app import create_app
from server.lessons.format.facts import FACTS, ROOTS, check_fact
from server.settings import Settings
from tests.labs.evaluating import holds
from tests.labs.measuring import Measuring
from tests.labs.reading import promises_of, read
from tests.server.api import client_of

FENCED = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_reference_of_labs_is_that_of_the_code() -> None:
    (shown,) = REFERENCE.findall(PAGE.read_text(encoding="utf-8"))
    assert shown == reference(), "run `python -m docs.labs_reference`"


def test_every_field_has_a_meaning() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|(?: [^|]* \|)? *([^|]*?) *\|$", reference(), re.MULTILINE)
    assert len(rows) > len(FACTS)
    assert [name for name, meaning in rows if not meaning] == []


def test_every_fact_of_the_reference_may_be_asked_for() -> None:
    assert [check_fact(name) for name in FACTS] == [*FACTS]


def test_the_page_and_the_tests_read_every_fact_and_no_other() -> None:
    page = (PAGE.parents[1] / "static" / "js" / "lab" / "facts.js").read_text(encoding="utf-8")
    roots = page.partition("const ROOTS = {")[2].partition("\n};")[0]
    assert set(re.findall(r"^  (\w+)[:,(]", roots, re.MULTILINE)) == ROOTS
    assert {name.removeprefix("_") for name in vars(Measuring) if name.removeprefix("_") in ROOTS} == ROOTS


async def test_the_smallest_lab_of_the_guide_is_shown_and_keeps_its_promises(tmp_path: Path) -> None:
    lab = tmp_path / "labs" / "smallest"
    lab.mkdir(parents=True)
    for name, text in zip(("lesson.json", "en.json"), FENCED.findall(PAGE.read_text(encoding="utf-8")), strict=True):
        (lab / name).write_text(text, encoding="utf-8")
    async with client_of(create_app(Settings(data_dir=tmp_path, lessons_dir=lab.parent))) as client:
        index = (await client.get("/labs")).json()
        assert index["refused"] == []
        assert index["labs"][-1]["title"] == "What passes a gate?"
        lesson = read(lab / "lesson.json")
        promises = promises_of(lesson.scenes[0])
        assert len(promises) == 2
        for when, expressions in promises:
            facts = await Measuring(client, lesson, lesson.scenes[0], when).facts(expressions)
            assert all(holds(expression, [facts]) for expression in expressions)
