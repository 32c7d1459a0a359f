"""Ten thousand tables as tools write them: what was written is what is read, or it is refused in words."""

import csv
import io
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from server.problems import Problem
from tests.own_tables import understood
from tests.thorough import usually

TABLES, PARTS = 10_000, 4
NAMES = ("width", "height", "mass", "colour", "age of tree", "größe", "Höhe", "kind", "no of legs")
WORDS = (("red", "green", "blue"), ("cat", "dog, small", "bird"), ("groß", "klein"), ("yes", "no"), ("x;y", 'say "hi"'))
Value = float | str | None


@dataclass(frozen=True)
class Form:
    """How a table is written."""

    separator: str
    decimal: str
    header: bool
    encoding: str
    quotes_all: bool
    end: str
    trailing: bool
    comments: int
    minus: str
    columns: int
    rows: int
    missing: str
    seed: int


FORMS = st.builds(
    Form,
    separator=st.sampled_from(",;\t| "),
    decimal=st.sampled_from(".,"),
    header=st.booleans(),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")),
    quotes_all=st.booleans(),
    end=st.sampled_from(("\n", "\r\n", "\r")),
    trailing=st.booleans(),
    comments=st.integers(0, 2),
    minus=st.sampled_from("-−"),
    columns=st.integers(2, 6),
    rows=st.integers(2, 14),
    missing=st.sampled_from((None, None, "", "NA", "?", "null")),
    seed=st.integers(0, 2**32),
)


def values_of(form: Form, rng: random.Random) -> tuple[list[str], list[list[Value]], list[list[str]]]:
    """Names, values by row, and the cells that are written for them."""
    names = rng.sample(NAMES, form.columns)
    if rng.random() < 0.4:
        names[rng.randrange(form.columns)] = rng.choice(
            ("label", "class", "target", "Класс" if "utf" in form.encoding else "y")
        )
    kinds = [rng.choice(("whole", "few", "decimal", "grouped", "exponent", "words")) for _ in names]
    words = [rng.choice(WORDS) for _ in names]
    values: list[list[Value]] = []
    cells: list[list[str]] = []
    for _ in range(form.rows):
        pairs = [_cell(form, rng, kind, choices) for kind, choices in zip(kinds, words, strict=True)]
        values.append([value for value, _ in pairs])
        cells.append([cell for _, cell in pairs])
    return names, values, cells


def _cell(form: Form, rng: random.Random, kind: str, choices: tuple[str, ...]) -> tuple[Value, str]:
    if form.missing is not None and rng.random() < 0.1:
        # A blank at the end of a line is nothing, so an empty cell cannot be written between blanks.
        return None, form.missing or ("NA" if form.separator == " " else "")
    if kind == "words":
        word = rng.choice(choices)
        return word, word
    whole = rng.choice((rng.randrange(10), rng.randrange(-2_000, 2_000)))
    match kind:
        case "whole":
            text = str(whole)
        case "few":
            text = str(rng.randrange(3))
        case "decimal":
            text = f"{rng.uniform(-5, 2_000):.{rng.randrange(1, 5)}f}"
        case "exponent":
            text = f"{rng.uniform(-5, 5):.3e}"
        case _:
            text = f"{rng.uniform(-5, 20_000):,.{rng.randrange(3)}f}"
    value = float(text.replace(",", ""))
    written = text.translate(str.maketrans(",.", ".,")) if form.decimal == "," else text
    return value, written.replace("-", form.minus) if form.encoding != "cp1252" else written


def bytes_of(form: Form, names: list[str], cells: list[list[str]]) -> bytes:
    text = io.StringIO()
    for number in range(form.comments):
        text.write(f"# written by a test, {number}{form.end}")
    writer = csv.writer(
        text,
        delimiter=form.separator,
        lineterminator=(form.separator if form.trailing else "") + form.end,
        quoting=csv.QUOTE_ALL if form.quotes_all else csv.QUOTE_MINIMAL,
    )
    writer.writerows([names, *cells] if form.header else cells)
    return text.getvalue().encode(form.encoding)


def check(form: Form, names: list[str], values: list[list[Value]], dataset: Any, answer: dict[str, Any]) -> None:
    """What was read is what was written."""
    columns = answer["columns"]
    assert answer["read"]["header"] == form.header
    assert [column["name"] for column in columns] == (
        names if form.header else [f"x{place}" for place in range(1, form.columns + 1)]
    )
    used = [place for place, column in enumerate(columns) if column["role"] != "left_out"]
    if form.missing == "" and form.separator != " ":
        values = [row for row in values if set(row) != {None}]  # a line of separators is an empty line
    kept = [row for row in values if all(row[place] is not None for place in used)]
    assert len(dataset.y) == len(kept) and answer["read"]["rows_left_out"] == len(values) - len(kept)
    labels = [place for place in used if columns[place]["role"] == "label"]
    for place in used:
        written = [row[place] for row in kept]
        column = columns[place]
        if column["role"] == "target":
            assert dataset.y.tolist() == written
        elif column["role"] == "label" and len(labels) == 1:
            read = [dataset.about.class_names[label] for label in dataset.y]
            assert [
                float(name) if isinstance(value, float) else name for name, value in zip(read, written, strict=True)
            ] == written
        elif column["role"] == "label":
            assert [dataset.about.class_names[label] == column["name"] for label in dataset.y] == [
                value == 1 for value in written
            ]
        elif column["kind"] in ("whole", "decimal"):
            assert dataset.x[:, dataset.about.feature_names.index(column["name"])].tolist() == written
        else:
            for name in column["features"]:
                word = name.removeprefix(f"{column['name']}=")
                assert dataset.x[:, dataset.about.feature_names.index(name)].tolist() == [
                    value == word for value in written
                ]


@pytest.mark.parametrize("part", usually(range(PARTS), 0))
def test_a_table_is_read_as_it_was_written_or_refused_in_words(part: int) -> None:
    counts = {"read": 0, "refused": 0, "guess": 0}

    @settings(
        max_examples=TABLES // PARTS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(FORMS)
    def run(form: Form) -> None:
        rng = random.Random(form.seed * PARTS + part)
        names, values, cells = values_of(form, rng)
        body = bytes_of(form, names, cells)
        try:
            dataset, answer = understood(body)
        except (Problem, EngineError) as refusal:
            assert len(str(refusal)) > 20
            counts["refused"] += 1
            return
        assert np.isfinite(dataset.x).all() and "\ufffd" not in "".join(
            (*dataset.about.feature_names, *dataset.about.class_names)
        )
        try:
            check(form, names, values, dataset, answer)
        except AssertionError as error:
            # Two readings fit: then it has to be said to be a guess.
            if not answer["read"]["guessed"]:
                raise AssertionError(f"{body!r} was read as {answer}") from error
            counts["guess"] += 1
        else:
            counts["read"] += 1

    run()
    # Refused are tables of one class or without a whole row; the guess is that 1.234 alone has decimals.
    assert counts["read"] > 0.6 * TABLES / PARTS and counts["guess"] < 0.01 * TABLES / PARTS, counts
