"""The four faces of every primitive say the same: kernel, indices, code and cell."""

import itertools

import numpy as np
import pytest

from engine.primitives import PRIMITIVES, Array, Primitive
from tests import cells

LETTERS = [
    {"n": (3,), "i": (4,), "j": (2,), "k": (5,), "m": (6,), "...": (3, 4)},
    {"n": (1,), "i": (1,), "j": (1,), "k": (1,), "m": (1,), "...": (1,)},
    {"n": (2,), "i": (1,), "j": (5,), "k": (2,), "m": (3,), "...": ()},
]
LARGE = {"n": (40,), "i": (30,), "j": (30,), "k": (30,), "m": (30,), "...": (40, 30)}
DTYPES = ["float64", "float32", "float16"]

every_primitive = pytest.mark.parametrize("primitive", PRIMITIVES.values(), ids=PRIMITIVES.keys())


def shapes(primitive: Primitive, sizes: dict[str, tuple[int, ...]]) -> tuple[list[tuple[int, ...]], tuple[int, ...]]:
    """The shapes of the inputs and of the output; "kj" of a square matrix has two equal sides."""
    square = primitive.name in ("softmax_jacobian", "jacobian_product")
    sizes = {**sizes, "j": sizes["k"]} if square else sizes
    # The same table twice.
    # What is reshaped like a table lies turned beside it.
    p, q = "ji" if primitive.name == "reshape_like" else "ij"
    sizes = {**sizes, "p": sizes[p], "q": sizes[q]}

    def shape(letters: str) -> tuple[int, ...]:
        return tuple(itertools.chain.from_iterable(sizes[letter] for letter in cells.letters_of(letters)))

    return [shape(letters) for letters in primitive.input_letters], shape(primitive.output_letters)


def draw(primitive: Primitive, sizes: dict[str, tuple[int, ...]], seed: int, dtype: str = "float64") -> list[Array]:
    """Inputs from -2 to 2, with many zeros and ties for even seeds, positive where the formula needs it."""
    rng = np.random.default_rng(seed)
    positive = cells.operands_that_must_be_positive(primitive.cell)
    inputs = []
    for operand, shape in enumerate(shapes(primitive, sizes)[0]):
        values = rng.integers(-2, 3, shape) / 1.0 if seed % 2 == 0 else rng.uniform(-2, 2, shape)
        inputs.append(np.asarray(np.abs(values) + 0.5 if operand in positive else values, dtype))
    return inputs


def run_kernel(primitive: Primitive, inputs: list[Array]) -> Array:
    sizes = cells.sizes_of_letters(primitive, inputs)
    letters = cells.letters_of(primitive.output_letters) if primitive.output_letters else ()
    shape = tuple(itertools.chain.from_iterable(sizes[letter] for letter in letters))
    out = np.full(shape, np.nan, inputs[0].dtype)
    primitive.kernel(*inputs, out)
    return out


@every_primitive
def test_code_line_computes_what_the_kernel_computes(primitive: Primitive) -> None:
    for sizes, seed in itertools.product(LETTERS, range(4)):
        inputs = draw(primitive, sizes, seed)
        names = [f"input{number}" for number in range(len(inputs))]
        scope = {"np": np, **dict(zip(names, inputs, strict=True))}
        exec(primitive.code.format(*names, out="result"), scope)
        said = f"{sizes}, seed {seed}"
        np.testing.assert_allclose(scope["result"], run_kernel(primitive, inputs), rtol=1e-13, atol=1e-14, err_msg=said)


@every_primitive
def test_cell_formula_equals_the_kernel_in_every_cell(primitive: Primitive) -> None:
    for sizes, seed in itertools.product(LETTERS, range(4)):
        inputs = draw(primitive, sizes, seed)
        found, said = cells.evaluate(primitive, inputs), f"{sizes}, seed {seed}"
        np.testing.assert_allclose(found, run_kernel(primitive, inputs), rtol=1e-13, atol=1e-14, err_msg=said)


