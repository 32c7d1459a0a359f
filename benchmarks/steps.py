"""The engine: the program of a step against NumPy by hand, tracing against running, frames against JSON."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.rounds import take_turns
from benchmarks.table import Row
from benchmarks.tight import TightNetwork
from engine.initializers import he
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, batch_of, initial_parameters, program_of, scalars_of
from engine.primitives import PRIMITIVES
from engine.program import Program
from engine.rewrites import for_experiments, for_long_training, for_training
from engine.workspace import Workspace
from server.steps.frames import Shown, encode
from server.steps.schemas import Detail

NETWORKS: list[tuple[tuple[int, ...], int]] = [
    ((2, 4, 2), 10),
    ((2, 8, 3), 32),
    ((2, 8, 8, 3), 32),
    ((64, 32, 10), 32),
]
THE_NETWORK = ((2, 8, 3), 32)
OPTIMIZER = OptimizerSpec("sgd", (("learning_rate", 0.05),))


class Setup:
    """One network on one batch, ready to be run in several ways."""

    def __init__(self, units: Sequence[int], m: int) -> None:
        rng = np.random.default_rng(0)
        self.units = units
        self.model = ModelSpec(units[0], tuple(LayerSpec(size) for size in units[1:-1]), units[-1])
        self.parameters = initial_parameters(self.model, he, rng, bias=0.1)
        self.batch = batch_of(self.model, rng.normal(size=(m, units[0])), rng.integers(0, units[-1], m))
        self.program = program_of(self.model, OPTIMIZER)

    def workspace(self, program: Program) -> Workspace:
        """The program with everything loaded."""
        workspace = Workspace(program, self.batch.m)
        scalars = scalars_of(self.model, OPTIMIZER, self.batch.m)
        workspace.load({"x": self.batch.x, "y": self.batch.y, **self.parameters, **scalars})
        return workspace

    def training(self) -> Callable[[], object]:
        """A step as a training takes it: exact rewrites only, and floating-point settings entered once for all."""
        return self._steps(for_long_training(self.program))

    def experiment(self) -> Callable[[], object]:
        """The same with numeric rewrites, as experiments take it."""
        return self._steps(for_experiments(self.program))

    def _steps(self, program: Program) -> Callable[[], object]:
        workspace = self.workspace(program)
        execute, commit = workspace.execute, workspace.commit

        def step() -> None:
            execute()
            commit()

        return step

    def tight(self) -> TightNetwork:
        return TightNetwork(self.units, self.parameters, self.batch.x, self.batch.y, OPTIMIZER.values["learning_rate"])


def rows() -> Iterator[Row]:
    """All figures of the engine."""
    with np.errstate(all="ignore"):
        for units, m in NETWORKS:
            yield from _against_tight(Setup(units, m))
        yield from _against_matmuls(Setup((784, 128, 10), 64))
        yield from _looking(Setup(*THE_NETWORK))
        yield _frame(Setup((2, 8, 8, 3), 32))


def _against_tight(setup: Setup) -> Iterator[Row]:
    _check_that_all_learn_the_same(setup)
    times = take_turns({"tight": setup.tight().step, "exact": setup.training(), "numeric": setup.experiment()})
    for kind, target in (("exact", 1.4), ("numeric", 1.15)):
        yield Row(
            f"step, {kind} rewrites / tight NumPy, {_title(setup)}",
            times.ratio(kind, "tight"),
            target,
            note=_microseconds(program=times.best(kind), tight=times.best("tight")),
        )


def _against_matmuls(setup: Setup) -> Iterator[Row]:
    """How much a large step, and one by hand, costs beside the matrix products that nobody can leave out."""
    workspace = setup.workspace(for_training(setup.program))
    products = [
        PRIMITIVES[node.op].call(*(workspace[name] for name in node.inputs), out=workspace[node.output])
        for node in workspace.program.nodes
        if node.op.startswith("matmul")
    ]

    def matmuls() -> None:
        for call, arguments in products:
            call(*arguments)

    times = take_turns({"matmuls": matmuls, "step": setup.training(), "tight": setup.tight().step})
    best = {name: times.best(name) for name in times.rounds}
    yield Row(
        f"step, exact rewrites / its matmuls, {_title(setup)}",
        times.ratio("step", "matmuls"),
        1.2,
        note=_microseconds(**best),
    )
    yield Row(f"tight NumPy / the same matmuls, {_title(setup)}", times.ratio("tight", "matmuls"))


def _frame(setup: Setup) -> Row:
    workspace = setup.workspace(setup.program)

    def frame() -> None:
        encode(Shown(workspace.trace(), setup.model, 1), Detail.FRAME)
        workspace.commit()

    times = take_turns({"training step": setup.training(), "frame": frame})
    return Row(
        f"trace and frame / training step, {_title(setup)}",
        times.ratio("frame", "training step"),
        2.5,
        note=_microseconds(frame=times.best("frame"), step=times.best("training step")),
    )


def _looking(setup: Setup) -> Iterator[Row]:
    """What it costs to keep a step and to make an answer of it, beside running the same program, and training."""
    running, tracing = setup.workspace(setup.program), setup.workspace(setup.program)

    def run() -> None:
        running.run()
        running.commit()

    def trace() -> Shown:
        shown = Shown(tracing.trace(), setup.model, 1)
        tracing.commit()
        return shown

    times = take_turns(
        {
            "run": run,
            "training step": setup.training(),
            "trace": trace,
            "trace and frame": lambda: encode(trace(), Detail.FRAME),
            "trace and JSON": lambda: encode(trace(), Detail.LAYERS),
        }
    )
    title = _title(setup)
    best = {name: times.best(name) for name in times.rounds}
    yield Row(f"trace / run, {title}", times.ratio("trace", "run"), 1.5, note=_microseconds(**best))
    yield Row(f"trace and frame / run, {title}", times.ratio("trace and frame", "run"), 2.5)
    yield Row(f"trace and JSON by layer / run, {title}", times.ratio("trace and JSON", "run"))
    yield Row(f"trace / training step, {title}", times.ratio("trace", "training step"))
    yield Row(f"trace and frame / training step, {title}", times.ratio("trace and frame", "training step"))
    shown = trace()
    coding = take_turns({name: _encoder(shown, name) for name in (Detail.FRAME, Detail.LAYERS)})
    sizes = {name: len(encode(shown, name)[0]) for name in (Detail.FRAME, Detail.LAYERS)}
    yield Row(
        f"binary frame / JSON by layer, time, {title}",
        coding.ratio(Detail.FRAME, Detail.LAYERS),
        1.0,
        note=_microseconds(frame=coding.best(Detail.FRAME), JSON=coding.best(Detail.LAYERS)),
    )
    yield Row(
        f"binary frame / JSON by layer, bytes, {title}",
        sizes[Detail.FRAME] / sizes[Detail.LAYERS],
        note=f"{sizes[Detail.FRAME]} / {sizes[Detail.LAYERS]} bytes; the frame has every micro-step",
    )


def _encoder(shown: Shown, detail: Detail) -> Callable[[], object]:
    return lambda: encode(shown, detail)


def _check_that_all_learn_the_same(setup: Setup) -> None:
    """A comparison of different computations would be worth nothing."""
    programs = (for_long_training(setup.program), for_experiments(setup.program))
    workspaces, tight = [setup.workspace(program) for program in programs], setup.tight()
    for _ in range(20):
        tight.step()
        for workspace in workspaces:
            workspace.run()
            workspace.commit()
    for name, value in tight.parameters.items():
        for workspace in workspaces:
            np.testing.assert_allclose(workspace[name], value, rtol=1e-9, atol=1e-12)


def _title(setup: Setup) -> str:
    return f"{'-'.join(map(str, setup.units))} batch {setup.batch.m}"


def _microseconds(**seconds: float) -> str:
    return ", ".join(f"{name} {value * 1e6:.1f} us" for name, value in seconds.items())
