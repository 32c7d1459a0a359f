"""Reads notation as people write it: names, numbers, print-outs, tables. Nothing is ever evaluated."""

from server.doctor.reading.reading import Reading, Tensor, read
from server.doctor.reading.results import canonical_results

__all__ = ["Reading", "Tensor", "canonical_results", "read"]
