"""Reads notation as people write it: names, numbers, print-outs, tables. Nothing is ever evaluated."""

from server.doctor.reading.reading import Reading, Tensor, read

__all__ = ["Reading", "Tensor", "read"]
