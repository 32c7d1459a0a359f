"""Mutants that are no mistakes: what they change makes no difference to any number."""

EQUIVALENT = {
    "activation identity: slope taken of a": "the slope is 1 wherever it is taken",
    "layer softmax: e doubled": "p is e over the sum of e, which is doubled too",
    "primitive identity_slope: result shifted by a cell": "all its cells are 1",
    "primitive spread: result shifted by a cell": "all its cells are the same number",
    "primitive spread_rows: result shifted by a cell": "all cells of a row are the same number",
    **{
        f"primitive zeros: {how}": "all its cells are 0"
        for how in ("result scaled by 1.01", "result negated", "result zeroed", "result shifted by a cell")
    },
    "primitive zeros: code scaled": "its line gives zeros, times anything",
    "primitive zeros: cell scaled": "its formula is 0, times anything",
}
