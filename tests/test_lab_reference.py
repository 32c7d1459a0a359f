"""docs/LABS.md tells authors what the code takes."""

from docs.labs_reference import PAGE, REFERENCE, reference
from server.lessons.facts import FACTS, check_fact


def test_the_reference_of_labs_is_that_of_the_code() -> None:
    (shown,) = REFERENCE.findall(PAGE.read_text(encoding="utf-8"))
    assert shown == reference(), "run `python -m docs.labs_reference`"


def test_every_fact_of_the_reference_may_be_asked_for() -> None:
    assert [check_fact(name) for name in FACTS] == [*FACTS]
