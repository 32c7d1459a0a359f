"""Layouts of text that mean a matrix, each rewritten as [1 2; 3 4], line for line. No number changes on the way."""

from server.doctor.reading.layouts.latex import without_latex
from server.doctor.reading.layouts.matlab import without_matlab
from server.doctor.reading.layouts.r import without_r
from server.doctor.reading.layouts.tables import without_tables
from server.doctor.reading.text.words import Note


def in_brackets(text: str) -> tuple[str, list[Note]]:
    """The same text with brackets around its matrices, and what a person should know of that."""
    notes: list[Note] = []
    lines = without_latex(text).split("\n")
    for rewrite in (without_r, without_matlab, without_tables):
        lines, more = rewrite(lines)
        notes += more
    return "\n".join(lines), notes
