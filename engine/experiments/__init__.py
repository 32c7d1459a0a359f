"""Experiments: what many networks or very deep ones show, beyond the run that a person watches.

Each is a frozen description with `run()`, which pauses after every part of its work with a `Progress` and returns the
result. It is a pure function of the description, its seed included; closing it at a pause cancels it.
"""

from engine.experiments.born_dead import BornDead, BornDeadResult
from engine.experiments.depth import Depth, DepthResult
from engine.experiments.derivative_at_zero import DerivativeAtZero, DerivativeAtZeroResult
from engine.experiments.exact_zeros import ExactZeros, ExactZerosResult
from engine.experiments.initialization import Initialization, InitializationResult
from engine.experiments.progress import Experiment, PausingRun, Progress, result_of
from engine.experiments.replicas import Replicas, ReplicasResult

__all__ = [
    "BornDead",
    "BornDeadResult",
    "Depth",
    "DepthResult",
    "DerivativeAtZero",
    "DerivativeAtZeroResult",
    "ExactZeros",
    "ExactZerosResult",
    "Experiment",
    "Initialization",
    "InitializationResult",
    "PausingRun",
    "Progress",
    "Replicas",
    "ReplicasResult",
    "result_of",
]
