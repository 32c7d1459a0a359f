"""Optimizers append the update: from a parameter and its gradient to the next parameter.

What an optimizer remembers is a tensor of role "state", of the parameter's shape and 0 at first. Every parameter has
the same sequence of nodes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.program import ProgramBuilder
from engine.settings import Setting

Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """An update rule.

    Parameters
    ----------
    settings : the numbers that it takes.
    append : appends the nodes that turn (parameter, gradient) into {parameter}_next.
    constants : numbers that follow from the settings, such as 1 - beta1.
    clock : numbers that follow from the settings and the number of the step, from 1; None where none does.
    clock_code : the same numbers as Python expressions of the settings' names in braces and of t.
    torch : its class in torch.optim and the arguments, a template over the settings; None: PyTorch has no such thing.
    """

    settings: tuple[Setting, ...]
    append: Callable[[ProgramBuilder, str, str], None]
    constants: Callable[[Numbers], dict[str, float]] = lambda numbers: {}
    clock: Callable[[Numbers, int], dict[str, float]] | None = None
    clock_code: Mapping[str, str] = field(default_factory=dict)
    torch: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Appends the nodes of one parameter's update."""

    builder: ProgramBuilder
    parameter: str
    group: str

    def state(self, name: str) -> str:
        """Declare what is remembered under that name, {parameter}_{name}."""
        parameter = self.builder.tensors[self.parameter]
        return self.builder.input(
            f"{parameter.name}_{name}", parameter.axes, "state", parameter.layer, of=parameter.name
        )

    def node(self, op: str, name: str, *inputs: str) -> str:
        """A number on the way, called {parameter}_{name}."""
        return self._append(op, inputs, f"{self.parameter}_{name}", name, of=self.parameter)

    def next_state(self, op: str, state: str, *inputs: str) -> str:
        """The next value of what is remembered."""
        return self._append(op, inputs, f"{state}_next", "state_next", of=state)

    def average(self, name: str, rate: str, of: str) -> str:
        """The next value of a running average: rate * average + (1 - rate) * of."""
        average = self.state(name)
        kept = self.node("scale", f"{name}_kept", self.number(rate), average)
        added = self.node("scale", f"{name}_added", self.number(f"one_minus_{rate}"), of)
        return self.next_state("add", average, kept, added)

    def step(self, direction: str, start: str | None = None) -> str:
        """The next parameter: start (the parameter itself) - learning_rate * direction."""
        step = self.node("scale", "step", self.number("learning_rate"), direction)
        return self._append(
            "subtract", (start or self.parameter, step), f"{self.parameter}_next", "next", self.parameter
        )

    def number(self, name: str) -> str:
        return self.builder.scalar(name)

    def _append(self, op: str, inputs: tuple[str, ...], output: str, role: str, of: str) -> str:
        layer = self.builder.tensors[self.parameter].layer
        return self.builder.node(op, inputs, output, role, phase="update", layer=layer, group=(self.group,), of=of)


