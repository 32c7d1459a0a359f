"""The engine at scale: many networks at once, a thousand layers, and how cost grows with size."""

from collections.abc import Iterator
from time import perf_counter, process_time

import numpy as np

from benchmarks.rounds import take_turns
from benchmarks.steps import OPTIMIZER, THE_NETWORK, Setup
from benchmarks.table import Row
from engine.experiments import Depth, result_of
from engine.model import scalars_of
from engine.rewrites import for_long_training, replicate, sums_as_products
from engine.workspace import Workspace

REPLICAS = 64
# (units, rows) whose parameters times rows go from 1,000 to 1,000,000.
SIZES = [((2, 8, 3), 20), ((4, 16, 4), 68), ((16, 32, 10), 115), ((64, 64, 10), 208)]


def rows() -> Iterator[Row]:
    """All figures of scale."""
    with np.errstate(all="ignore"):
        yield _replicas(Setup(*THE_NETWORK))
        yield _depth()
        yield from _growth()


def _replicas(setup: Setup) -> Row:
    program = replicate(sums_as_products(for_long_training(setup.program)), REPLICAS)
    many = Workspace(program, setup.batch.m, "float32")
    many.load({"x": setup.batch.x, "y": setup.batch.y, **setup.parameters})
    many.load(scalars_of(setup.model, OPTIMIZER, setup.batch.m))
    times = take_turns({"many": many.execute, "one": setup.training()})
    return Row(
        f"replica-step / single training step, 2-8-3 batch 32, {REPLICAS} replicas, float32",
        times.ratio("many", "one") / REPLICAS,
        1 / 6,
        note=f"all replicas {times.best('many') * 1e6:.0f} us, a single step {times.best('one') * 1e6:.1f} us",
    )


def _depth() -> Row:
    wall, start = perf_counter(), process_time()
    result_of(Depth(layers=1000, width=100, seeds=5).run())
    return Row(
        "1000 layers of width 100, 9 combinations, 5 seeds, seconds of one core",
        process_time() - start,
        3.0,
        note=f"{perf_counter() - wall:.1f} s by the clock",
    )


def _growth() -> Iterator[Row]:
    for units, m in SIZES:
        setup = Setup(units, m)
        step = take_turns({"step": setup.training()}).best("step")
        size = m * sum(value.size for value in setup.parameters.values())
        title = "-".join(map(str, units))
        yield Row(f"ns a parameter and row, {title} batch {m}", step / size * 1e9, note=f"{size} together")
