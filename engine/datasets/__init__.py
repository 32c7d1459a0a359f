"""Data to learn from: generated sets, two recorded ones, and a person's own table."""

from engine.datasets.catalogue import DatasetInfo, Option, describe, make
from engine.datasets.dataset import Dataset, DatasetError, TargetScale, Task, task_of
from engine.datasets.own_table import ColumnReading, Reading, read_table
from engine.datasets.splitting import Split, split
from engine.datasets.table import Choices, Table

__all__ = [
    "Choices",
    "ColumnReading",
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "Option",
    "Reading",
    "Split",
    "Table",
    "TargetScale",
    "Task",
    "describe",
    "make",
    "read_table",
    "split",
    "task_of",
]
