"""Random networks with a batch, for tests that must hold for every one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from engine.gradient_check import Cell, GradientCheck
from engine.gradients import GroupRule
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec, program_of, scalars_of, trace_step
from engine.primitives import Array
from engine.program import Program
from engine.targets import TargetKind
from engine.trace import Trace
from engine.vocabulary import STANDARD
from engine.workspace import Workspace

for_many_networks = settings(max_examples=50)


@dataclass(frozen=True)
class Case:
    """A network, its parameters and a batch."""

    model: ModelSpec
    parameters: Mapping[str, Array]
    batch: Batch
    optimizer: OptimizerSpec | None = None

    def program(self, rules: Mapping[str, GroupRule] = STANDARD.rules) -> Program:
        return program_of(self.model, self.optimizer, rules)

    def trace(self, rules: Mapping[str, GroupRule] = STANDARD.rules) -> Trace:
        return trace_step(self.model, self.parameters, self.batch, self.optimizer, rules)

    def workspace(self, program: Program | None = None) -> Workspace:
        """The program (or a rewritten one) with everything loaded."""
        workspace = Workspace(program or self.program(), self.batch.m, self.model.dtype)
        scalars = scalars_of(self.model, self.optimizer, self.batch.m)
        workspace.load({"x": self.batch.x, "y": self.batch.y, **self.parameters, **scalars})
        return workspace

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of every layer."""
        return (*(layer.activation for layer in self.model.hidden), self.model.output_activation)

    @property
    def data_gradient_suffix(self) -> str:
        """What dW of the data alone is called: with L2 it is a part of the whole dW."""
        return "_data" if self.model.l2 else ""


SOFTMAX = ("softmax", "cross_entropy")


def random_case(
    *,
    seed: int = 0,
    units: tuple[int, ...] = (2, 4, 3),
    m: int = 5,
    activation: str = "relu",
    output: tuple[str, str] = SOFTMAX,
    derivative_at_zero: float = 0.0,
    at_the_corner: bool = False,
    soft_labels: bool = False,
    reduction: str = "mean",
    l2: float = 0.0,
    bias: bool = True,
    dtype: str = "float64",
    optimizer: OptimizerSpec | None = None,
) -> Case:
    """A network of these units, inputs first, with normal weights.

    Parameters
    ----------
    output : the output activation and the loss.
    at_the_corner : biases are 0 and the rows of x are made of -1, 0 and 1, so that many pre-activations are exactly 0.
    soft_labels : y are distributions in place of single classes.
    """
    rng = np.random.default_rng(seed)
    settings, output_settings = (
        (("derivative_at_zero", derivative_at_zero),) if name in ("relu", "max_eps") else ()
        for name in (activation, output[0])
    )
    if output[1] == "huber":
        # So that errors lie on both sides of it.
        output_settings = (*output_settings, ("delta", 0.75))
    model = ModelSpec(
        units[0],
        tuple(LayerSpec(size, activation, settings) for size in units[1:-1]),
        units[-1],
        *output,
        reduction=reduction,
        l2=l2,
        bias=bias,
        dtype=dtype,
        output_settings=output_settings,
    )
    parameters = {
        name: (rng.normal(size=shape) * (0 if at_the_corner and len(shape) == 1 else 1)).astype(dtype)
        for name, shape in model.parameter_shapes.items()
    }
    x = rng.integers(-1, 2, (m, units[0])) if at_the_corner else rng.normal(size=(m, units[0]))
    y = _targets(rng, model.output.target.kind, soft_labels, m, units[-1])
    return Case(model, parameters, Batch(x.astype(dtype), y.astype(dtype)), optimizer)


def _targets(rng: np.random.Generator, kind: TargetKind, are_soft: bool, m: int, outputs: int) -> Array:
    if kind == "classes":
        return rng.dirichlet(np.ones(outputs), m) if are_soft else np.eye(outputs)[rng.integers(0, outputs, m)]
    if kind == "probabilities":
        return rng.uniform(size=(m, outputs)) if are_soft else rng.integers(0, 2, (m, outputs)) / 1
    return rng.normal(size=(m, outputs))


