"""How the playground calls what somebody calls so: w_1 is W1, delta2 is dz2, cost is loss, dscores is dz2."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from server.doctor.reading.spelling import spelled

# The kind of tensor that a word means, and where it stands if the word says that too.
_KINDS: dict[str, str] = {
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
_HIDDEN = ("hidden", "hid", "h", "hiddens", "hiddenlayer", "xh", "ih")
_OUTPUT = ("output", "out", "o", "outputs", "last", "outputlayer", "hy", "ho")
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
# dL/dW1, ∂E_total/∂w5, dL_dW1, dJdb1.
_QUOTIENT = re.compile(
    r"(?:[d∂]|partial)[ _]?\{?(?:L|J|C|E|e_?\{?tot(?:al)?\}?|loss|cost|err|error)\}?"
    r"(?:\s*/\s*|_|\s*)(?:[d∂]|partial)_?\s*(?=[^\W\d])",
    re.IGNORECASE,
)
_IN_A_BAG = re.compile(r"(?P<bag>[^\W\d][\w.]*(?:\[[0-9]\])?)\s*\[\s*(?P<quote>['\"])(?P<name>[^'\"]*)(?P=quote)\s*\]")
_GRADIENT_BAGS = re.compile(r"d?_?(?:param(?:eter)?s?_?)?(?:grads?|gradients?|derivatives?|nabla)|dparam(?:eter)?s?|d")
_BAGS = frozenset(
    ("self", "params", "parameters", "param", "cache", "caches", "model", "net", "network", "nn", "state")
)
_MODULE = re.compile(r"(?:fc|linear|lin|layers?|dense|l)_?(?P<number>\[?[1-9]\]?)")
_NUMBERED = re.compile(r"\[[0-9]\]$|[1-9]$")
_PIECE = re.compile(
    r"""(?P<index>(?:\^?_?[\[({]+|[\^_])?[0-9]+[\])}]*)|(?P<last>\^?_?[\[({][Ll][\])}]+|\^[Ll])
    |(?P<word>[^\W\d_]+)|(?P<rest>.)""",
    re.VERBOSE,
)
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[dW])(?=[A-Z][a-z]{2})")
MOST_LAYERS = 99


@dataclass(frozen=True, slots=True)
class Name:
    """What a name says.

    Attributes
    ----------
    kind : "W", "b", "z", "a", "mask", "delta", "p", "x", "y", "loss", "theta" or "V"
    layer : the number that was written; None: none was
    place : "hidden" or "output" where a word says so
    is_indexed : the number stands in plain brackets, so that it may count from 0
    """

    kind: str
    layer: int | None = None
    place: str | None = None
    is_gradient: bool = False
    is_next: bool = False
    is_indexed: bool = False

    def canonical(self, layers: int) -> str | None:
        """The name in the playground, for a network of so many layers with weights; None: there is no such tensor."""
        kind, mark, end = self.kind, "d" if self.is_gradient else "", "_next" if self.is_next else ""
        if kind == "delta":
            kind, mark = "z", "d"
        if kind in ("theta", "V"):
            kind = "W"
        if kind in ("x", "y", "loss"):
            return f"{mark}{kind}{end}" if self.layer in (None, 0) and (not mark or kind == "x") else None
        layer = self.layer
        if layer is None:
            layer = layers if self.place == "output" else 1
        if kind == "a" and layer == 0:
            return f"{mark}x{end}"
        if kind == "p" or (kind == "a" and self.place == "output"):
            return f"{mark}p{end}" if self.layer in (None, layers) else None
        if not 1 <= layer <= layers or (end and kind not in ("W", "b")):
            return None
        return f"{mark}{kind}{layer}{end}"


def canonical(written: str, layers: int) -> str | None:
    """The playground's name of what is called so in a network with so many layers; None: nobody knows it."""
    name = parsed(written)
    return None if name is None else name.canonical(layers)


