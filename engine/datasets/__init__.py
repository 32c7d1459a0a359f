"""Data to learn from: generated sets, two recorded ones, and a person's own table."""

from engine.datasets.about import About, Task
from engine.datasets.catalogue import DATASETS, DatasetInfo, DatasetRow, Option, make
from engine.datasets.columns import ColumnKind, is_date
from engine.datasets.dataset import Dataset, DatasetError, TargetScale
from engine.datasets.numerals import Decimal, decimal_mark, is_missing, may_be_number
from engine.datasets.own_table import ColumnReading, Reading, read_table
from engine.datasets.picture import Picture, picture_of, telling_features
from engine.datasets.roles import LABEL_HEADERS, Role, Why
from engine.datasets.splitting import USUAL_FRACTION, Split, held_out_sizes, split
from engine.datasets.table import Choices, Table

__all__ = [
    "DATASETS",
    "LABEL_HEADERS",
    "USUAL_FRACTION",
    "About",
    "Choices",
    "ColumnKind",
    "ColumnReading",
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "DatasetRow",
    "Decimal",
    "Option",
    "Picture",
    "Reading",
    "Role",
    "Split",
    "Table",
    "TargetScale",
    "Task",
    "Why",
    "decimal_mark",
    "held_out_sizes",
    "is_date",
    "is_missing",
    "make",
    "may_be_number",
    "picture_of",
    "read_table",
    "split",
    "telling_features",
]
