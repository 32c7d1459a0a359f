"""Texts that nobody writes by hand: reading one takes time and memory by its length alone, and ends in words."""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from engine.doctor.sent import Sent, sent
from engine.errors import EngineError
from server.datasets.reading import read as read_table
from server.datasets.schemas import OwnTable
from server.doctor.reading import Limits, read
from server.doctor.reading.reading import Reading
from server.problems import Problem
from server.settings import Settings

LIMITS = Limits(200_000, 20_000, 2_000)
# Processor time: each of these takes a tenth of it, and took a hundred times as long or ended the server.
MOST_SECONDS, MOST_MB = 5.0, 80.0


def ended(work: Callable[[], object]) -> object:
    """What came of it, a refusal in words too."""
    try:
        return work()
    except (Problem, EngineError) as refused:
        return refused


def in_time(work: Callable[[], object]) -> object:
    start = time.process_time()
    result = ended(work)
    assert time.process_time() - start < MOST_SECONDS
    return result


def in_little_memory(work: Callable[[], object]) -> object:
    tracemalloc.start()
    try:
        result = ended(work)
        assert tracemalloc.get_traced_memory()[1] < 1e6 * MOST_MB
    finally:
        tracemalloc.stop()
    return result


TEXTS = {
    "columns of R without rows": "[,1]\n" * 8_000,
    "rows of R without numbers": "[,1]\n[1,] \n" * 5_000,
    "vectors of R without numbers": "[1]  \n" * 8_000,
    "a matrix that is turned and turned": f"W1 = [[{'1 ' * 9_000}]]" + ".T()" * 45_000,
    "many zeros": "W1 = zeros((9, 2222))\n" * 1_900,
    "zeros in one bracket": f"W1 = [{'zeros((9, 222)) ' * 9_000}]",
    "a long number in a table": "a\t" + "1" * 100_000 + "x\n",
    "blocks of columns": "".join(f"Columns {column} through {column}\n1\n" for column in range(1, 8_000)),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_is_read_in_time(text: str) -> None:
    in_time(lambda: read(text, LIMITS))


GROWING = {
    "a long name in front of braces": "a" * 40_000 + " = {" + "b: 1, " * 3_000,
    "a long number of a layer": "Layer " + "1" * 40_000 + ":\n" + "W = 1\n" * 3_000,
    "a large factor above many numbers": "1.0e+999 *\n\n" + ("1 " * 50 + "\n") * 300,
    "a factor above more numbers than are read": "1.0e+99 *\n\n" + ("1 " * 50 + "\n") * 500,
    "letters that are written with eighteen": "\ufdfa" * 20_000,
    "zeros for each of many names": "W1 = zeros((9, 2222))\n" * 1_000,
}


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING)
def test_a_text_becomes_no_larger_one(text: str) -> None:
    in_little_memory(lambda: read(text, LIMITS))


@pytest.mark.parametrize(
    "text",
    [
        "[,1]\n[1,] 5\n[," + "1" * 5_000 + "]\n[1,] 6",
        "[,1]\n[" + "1" * 5_000 + ",] 5",
        "[" + "1" * 5_000 + "] 5",
        "Columns " + "1" * 5_000 + "\n1",
        "W1 = [1 2].reshape(" + "9" * 5_000 + ")",
        "W1 = [1 2].reshape(" + "9, " * 50_000 + ")",
        "Layer " + "1" * 5_000 + ":\nW = 1",
        "W" + "1" * 5_000 + " = 1",
        "W1 = zeros((" + "1" * 5_000 + ", 1))",
    ],
)
def test_a_number_with_too_many_digits_is_no_number(text: str) -> None:
    assert isinstance(ended(lambda: read(text, LIMITS)), Reading)


def table(text: str, **wishes: object) -> Callable[[], object]:
    sent_as = OwnTable.model_validate({"csv": text, **wishes}) if wishes else text.encode()
    return lambda: read_table(sent_as, "own data", Settings())


TABLES = {
    "comments": table("".join(f"#{number:x}\n1,2\n" for number in range(30_000))),
    "a long number that is none": table("a;b\n" + ("1" * 100_000 + "x;2\n") * 2),
    "ten thousand columns of one name": table("\n".join([",".join(["a"] * 10_000), *[",".join("1" * 10_000)] * 2])),
    "a feature of many words": table(
        "a,b\n" + "".join(f"w{number},{number % 2}\n" for number in range(20_000)), columns={"a": "feature"}
    ),
}


@pytest.mark.parametrize("work", TABLES.values(), ids=TABLES)
def test_a_table_is_read_in_time(work: Callable[[], object]) -> None:
    assert isinstance(in_time(work), EngineError)


def test_objects_that_have_nothing_in_common_are_refused_before_they_are_a_table() -> None:
    text = "[" + ",".join(f'{{"k{number}": 1}}' for number in range(9_000)) + "]"
    refused = in_little_memory(table(text))
    assert isinstance(refused, Problem) and refused.code == "csv_too_many_columns"


def test_years_of_five_thousand_digits_are_no_years() -> None:
    head = f"{'1' * 5_000},{'2' * 5_000},a"
    result = ended(table(f"{head}\n" + "0.5,1.5,b\n" * 3))
    assert isinstance(result, tuple | Problem | EngineError)


@pytest.mark.parametrize(
    ("written", "decimals"), [("1" * 100_000 + "_1", 0), (f"1e{'0' * 5_000}1", 0), ("0.50", 2), ("1.e-3", 3), (".5", 1)]
)
def test_the_number_of_a_learner_is_read_in_time(written: str, decimals: int) -> None:
    found = in_time(lambda: sent("dW1", [written]))
    assert isinstance(found, Sent) and found.decimals == decimals
