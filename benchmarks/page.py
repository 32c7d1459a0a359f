"""The page: script time of a frame. Not measured yet; `rows` is where it will stand."""

from collections.abc import Iterator

from benchmarks.table import Row


def rows() -> Iterator[Row]:
    """Script time of a frame at 560 edges, 95th percentile in milliseconds."""
    yield Row("script time of a page frame, 560 edges, p95 in ms", None, 4.0)