@every_primitive
def test_bound_call_gives_the_bits_of_the_kernel_also_after_its_inputs_changed(primitive: Primitive) -> None:
    for sizes, dtype in itertools.product(LETTERS, DTYPES):
        bound = draw(primitive, sizes, seed=0, dtype=dtype)
        out = np.full(shapes(primitive, sizes)[1], np.nan, dtype)
        call, arguments = primitive.call(*bound, out=out)
        for seed in range(4):
            inputs = draw(primitive, sizes, seed, dtype)
            for array, values in zip(bound, inputs, strict=True):
                array[...] = values
            call(*arguments)
            assert out.tobytes() == run_kernel(primitive, inputs).tobytes(), (sizes, dtype, seed)


@every_primitive
def test_kernel_leaves_its_inputs_alone(primitive: Primitive) -> None:
    for dtype in DTYPES:
        inputs = draw(primitive, LETTERS[0], seed=0, dtype=dtype)
        before = [array.tobytes() for array in inputs]
        run_kernel(primitive, inputs)
        assert [array.tobytes() for array in inputs] == before, dtype


@every_primitive
@pytest.mark.overflow_is_the_lesson
def test_a_result_over_an_operand_that_allows_it_has_the_bits_of_one_beside_it(primitive: Primitive) -> None:
    wild = (1.0, np.inf, np.nan)
    for operand, sizes, dtype, first in itertools.product(primitive.in_place, [*LETTERS, LARGE], DTYPES, wild):
        inputs = draw(primitive, sizes, 0, dtype)
        for array in inputs:
            array.flat[0] = first
        expected = run_kernel(primitive, inputs)
        call, arguments = primitive.call(*inputs, out=inputs[operand])
        call(*arguments)
        assert inputs[operand].tobytes() == expected.tobytes()


@every_primitive
def test_kernel_in_float32_stays_within_a_few_roundings_of_float64(primitive: Primitive) -> None:
    inputs = draw(primitive, LETTERS[0], seed=1, dtype="float32")
    expected = run_kernel(primitive, [array.astype("float64") for array in inputs])
    np.testing.assert_allclose(run_kernel(primitive, inputs), expected, rtol=1e-6, atol=1e-6)


@every_primitive
@pytest.mark.overflow_is_the_lesson
def test_nan_in_an_operand_gives_nan_in_the_same_cells_by_kernel_and_formula(primitive: Primitive) -> None:
    for operand, seed in itertools.product(range(len(primitive.input_letters)), range(2)):
        inputs = draw(primitive, LETTERS[0], seed)
        inputs[operand].reshape(-1)[-1] = np.nan
        np.testing.assert_allclose(
            cells.evaluate(primitive, inputs), run_kernel(primitive, inputs), rtol=1e-13, atol=1e-14
        )


