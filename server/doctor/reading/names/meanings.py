"""What the words of a name mean: delta is dz, cost is loss, Wh is W of the hidden layer."""

import re
from dataclasses import replace

from server.doctor.reading.names.name import Name

# The kind of tensor that a word means, and where it stands if the word says that too.
KINDS: dict[str, str] = {
    **dict.fromkeys(("w", "weight", "weights", "kernel", "kernels", "coef", "coefs", "wt", "wts"), "W"),
    **dict.fromkeys(("b", "bias", "biases", "intercept", "intercepts"), "b"),
    **dict.fromkeys(("z", "zs", "net", "preactivation", "preactivations", "preact", "logit", "logits", "score"), "z"),
    **dict.fromkeys(("scores", "linear"), "z"),
    **dict.fromkeys(("a", "act", "acts", "activation", "activations"), "a"),
    **dict.fromkeys(("mask", "masks", "gate", "gates"), "mask"),
    **dict.fromkeys(("delta", "deltas", "δ"), "delta"),
    **dict.fromkeys(("p", "yhat", "ŷ", "prob", "probs", "probability", "probabilities", "softmax"), "p"),
    **dict.fromkeys(("pred", "preds", "ypred", "prediction", "predictions", "predicted"), "p"),
    **dict.fromkeys(("x", "xs", "input", "inputs", "feature", "features"), "x"),
    **dict.fromkeys(("y", "ys", "t", "target", "targets", "label", "labels", "ytrue", "onehot"), "y"),
    **dict.fromkeys(("l", "j", "loss", "cost", "nll", "crossentropy", "losses", "etotal"), "loss"),
    **dict.fromkeys(("theta", "thetas", "θ"), "theta"),
    "v": "V",
}
HIDDEN = ("hidden", "hid", "h", "hiddens", "hiddenlayer", "xh", "ih")
OUTPUT = ("output", "out", "o", "outputs", "last", "outputlayer", "hy", "ho")
_AT_THE_OUTPUT = ("logit", "logits", "score", "scores")
_GRADIENT = ("d", "∂", "∇", "grad", "grads", "gradient", "gradients", "nabla", "derivative", "derivatives", "deriv")
_NEXT = ("next", "new", "updated", "update")
_EMPTY = (
    "of",
    "for",
    "in",
    "the",
    "my",
    "is",
    "are",
    "layer",
    "matrix",
    "vector",
    "values",
    "value",
    "val",
    "train",
    "batch",
    "relu",
    "total",
)
# Letters written together: Wh and bout, and from where to where: Wxh, who.
_GLUED = re.compile(r"(?P<kind>mask|[wbza])(?P<place>xh|ih|hy|ho|hidden|hid|output|out|last|h|o|l)")
_GLUED_PLACES = {"xh": "hidden", "ih": "hidden", "hy": "output", "ho": "output", "h": "hidden", "hid": "hidden"}


def with_word(name: Name, word: str) -> Name | None:
    """A name with one more of its words; None: the word means nothing, or something else than those before it."""
    lower = word.lower()
    if lower in _EMPTY:
        return name
    if lower in _NEXT:
        return replace(name, is_next=True)
    if lower in _GRADIENT:
        return replace(name, is_gradient=True)
    if lower in HIDDEN:
        return replace(name, place="hidden", kind="" if name.kind == "x" else name.kind)
    if lower in OUTPUT:
        return replace(name, place=name.place if name.place == "output" else "output")
    if word == "E" or word == "C":
        lower = "loss"
    if lower == "hat" and name.kind == "y":
        return replace(name, kind="p")
    if lower in KINDS:
        return _with_kind(name, KINDS[lower], "output" if lower in _AT_THE_OUTPUT else None)
    glued = _GLUED.fullmatch(lower)
    if glued is not None:
        place = _GLUED_PLACES.get(glued["place"], "output" if glued["place"] != "hidden" else "hidden")
        return _with_kind(name, KINDS[glued["kind"]], place)
    if lower[0] in "d∂∇" and len(lower) > 1:
        rest = with_word(name, word[1:])
        return rest and replace(rest, is_gradient=True)
    if lower.startswith("grad") and len(lower) > 4:
        rest = with_word(name, word[4:])
        return rest and replace(rest, is_gradient=True)
    if lower.endswith("grad"):
        rest = with_word(name, word[:-4])
        return rest and replace(rest, is_gradient=True)
    return None


def _with_kind(name: Name, kind: str, place: str | None) -> Name | None:
    if name.kind == "x" and kind in ("W", "b", "z"):
        # input weights, X W: only "weights input hidden" is a name in use.
        return None
    if name.kind == "y" and kind == "p":
        return replace(name, kind="p")
    if name.kind and kind == "x" and name.kind in ("W", "b", "z"):
        # "weights input hidden": where the weights come from.
        return name
    if name.kind and not (name.kind == kind):
        return None
    return replace(name, kind=kind, place=place or name.place)
