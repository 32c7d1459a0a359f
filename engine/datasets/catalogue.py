"""The data sets that have a name, and how each is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.datasets import generated, recorded
from engine.datasets.about import About
from engine.datasets.dataset import Dataset, DatasetError

OptionValue = int | float | str
AB, ABC = ("A", "B"), ("A", "B", "C")
GENERATED, FREE = "generated", "free to use"
# (generator, rows, noise) -> x and y.
Points = Callable[[np.random.Generator, int, float], generated.Points | generated.Numbers]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose when a set is made. A number has a minimum and a maximum, a word has choices."""

    name: str
    default: OptionValue
    minimum: int | float | None = None
    maximum: int | float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What `make` would give with the default options."""

    about: About
    rows: int
    options: tuple[Option, ...] = ()

    @property
    def name(self) -> str:
        """What it is asked for by, and its title."""
        return self.about.title


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A named set and how it is made.

    Parameters
    ----------
    build : (generator, every option's value) -> the set.
    """

    info: DatasetInfo
    build: Callable[[np.random.Generator, Mapping[str, OptionValue]], Dataset]


def make(
    name: str, *, rng: np.random.Generator, known: Mapping[str, DatasetRow] | None = None, **options: OptionValue
) -> Dataset:
    """The set of that name; missing options take their defaults.

    Raises
    ------
    DatasetError : "unknown_dataset", "unknown_option", "bad_option".
    """
    known = DATASETS if known is None else known
    entry = known.get(name)
    if entry is None:
        raise DatasetError(
            "unknown_dataset",
            f"There is no data set {name!r}. Choose one of: {', '.join(known)}.",
            found=name,
            wanted=list(known),
        )
    chosen = {option.name: option.default for option in entry.info.options}
    for key, value in options.items():
        chosen[key] = _checked(entry.info, key, value)
    return entry.build(rng, chosen)


def _checked(info: DatasetInfo, key: str, value: object) -> OptionValue:
    option = next((option for option in info.options if option.name == key), None)
    if option is None:
        wanted = [option.name for option in info.options]
        advice = f"It has: {', '.join(wanted)}." if wanted else "It has no options."
        raise DatasetError(
            "unknown_option",
            f"Data set {info.name!r} has no option {key!r}. {advice}",
            dataset=info.name,
            found=key,
            wanted=wanted,
        )
    if option.choices:
        if isinstance(value, str) and value in option.choices:
            return value
        wanted_text = " or ".join(repr(choice) for choice in option.choices)
    else:
        assert option.minimum is not None and option.maximum is not None
        kinds = int if isinstance(option.default, int) else (int, float)
        if isinstance(value, kinds) and not isinstance(value, bool):
            # NaN is not between them, and a whole number may be too large to be a float.
            if option.minimum <= value <= option.maximum:
                return value
        kind = "a whole number" if isinstance(option.default, int) else "a number"
        wanted_text = f"{kind} from {option.minimum} to {option.maximum}"
    raise DatasetError(
        "bad_option",
        f"Option {key!r} of data set {info.name!r} is {value!r}; it has to be {wanted_text}.",
        dataset=info.name,
        option=key,
        found=repr(value),
        wanted=wanted_text,
    )


def _xor() -> DatasetRow:
    corners = Option("corners", "-1/1", choices=("-1/1", "0/1"))
    about = About("xor", ("x1", "x2"), AB, "truth table", FREE, fixed_scale=1.0, held_out=False)

    def build(rng: np.random.Generator, chosen: Mapping[str, OptionValue]) -> Dataset:
        return Dataset(about, *generated.xor(low=-1.0 if chosen["corners"] == "-1/1" else 0.0))

    return DatasetRow(DatasetInfo(about, 4, (corners,)), build)


def _plane(name: str, classes: tuple[str, ...], points: Points, rows: int, noise: float) -> DatasetRow:
    return _noisy(About(name, ("x1", "x2"), classes, GENERATED, FREE), points, rows, noise)


def _numbers(name: str, points: Points, rows: int, noise: float) -> DatasetRow:
    return _noisy(About(name, ("x",), (), GENERATED, FREE, target_name="y"), points, rows, noise)


def _noisy(about: About, points: Points, rows: int, noise: float) -> DatasetRow:
    options = (Option("rows", rows, 10, 10_000), Option("noise", noise, 0.0, 2.0))

    def build(rng: np.random.Generator, chosen: Mapping[str, OptionValue]) -> Dataset:
        return Dataset(about, *points(rng, int(chosen["rows"]), float(chosen["noise"])))

    return DatasetRow(DatasetInfo(about, rows, options), build)


# In the order in which a beginner meets them.
DATASETS: dict[str, DatasetRow] = {
    entry.info.name: entry
    for entry in (
        _xor(),
        _plane("two_moons", AB, generated.two_moons, rows=200, noise=0.1),
        _plane("circles", AB, generated.circles, rows=200, noise=0.08),
        _plane("three_blobs", ABC, generated.three_blobs, rows=210, noise=0.3),
        _plane("three_spirals", ABC, generated.three_spirals, rows=300, noise=0.04),
        DatasetRow(DatasetInfo(recorded.IRIS, 150), lambda rng, chosen: recorded.iris()),
        DatasetRow(DatasetInfo(recorded.DIGITS, 1797), lambda rng, chosen: recorded.digits()),
        _numbers("line", generated.line, rows=100, noise=1.0),
        _numbers("curve", generated.curve, rows=100, noise=0.1),
    )
}
