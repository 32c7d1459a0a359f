"""What is wrong and where to look, in words, where no name fits."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import shape_text
from engine.doctor.closeness import laid_over
from engine.doctor.diagnosis import JudgedCase, Pattern
from engine.program import SAMPLE_AXIS, Program

FAULTS = ("wrong", "shape", "not_finite")


def pattern_of(program: Program, cases: Sequence[JudgedCase]) -> Pattern:
    """The most telling of what can be said of the wrong tensors."""
    return (
        _nothing_came(cases)
        or _shapes(cases)
        or _not_finite(cases)
        or _all_zero(cases)
        or _one_factor(cases)
        or _unbalanced(cases)
        or _which(program, cases)
    )


def wrong_names(cases: Sequence[JudgedCase]) -> list[str]:
    """The tensors that are wrong in some case, those left out that only follow; the backward pass's order."""
    found = (name for case in cases for name, judged in case.tensors.items() if judged.status in FAULTS)
    return list(dict.fromkeys(found))


def _nothing_came(cases: Sequence[JudgedCase]) -> Pattern | None:
    failed = [case.answer for case in cases if case.answer.raised is not None]
    if not failed or wrong_names(cases):
        return None
    return Pattern(
        "raised",
        f"Your code failed in the case {failed[0].case.name!r}: {failed[0].raised}. Print the shapes of the two arrays "
        "in the line that failed.",
        {"case": failed[0].case.name, "message": failed[0].raised, "cases": [answer.case.name for answer in failed]},
    )


def _shapes(cases: Sequence[JudgedCase]) -> Pattern | None:
    for case in cases:
        for name, judged in case.tensors.items():
            if judged.status == "shape":
                sent = case.answer.results[name].values
                found = "rows of different lengths" if sent is None else shape_text(sent.shape)
                assert judged.right is not None
                wanted = shape_text(judged.right.shape)
                return Pattern(
                    "shape",
                    f"{name} has the shape {found}; it needs {wanted}, written with one row per sample. A gradient has "
                    "the same shape as the array that it belongs to.",
                    {"tensor": name, "found": found, "wanted": wanted, "case": case.answer.case.name},
                )
    return None


def _not_finite(cases: Sequence[JudgedCase]) -> Pattern | None:
    for case in cases:
        names = [name for name, judged in case.tensors.items() if judged.status == "not_finite"]
        if names:
            return Pattern(
                "not_finite",
                f"{', '.join(names)} in the case {case.answer.case.name!r}: NaN or infinity where a finite "
                "number belongs. Look for exp of a large number, log of 0 and a division by 0.",
                {"tensors": names, "case": case.answer.case.name},
            )
    return None


def _all_zero(cases: Sequence[JudgedCase]) -> Pattern | None:
    names = wrong_names(cases)
    zeros = [
        name
        for name in names
        if all(
            not case.answer.results[name].values.any()  # type: ignore[union-attr]
            for case in cases
            if name in case.answer.results and case.tensors[name].status == "wrong"
        )
    ]
    if not zeros or zeros != names:
        return None
    return Pattern(
        "all_zero",
        f"{', '.join(names)}: every number is 0 and should not be. Check whether the array is filled at all, and "
        "whether whole numbers (an integer dtype) have rounded it away.",
        {"tensors": names},
    )


def _one_factor(cases: Sequence[JudgedCase]) -> Pattern | None:
    wrong = [(name, judged) for case in cases for name, judged in case.tensors.items() if judged.status in FAULTS]
    factor = wrong[0][1].ratio if wrong else None
    # A factor of 0 says nothing: whatever was right, it leaves an array of zeros.
    if not factor or any(judged.ratio is None or abs(judged.ratio / factor - 1) > 1e-2 for _, judged in wrong):
        return None
    names = wrong_names(cases)
    return Pattern(
        "one_factor",
        f"{', '.join(names)}: all wrong by the same factor, {factor:.6g}, and otherwise right. Look for a number "
        "that is multiplied or divided once too often, or not at all.",
        {"tensors": names, "factor": factor},
    )


def _unbalanced(cases: Sequence[JudgedCase]) -> Pattern | None:
    """A gradient whose row of each sample sums to 0 where it is right, as p - y does, and not as it was sent."""
    for case in cases:
        program = case.answer.case.program
        for name, judged in case.tensors.items():
            sent, right = case.answer.results.get(name), judged.right
            is_of_samples = program.tensors[name].axes[:1] == (SAMPLE_AXIS,)
            if judged.status != "wrong" or sent is None or right is None or right.ndim != 2 or not is_of_samples:
                continue
            values = laid_over(sent, right.shape)
            assert values is not None
            is_balanced = np.all(np.abs(right.sum(axis=1)) <= 1e-9 * np.abs(right).max())
            off = np.abs(values.sum(axis=1)) > right.shape[1] * (2 * sent.half_unit + sent.rtol * np.abs(values).max())
            if is_balanced and np.any(right) and off.any():
                sample = int(np.argmax(off))
                total = float(values[sample].sum())
                return Pattern(
                    "unbalanced",
                    f"Each sample's row of {name} must sum to 0, because p and y both sum to 1; yours of sample "
                    f"{sample + 1} sums to {total:.6g}. Look at p, y and the line that makes {name}.",
                    {"tensor": name, "sample": sample + 1, "sum": total, "case": case.answer.case.name},
                )
    return None


def _which(program: Program, cases: Sequence[JudgedCase]) -> Pattern:
    names = wrong_names(cases)
    tensors = {name: program.tensors[name] for name in names}
    sent = {name for case in cases for name in case.tensors if case.tensors[name].status != "missing"}
    depth = max((tensor.layer or 0) for tensor in program.with_role("W"))
    roles = {tensor.role.split("_")[0] for tensor in tensors.values()}
    layers = {tensor.layer for tensor in tensors.values()}
    listed = ", ".join(names)
    params: dict[str, object] = {"tensors": names}
    last_bias = f"db{depth}"
    gradients = {name for name in sent if program.tensors[name].role in ("dW", "db")}
    if all(name in ("loss", "data_loss") for name in names):
        return Pattern(
            "only_the_loss",
            "Only the loss is wrong; the gradients are not made from its number. Look at its mean, its sum and the L2 "
            "part.",
            params,
        )
    if roles == {"db"}:
        return Pattern(
            "only_biases", f"Only {listed}: the sum over the samples. Look at its axis and its mean.", params
        )
    if roles == {"dW"} and layers == {depth}:
        return Pattern(
            "only_last_weights",
            f"Only {listed}: what comes from above is right. Look at the activation that it is multiplied with.",
            params,
        )
    if roles == {"dW"}:
        return Pattern(
            "only_weights", f"Only {listed}. Look at the two arrays that are multiplied, and at the L2 part.", params
        )
    if last_bias in sent and last_bias not in names and gradients - {last_bias} <= set(names):
        return Pattern(
            "all_but_the_last_bias",
            f"{last_bias} is right and {listed} are wrong: as if the rows of x and y were in different orders.",
            {**params, "bias": last_bias},
        )
    if depth not in layers and roles <= {"dW", "db", "dz", "da"}:
        return Pattern(
            "below_the_last",
            f"Only {listed}; the output layer is right. Look at the way down: the transposed weights, the mask, and "
            "whether the weights are updated before they are used.",
            params,
        )
    return Pattern(
        "first_wrong",
        f"{listed}: {names[0] if names else 'nothing'} is the first that is wrong. Look at the line that makes it.",
        {**params, "first": names[0] if names else ""},
    )
