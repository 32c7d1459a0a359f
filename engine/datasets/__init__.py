"""Data to learn from: generated sets, two recorded ones, and a person's own CSV."""

from engine.datasets.catalogue import DatasetInfo, Option, describe, make
from engine.datasets.dataset import Dataset, DatasetError
from engine.datasets.own_csv import parse_csv
from engine.datasets.splitting import Split, split

__all__ = [
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "Option",
    "Split",
    "describe",
    "make",
    "parse_csv",
    "split",
]
