"""From what a person sent to a data set, and what was understood on the way."""

import base64
from dataclasses import asdict
from typing import Any

from engine.datasets import Choices, Dataset, DatasetError, Reading, Table, read_table
from server.datasets.decoding import Decoded, decode
from server.datasets.form import Wishes, form_of
from server.datasets.schemas import OwnTable
from server.problems import Problem
from server.settings import Settings

MOST_FEATURES = 128
PREVIEW_ROWS = 10
# More columns of a refused table are not listed.
MOST_NAMED = 40


def read(sent: bytes | OwnTable, title: str, settings: Settings) -> tuple[Dataset, dict[str, Any]]:
    """A data set of a table, and the `read`, `columns` and `task` of the answer.

    Raises
    ------
    Problem, DatasetError : 422, in words.
    """
    asked = sent if isinstance(sent, OwnTable) else OwnTable(csv="")
    decoded = decode(sent, None) if isinstance(sent, bytes) else _text(sent)
    form = form_of(decoded.text, Wishes(asked.separator, asked.decimal, asked.header))
    choices = Choices(
        asked.columns,
        asked.missing,
        asked.part,
        max_rows=settings.max_rows,
        max_features=min(settings.max_inputs, MOST_FEATURES),
    )
    reading = _reading(Table(form.header, form.cells, form.lines, form.decimal), title, choices)
    understood = {
        "encoding": decoded.encoding,
        "separator": form.separator,
        "decimal": form.decimal,
        "header": form.header is not None,
        "comment_lines": form.comment_lines,
        "rows_left_out": len(form.cells) - len(reading.rows),
        "guessed": [*(["encoding"] if decoded.is_guess else []), *form.guessed],
    }
    columns = [asdict(column) for column in reading.columns]
    cells = [form.cells[row] for row in reading.rows[:PREVIEW_ROWS]]
    return reading.dataset, {
        "read": understood,
        "columns": columns,
        "task": reading.dataset.about.task,
        "preview_cells": cells,
    }


def _reading(table: Table, title: str, choices: Choices) -> Reading:
    """The table as a data set; a refusal names its columns too, since another role of one may be all it needs."""
    try:
        return read_table(table, title, choices)
    except DatasetError as refused:
        names = table.names if len(table.cells[0]) <= MOST_NAMED else []
        details = {**refused.details, "columns": names}
        raise DatasetError(refused.code, refused.message, **details) from None


def _text(sent: OwnTable) -> Decoded:
    if sent.csv is not None:
        return decode(sent.csv.encode("utf-8", "surrogatepass"), "utf-8")
    assert sent.base64 is not None
    try:
        body = base64.b64decode(sent.base64, validate=True)
    except ValueError as error:
        raise Problem(
            422, "bad_base64", f"The field base64 cannot be read: {error}. Send the bytes of the file in base64."
        ) from None
    return decode(body, sent.encoding)
