"""Data sets: the named ones, and the tables that people bring."""

from server.datasets.service import Datasets

__all__ = ["Datasets"]