def pairs_that_feed(primitive: Primitive, seeds: range) -> set[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """(operand, input cell, output cell) where a change of the input cell was seen in the output cell."""
    seen = set()
    for seed in seeds:
        inputs = draw(primitive, LETTERS[0], seed)
        positive = cells.operands_that_must_be_positive(primitive.cell)
        before = run_kernel(primitive, inputs)
        for operand, array in enumerate(inputs):
            for cell in np.ndindex(*array.shape):
                for change in (1.0, 10.0) if operand in positive else (1.0, -1.0, 10.0, -10.0):
                    changed = [np.array(other) for other in inputs]
                    changed[operand][cell] += change
                    for place in np.argwhere(run_kernel(primitive, changed) != before):
                        seen.add((operand, cell, tuple(int(index) for index in place)))
    return seen


def pairs_declared(primitive: Primitive) -> set[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """The same pairs, read off the letters: cells feed each other where shared letters have equal indices."""
    sizes = cells.sizes_of_letters(primitive, draw(primitive, LETTERS[0], seed=0))
    output_letters = cells.letters_of(primitive.output_letters) if primitive.output_letters else ()
    declared = set()
    for operand, text in enumerate(primitive.input_letters):
        letters = cells.letters_of(text) if text else ()
        every_letter = tuple(dict.fromkeys((*letters, *output_letters)))
        for place in cells.places(every_letter, sizes):
            declared.add((operand, cells.index(letters, place), cells.index(output_letters, place)))
    return declared


def pairs_read(primitive: Primitive) -> set[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """The same pairs, read off the formula: of what the letters allow, a rearrangement reads a part."""
    sizes = cells.sizes_of_letters(primitive, draw(primitive, LETTERS[0], seed=0))
    letters = cells.letters_of(primitive.output_letters) if primitive.output_letters else ()
    return {
        (operand, cell, cells.index(letters, place))
        for place in cells.places(letters, sizes)
        for operand, cell in cells.cells_read(primitive.cell, place, sizes)
    }


@every_primitive
def test_no_cell_feeds_another_than_the_letters_say(primitive: Primitive) -> None:
    assert pairs_that_feed(primitive, range(2)) <= pairs_declared(primitive)


@every_primitive
def test_every_cell_that_the_letters_and_the_formula_name_does_feed(primitive: Primitive) -> None:
    unseen = pairs_read(primitive)
    assert unseen <= pairs_declared(primitive)
    for seed in range(200):
        unseen -= pairs_that_feed(primitive, range(seed, seed + 1))
        if not unseen:
            break
    assert unseen == set()


def test_a_primitive_that_compares_or_takes_a_maximum_of_cells_declares_that_it_selects() -> None:
    # relu and gate compare too, but whatever they decide, the one cell at the same place feeds the output.
    selecting = {name for name, primitive in PRIMITIVES.items() if primitive.selects}
    assert {"max_rows", "select_rows"} <= selecting


@every_primitive
def test_letters_on_the_right_stand_on_the_left(primitive: Primitive) -> None:
    left = set(itertools.chain.from_iterable(cells.letters_of(letters) for letters in primitive.input_letters))
    assert set(cells.letters_of(primitive.output_letters) if primitive.output_letters else ()) <= left


def test_infinite_gradient_does_not_pass_a_shut_gate() -> None:
    out = np.empty(4)
    with np.errstate(invalid="ignore"):
        PRIMITIVES["gate"].kernel(np.array([np.inf, -np.inf, np.nan, 3.0]), np.zeros(4), out)
    np.testing.assert_array_equal(out, np.zeros(4))


def test_slope_of_a_large_array_has_the_bits_of_a_small_one() -> None:
    z = np.tile([0.0, -0.0, 1.5, -2.0, 1e-300, -1e-300], 200)
    for derivative in np.array([0.0, 0.5, 1.0]):
        out = np.empty_like(z)
        PRIMITIVES["relu_slope"].kernel(z, np.asarray(derivative), out)
        assert out.tobytes() == np.heaviside(z, derivative).tobytes()


def test_slope_of_a_large_array_shows_an_error_in_it() -> None:
    z = np.tile([0.0, 1.5, -2.0, np.inf], 300)
    z[7] = np.nan
    out = np.empty_like(z)
    with np.errstate(invalid="ignore"):
        PRIMITIVES["relu_slope"].kernel(z, np.asarray(0.5), out)
    np.testing.assert_array_equal(out, np.heaviside(z, 0.5))


def test_infinite_gradient_passes_an_open_gate() -> None:
    out = np.empty(2)
    with np.errstate(invalid="ignore"):
        PRIMITIVES["gate"].kernel(np.array([np.inf, -np.inf]), np.ones(2), out)
    np.testing.assert_array_equal(out, [np.inf, -np.inf])


@pytest.mark.parametrize("derivative_at_zero", [0.0, 0.5, 1.0])
def test_negative_zero_is_the_corner_too(derivative_at_zero: float) -> None:
    out = np.empty(2)
    PRIMITIVES["relu_slope"].kernel(np.array([0.0, -0.0]), np.array(derivative_at_zero), out)
    np.testing.assert_array_equal(out, [derivative_at_zero] * 2)


def test_gradient_of_an_error_stays_visible_in_relu() -> None:
    out = np.empty(1)
    PRIMITIVES["relu"].kernel(np.array([np.nan]), out)
    assert np.isnan(out[0])
