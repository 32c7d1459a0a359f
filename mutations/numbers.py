"""Wrong numbers: defaults of optimizers and activations, what follows from them, and wrong rows of the tables."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from engine.losses import Output
from engine.optimizers import Optimizer
from engine.settings import Setting
from engine.vocabulary import STANDARD
from mutations.mutant import Mutant, overwrite


def mutants() -> Iterator[Mutant]:
    for name, optimizer in STANDARD.optimizers.items():
        values = {setting.name: setting.default for setting in optimizer.settings}
        for position, setting in enumerate(optimizer.settings):
            how = f"default of {setting.name} 1.5 times as large"
            yield Mutant("optimizer", name, how, partial(_other_default, optimizer, position))
        for constant in optimizer.constants(values):
            yield Mutant("optimizer", name, f"{constant} 1.01 times as large", partial(_scale, optimizer, constant))
        if optimizer.clock is not None:
            for number in optimizer.clock(values, 1):
                yield Mutant("optimizer", name, f"{number} 1.01 times as large", partial(_scale, optimizer, number))
            yield Mutant("optimizer", name, "clock one step ahead", partial(_put_forward, optimizer))
            for number in optimizer.clock_code:
                how = f"clock code of {number} one step ahead"
                yield Mutant("optimizer", name, how, partial(_put_code_forward, optimizer, number))
    for name, activation in STANDARD.activations.items():
        other = "z" if activation.slope_of == "a" else "a"
        yield Mutant("activation", name, f"slope taken of {other}", partial(overwrite, activation, slope_of=other))
        corner = None if activation.corner is not None else 0.0
        yield Mutant("activation", name, f"corner {corner}", partial(overwrite, activation, corner=corner))
        others = (a for a in STANDARD.activations.values() if a.slope != activation.slope)
        twin = next((a for a in others if a.slope_takes == activation.slope_takes), None)
        if twin is not None:
            how = f"slope of {twin.op}"
            yield Mutant("activation", name, how, partial(overwrite, activation, slope=twin.slope))
        for position, setting in enumerate(activation.settings):
            how = f"default of {setting.name} other"
            yield Mutant("activation", name, how, partial(_other_default, activation, position))
    for pair, output in STANDARD.outputs.items():
        if output.is_right is not None:
            yield Mutant("measure", " ".join(pair), "right by another rule", partial(_other_is_right, output))
        if output.constants(2):
            yield Mutant("loss", " ".join(pair), "constants 1.01 times as large", partial(_scale_constants, output))


def _other_is_right(row: Output) -> None:
    overwrite(
        row, is_right={"same_largest": "same_side_of_half", "same_side_of_half": "same_largest"}[str(row.is_right)]
    )


def _other_default(row: object, position: int) -> None:
    settings: tuple[Setting, ...] = row.settings  # type: ignore[attr-defined]
    # Rows share settings; what is broken here is one row's.
    other = Setting(*(getattr(settings[position], name) for name in Setting.__dataclass_fields__))
    overwrite(other, default=other.default * 1.5 if other.default else 0.25)
    overwrite(row, settings=(*settings[:position], other, *settings[position + 1 :]))


def _scale_constants(output: Output) -> None:
    constants = output.constants
    overwrite(output, constants=lambda units: {name: 1.01 * value for name, value in constants(units).items()})


def _scale(optimizer: Optimizer, number: str) -> None:
    def scaled(numbers_of: Callable[..., dict[str, float]]) -> Callable[..., dict[str, float]]:
        def result(*arguments: Mapping[str, float] | int) -> dict[str, float]:
            found = numbers_of(*arguments)
            return {name: value * 1.01 if name == number else value for name, value in found.items()}

        return result

    overwrite(optimizer, constants=scaled(optimizer.constants))
    if optimizer.clock is not None:
        overwrite(optimizer, clock=scaled(optimizer.clock))


def _put_forward(optimizer: Optimizer) -> None:
    clock = optimizer.clock
    assert clock is not None
    overwrite(optimizer, clock=lambda numbers, step: clock(numbers, step + 1))


def _put_code_forward(optimizer: Optimizer, number: str) -> None:
    code = optimizer.clock_code[number].replace("** t", "** (t + 1)")
    assert code != optimizer.clock_code[number]
    overwrite(optimizer, clock_code={**optimizer.clock_code, number: code})
