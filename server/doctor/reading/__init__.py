"""Reads notation as people write it: names, numbers, print-outs, tables. Nothing is ever evaluated."""

from server.doctor.reading.names.results import canonical_results
from server.doctor.reading.reader import Limits, read
from server.doctor.reading.reading import Reading, Tensor

__all__ = ["Limits", "Reading", "Tensor", "canonical_results", "read"]