def _append_sgd(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """W_next = W - learning_rate * dW."""
    Update(builder, parameter, "sgd").step(gradient)


def _velocity(update: Update, gradient: str) -> str:
    """velocity_next = momentum * velocity + dW: after the first step it is the gradient, as in PyTorch."""
    velocity = update.state("velocity")
    kept = update.node("scale", "velocity_kept", update.number("momentum"), velocity)
    return update.next_state("add", velocity, kept, gradient)


def _append_momentum(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """W_next = W - learning_rate * velocity_next."""
    update = Update(builder, parameter, "momentum")
    update.step(_velocity(update, gradient))


def _append_nesterov(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """W_next = W - learning_rate * (dW + momentum * velocity_next)."""
    update = Update(builder, parameter, "nesterov")
    ahead = update.node("scale", "velocity_ahead", update.number("momentum"), _velocity(update, gradient))
    update.step(update.node("add", "direction", gradient, ahead))


def _append_rmsprop(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """W_next = W - learning_rate * dW / (sqrt(running average of dW^2) + eps)."""
    update = Update(builder, parameter, "rmsprop")
    squared = update.node("square", "gradient_squared", gradient)
    root = update.node("square_root", "root", update.average("square_average", "alpha", squared))
    denominator = update.node("add_number", "denominator", root, update.number("eps"))
    update.step(update.node("divide", "direction", gradient, denominator))


def _adam_direction(update: Update, gradient: str) -> str:
    """Running average of dW / (sqrt(that of dW^2) + eps), both divided by 1 - beta^t, since they began at 0."""
    average = update.average("average", "beta1", gradient)
    squared = update.node("square", "gradient_squared", gradient)
    square_average = update.average("square_average", "beta2", squared)
    corrected = update.node("divide_by", "average_corrected", average, update.number("one_minus_beta1_to_t"))
    square_corrected = update.node(
        "divide_by", "square_average_corrected", square_average, update.number("one_minus_beta2_to_t")
    )
    root = update.node("square_root", "root", square_corrected)
    denominator = update.node("add_number", "denominator", root, update.number("eps"))
    return update.node("divide", "direction", corrected, denominator)


def _append_adam(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """W_next = W - learning_rate * direction. Kingma and Ba 2015, algorithm 1."""
    update = Update(builder, parameter, "adam")
    update.step(_adam_direction(update, gradient))


def _append_adamw(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """The same after W has shrunk by learning_rate * weight_decay * W. Loshchilov and Hutter 2019, algorithm 2."""
    update = Update(builder, parameter, "adamw")
    decay = update.node("scale", "decay", update.number("weight_decay"), parameter)
    decay_step = update.node("scale", "decay_step", update.number("learning_rate"), decay)
    decayed = update.node("subtract", "decayed", parameter, decay_step)
    update.step(_adam_direction(update, gradient), decayed)


def _complements(*names: str) -> Callable[[Numbers], dict[str, float]]:
    return lambda numbers: {f"one_minus_{name}": 1 - numbers[name] for name in names}


def _bias_corrections(numbers: Numbers, step: int) -> dict[str, float]:
    return {f"one_minus_{name}_to_t": 1 - numbers[name] ** step for name in ("beta1", "beta2")}


_BIAS_CORRECTION_CODE = {f"one_minus_{name}_to_t": f"1 - {{{name}}} ** t" for name in ("beta1", "beta2")}


def _rate(default: float) -> Setting:
    return Setting("learning_rate", default, low=0)


_MOMENTUM = Setting("momentum", 0.9, low=0, high=1)
_EPS = Setting("eps", 1e-8, low=0)
_BETAS = (Setting("beta1", 0.9, low=0, below=1), Setting("beta2", 0.999, low=0, below=1))
_ADAM = (_rate(0.001), *_BETAS, _EPS)
_TORCH_ADAM = "lr={learning_rate}, betas=({beta1}, {beta2}), eps={eps}"

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer((_rate(0.1),), _append_sgd, torch=("SGD", "lr={learning_rate}")),
    "momentum": Optimizer(
        (_rate(0.01), _MOMENTUM), _append_momentum, torch=("SGD", "lr={learning_rate}, momentum={momentum}")
    ),
    "nesterov": Optimizer(
        (_rate(0.01), _MOMENTUM),
        _append_nesterov,
        torch=("SGD", "lr={learning_rate}, momentum={momentum}, nesterov=True"),
    ),
    "rmsprop": Optimizer(
        (_rate(0.01), Setting("alpha", 0.99, low=0, high=1), _EPS),
        _append_rmsprop,
        _complements("alpha"),
        torch=("RMSprop", "lr={learning_rate}, alpha={alpha}, eps={eps}"),
    ),
    "adam": Optimizer(
        _ADAM,
        _append_adam,
        _complements("beta1", "beta2"),
        _bias_corrections,
        _BIAS_CORRECTION_CODE,
        ("Adam", _TORCH_ADAM),
    ),
    "adamw": Optimizer(
        (*_ADAM, Setting("weight_decay", 0.01, low=0)),
        _append_adamw,
        _complements("beta1", "beta2"),
        _bias_corrections,
        _BIAS_CORRECTION_CODE,
        ("AdamW", f"{_TORCH_ADAM}, weight_decay={{weight_decay}}"),
    ),
}
