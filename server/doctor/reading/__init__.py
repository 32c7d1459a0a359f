"""Reads notation as people write it: names, numbers, print-outs, tables. Nothing is ever evaluated."""

from server.doctor.reading.reader import Limits, read
from server.doctor.reading.reading import Reading, Tensor
from server.doctor.reading.results import canonical_results

__all__ = ["Limits", "Reading", "Tensor", "canonical_results", "read"]
