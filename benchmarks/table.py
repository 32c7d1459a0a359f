"""Rows of a table: what was measured, what it should be, and whether it is."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Parameters
    ----------
    target : the figure that it should not pass, or None for one that is shown to be known.
    better : which side of the target is right.
    note : the absolute times behind a ratio, or why there is none.
    """

    name: str
    value: float | None
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        if self.target is None:
            return ""
        is_met = self.value <= self.target if self.better == "lower" else self.value >= self.target
        return "ok" if is_met else "MISSED"


def as_text(rows: Sequence[Row]) -> str:
    """The table for people, in Markdown."""
    lines = [("measured", "value", "target", "verdict", "note")]
    lines += [(row.name, _figure(row.value), _target(row), row.verdict, row.note) for row in rows]
    return in_markdown(lines)


def in_markdown(lines: Sequence[tuple[str, ...]]) -> str:
    """Lines as a table; the first one names the columns."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join(
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in ruled
    )


def as_json(rows: Sequence[Row]) -> str:
    """The table for programs."""
    return json.dumps([{**asdict(row), "verdict": row.verdict} for row in rows], indent=1)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def _target(row: Row) -> str:
    sign = "at most" if row.better == "lower" else "at least"
    return "" if row.target is None else f"{sign} {row.target:g}"