def networks(
    optimizer: OptimizerSpec | None = None,
    dtype: str = "float64",
    activations: Sequence[str] = tuple(ACTIVATIONS),
    outputs: Sequence[tuple[str, str]] = tuple(OUTPUTS),
) -> st.SearchStrategy[Case]:
    """Networks of 0 to 3 hidden layers of 1 to 4 units, with all their switches, on 1 to 5 samples."""
    return st.sampled_from(outputs).flatmap(lambda output: _networks(optimizer, dtype, activations, output))


def _networks(
    optimizer: OptimizerSpec | None, dtype: str, activations: Sequence[str], output: tuple[str, str]
) -> st.SearchStrategy[Case]:
    return st.builds(
        random_case,
        seed=st.integers(0, 2**32 - 1),
        units=st.builds(
            lambda inputs, hidden, outputs: (inputs, *hidden, outputs),
            st.integers(1, 3),
            st.lists(st.integers(1, 4), max_size=3),
            st.integers(OUTPUTS[output].least_units, 4),
        ),
        m=st.integers(1, 5),
        activation=st.sampled_from(activations),
        output=st.just(output),
        derivative_at_zero=st.sampled_from([0.0, 0.5, 1.0]),
        at_the_corner=st.booleans(),
        soft_labels=st.booleans(),
        reduction=st.sampled_from(["mean", "sum"]),
        l2=st.sampled_from([0.0, 0.1]),
        bias=st.booleans(),
        dtype=st.just(dtype),
        optimizer=st.just(optimizer),
    )


def output_of(case: Case) -> str:
    """The name of what the last layer gives."""
    return str(case.program().named("a", case.model.depth))


def sizes_before_cancelling(case: Case, trace: Trace) -> dict[str, Array]:
    """For each parameter and x: what its gradient would be if no two terms of any sum cancelled.

    Two ways to the same gradient differ by roundings of these terms, however small their sum is.
    """
    depth, l2 = case.model.depth, case.model.l2
    sizes: dict[str, Array] = {}
    dz = np.abs(trace[output_of(case)]) + np.abs(trace["y"])
    share = {"half_squared_error": 1, "squared_error": 2 / case.model.outputs, "huber": 1 / case.model.outputs}
    if case.model.output_activation == "softmax" and case.model.loss in share:
        p, dp = trace["p"], dz * share[case.model.loss]
        dz = p * (dp + (dp * p).sum(axis=1, keepdims=True))
    elif case.model.loss in share:
        dz = dz * np.abs(trace[f"mask{depth}"]) * share[case.model.loss]
    if case.model.reduction == "mean":
        dz = dz / case.batch.m
    for layer in range(depth, 0, -1):
        w, a = trace[f"W{layer}"], trace["x" if layer == 1 else f"a{layer - 1}"]
        sizes[f"W{layer}"] = np.abs(a).T @ dz + l2 * np.abs(w)
        sizes[f"b{layer}"] = dz.sum(axis=0)
        da = dz @ np.abs(w).T
        dz = da if layer == 1 else da * np.abs(trace[f"mask{layer - 1}"])
    return {**sizes, "x": dz}


def largest_relative_difference(case: Case, found: Mapping[str, Array], wanted: Mapping[str, Array]) -> float:
    """Over all gradients in wanted, by the name of what they are the gradients of: difference / size of the terms."""
    sizes = sizes_before_cancelling(case, case.trace())
    tiny = np.finfo(float).tiny
    return max(float(np.max(np.abs(found[name] - wanted[name]) / (sizes[name] + tiny))) for name in wanted)


def gradients(case: Case, trace: Trace) -> dict[str, Array]:
    """Name of a parameter, or "x" -> the gradient of the loss in that trace."""
    return {name: trace[f"d{name}"] for name in ["x", *case.parameters]}


def cells_checked(case: Case, rules: Mapping[str, GroupRule] = STANDARD.rules) -> list[Cell]:
    """Every number of every parameter and of x, with its gradient by these rules and by differences."""
    program = program_of(case.model, None, rules)
    check = GradientCheck(case.model, case.parameters, case.batch, program=program)
    return [check.check(name, place) for name, place in check.cells_of(["x", *check.names])]