@lru_cache(maxsize=4096)
def parsed(written: str) -> Name | None:
    """Take a name apart; None: it means nothing here."""
    text = spelled(written).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    is_gradient = False
    in_bag = _IN_A_BAG.fullmatch(text)
    if in_bag is not None:
        bag = in_bag["bag"].rpartition(".")[2].lower()
        is_gradient = _GRADIENT_BAGS.fullmatch(bag) is not None
        # weights["h1"] and hidden["W"] say more than the key alone does.
        has_words = bag in _KINDS or bag in _HIDDEN or bag in _OUTPUT
        inner = (_of_text(f"{bag}_{in_bag['name']}") if has_words else None) or parsed(in_bag["name"])
        number = _NUMBERED.search(bag)
        if inner is not None and number is not None and inner.layer is None:
            inner = _of_text(f"{in_bag['name']}{number[0]}")
        return inner and replace(inner, is_gradient=is_gradient or inner.is_gradient)
    quotient = _QUOTIENT.match(text)
    # "dl_dw" has its bar; "dldw" too, but "dedw" is nobody's and "delta" has no second d.
    if quotient is not None:
        inner = parsed(text[quotient.end() :])
        if inner is not None and inner.kind != "delta":
            return replace(inner, is_gradient=True)
    if "." in text:
        parts = text.split(".")
        if parts[-1].lower() in ("grad", "gradient", "g"):
            is_gradient, parts = True, parts[:-1]
        while len(parts) > 1 and (parts[0].lower() in _BAGS or _GRADIENT_BAGS.fullmatch(parts[0].lower())):
            is_gradient = is_gradient or _GRADIENT_BAGS.fullmatch(parts[0].lower()) is not None
            parts = parts[1:]
        module = _MODULE.fullmatch(parts[0].lower()) if len(parts) == 2 else None
        if module is not None:
            parts = [f"{parts[1]}{module['number']}"]
        text = ".".join(parts)
    name = _of_text(text)
    return name and replace(name, is_gradient=is_gradient or name.is_gradient)


def _of_text(text: str) -> Name | None:
    """A name of words, glued letters and one number."""
    name = Name("")
    for piece in _PIECE.finditer(_CAMEL.sub("_", text)):
        if piece["index"]:
            number = int(re.sub(r"\D", "", piece["index"])[:6])
            if name.layer is not None or number > MOST_LAYERS:
                return None
            name = replace(name, layer=number, is_indexed=piece["index"].startswith("["))
        elif piece["last"]:
            name = replace(name, place="output")
        elif piece["word"]:
            added = _with_word(name, piece["word"])
            if added is None:
                return None
            name = added
        elif piece["rest"] == "∇":
            name = replace(name, is_gradient=True)
        elif piece["rest"] not in "_ -^{}":
            return None
    if not name.kind and not (name.is_gradient and name.place == "output"):
        # A hidden layer or an output without another word is its activation; "dout" may be the gradient of anything.
        name = replace(name, kind={"hidden": "a", "output": "p"}.get(name.place or "", ""))
    if not name.kind:
        return None
    if name.place == "hidden" and name.kind in ("p", "y", "x", "loss"):
        # Weights "from the input to the hidden layer" have their own word before.
        return None
    return name


def _with_word(name: Name, word: str) -> Name | None:
    """A name with one more of its words; None: the word means nothing, or something else than those before it."""
    lower = word.lower()
    if lower in _EMPTY:
        return name
    if lower in _NEXT:
        return replace(name, is_next=True)
    if lower in _GRADIENT:
        return replace(name, is_gradient=True)
    if lower in _HIDDEN:
        return replace(name, place="hidden", kind="" if name.kind == "x" else name.kind)
    if lower in _OUTPUT:
        return replace(name, place=name.place if name.place == "output" else "output")
    if word == "E" or word == "C":
        lower = "loss"
    if lower == "hat" and name.kind == "y":
        return replace(name, kind="p")
    if lower in _KINDS:
        return _with_kind(name, _KINDS[lower], "output" if lower in _AT_THE_OUTPUT else None)
    glued = _GLUED.fullmatch(lower)
    if glued is not None:
        place = _GLUED_PLACES.get(glued["place"], "output" if glued["place"] != "hidden" else "hidden")
        return _with_kind(name, _KINDS[glued["kind"]], place)
    if lower[0] in "d∂∇" and len(lower) > 1:
        rest = _with_word(name, word[1:])
        return rest and replace(rest, is_gradient=True)
    if lower.startswith("grad") and len(lower) > 4:
        rest = _with_word(name, word[4:])
        return rest and replace(rest, is_gradient=True)
    if lower.endswith("grad"):
        rest = _with_word(name, word[:-4])
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


def depth_of(names: Iterator[Name]) -> int | None:
    """How many layers names speak of; None: they do not say."""
    deepest, hidden, has_hidden = 0, 0, False
    for name in names:
        if name.kind in ("W", "b", "z", "mask", "delta", "theta"):
            deepest = max(deepest, name.layer or 0)
        if name.kind == "a" or name.place == "hidden":
            has_hidden = has_hidden or name.place == "hidden"
            deepest = max(deepest, name.layer or 0)
            hidden = max(hidden, name.layer or 1) if name.place == "hidden" else hidden
    if has_hidden:
        deepest = max(deepest, hidden + 1)
    return deepest or None
