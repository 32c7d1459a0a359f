"""What each attack came to: one row a figure, with the limit that it must keep."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.table import in_markdown


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one attack.

    Parameters
    ----------
    attack : what was done, in words.
    seen : the figure.
    limit : the most that is right.
    unit : of both, as "ms" or "MB".
    note : what else was seen.
    """

    attack: str
    seen: float
    limit: float
    unit: str = ""
    note: str = ""

    @property
    def is_ok(self) -> bool:
        return self.seen <= self.limit


def as_text(rows: Sequence[Row]) -> str:
    """The table for people, in Markdown."""
    lines = [("attack", "seen", "limit", "ok", "note")]
    lines += [
        (
            row.attack,
            f"{row.seen:.0f} {row.unit}".strip(),
            f"{row.limit:g} {row.unit}".strip(),
            "yes" if row.is_ok else "NO",
            row.note,
        )
        for row in rows
    ]
    return in_markdown(lines)
