"""How the playground calls what somebody calls so: w_1 is W1, delta2 is dz2, cost is loss, dscores is dz2."""

import re
from dataclasses import replace
from functools import lru_cache

from server.doctor.reading.names.meanings import HIDDEN, KINDS, OUTPUT, with_word
from server.doctor.reading.names.name import Name
from server.doctor.reading.text.spelling import spelled

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
# Twelve words are a name. A longer one may be a text without blanks, which nobody should remember or take apart.
LONGEST_NAME = 200


def canonical(written: str, layers: int) -> str | None:
    """The playground's name of what is called so in a network with so many layers; None: nobody knows it."""
    name = parsed(written)
    return None if name is None else name.canonical(layers)


def parsed(written: str) -> Name | None:
    """Take a name apart; None: it means nothing here."""
    return _parsed(written) if len(written) <= LONGEST_NAME else None


@lru_cache(maxsize=4096)
def _parsed(written: str) -> Name | None:
    text = spelled(written).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    is_gradient = False
    in_bag = _IN_A_BAG.fullmatch(text)
    if in_bag is not None:
        bag = in_bag["bag"].rpartition(".")[2].lower()
        is_gradient = _GRADIENT_BAGS.fullmatch(bag) is not None
        # weights["h1"] and hidden["W"] say more than the key alone does.
        has_words = bag in KINDS or bag in HIDDEN or bag in OUTPUT
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
            added = with_word(name, piece["word"])
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
