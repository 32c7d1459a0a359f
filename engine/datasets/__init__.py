"""Data to learn from: generated sets, two recorded ones, and a person's own CSV."""

from engine.datasets.catalogue import DatasetInfo, Option, describe, make
from engine.datasets.dataset import Dataset, DatasetError, TargetScale, Task, task_of
from engine.datasets.own_csv import parse_csv
from engine.datasets.splitting import Split, split

__all__ = [
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "Option",
    "Split",
    "TargetScale",
    "Task",
    "describe",
    "make",
    "parse_csv",
    "split",
    "task_of",
]
