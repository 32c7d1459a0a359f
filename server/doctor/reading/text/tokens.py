"""The pieces of a text: names, numbers, brackets, signs."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_WORD = r"[^\W\d]\w*"
# What may be glued to a name: grads["W2"], W[1], W^[1], W^{(1)}, W_{1}, W(1), a^1.
_SUFFIX = (
    r"(?:\[\s?(?:'[^'\n]{0,40}'|\"[^\"\n]{0,40}\"|[0-9]{1,3}|[lL])\s?\]"
    r"|[\^_]\{[^{}\n]{1,20}\}|\{[0-9]{1,3}\}|\^?\([0-9lL]{1,3}\)|\^\[\w{1,3}\]|\^\w{1,3})"
)
_QUOTIENT = r"(?:[d∂][ ]?[\w{}]{1,16}[ ]?/[ ]?[d∂][ ]?)"
_UNIT = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
# A longer exponent is no number of float64, and a hostile one would cost as many digits.
_EXPONENT = r"(?:e[+-]?[0-9]{1,3})?"
_WRAPPERS = (
    r"array|asarray|matrix|mat|tensor|Tensor|EagerTensor|Parameter|Variable|Array|DeviceArray|as_tensor|constant"
    r"|float(?:16|32|64)?|double|single|int(?:8|16|32|64)?|list|tuple|bool_?|c"
)
TOKEN = re.compile(
    rf"""(?P<space>[ \t'"`$]+)
    |(?P<line>\n)
    |(?P<comment>\#(?!INF|IND|QNAN)[^\n]*|//[^\n]*)
    |(?P<dots>\.\.\.)
    |(?P<wrap>(?<![\w.])(?:(?:np|numpy|torch|jnp|jax|tf|nn|onp)\.)*(?:{_WRAPPERS})\(|(?<![\w.])Parameter\ containing:)
    |(?P<fill>(?<![\w.])(?:(?:np|numpy|torch|jnp)\.)?(?:zeros|ones)(?=\())
    |(?P<method>(?<=[\])])\.[A-Za-z_]+(?:\([^()\n]*\))?)
    |(?P<word>(?<![\w.])[+-]?(?:(?:np|numpy|math|torch|jnp)\.)?(?:nan|inf|infinity|true|false)(?![\w.(\[=:]))
    |(?P<none>(?<![\w.])(?:None|null|NULL)(?!\w))
    |(?P<module>(?<![\w.])[0-9]{{1,2}}\.(?:weight|bias)(?:\.grad)?)
    |(?P<pair>(?<![\w.])(?<!\d,)[+-]?[0-9]+,[0-9]+{_EXPONENT}(?![\w.]|,[0-9]))
    |(?P<number>[+-]?(?:{_UNIT}){_EXPONENT}(?:/(?:{_UNIT}))?)
    |(?P<name>{_QUOTIENT}?[∂∇]?[ ]?{_WORD}(?:\.{_WORD}|{_SUFFIX})*)
    |(?P<sign>.)""",
    re.VERBOSE | re.IGNORECASE,
)


# Kinds of tokens that are numbers.
NUMBERS = ("number", "pair", "word")
OPENING, CLOSING = "[(", "])"


class Token(NamedTuple):
    """A piece of the text: its kind (a group of TOKEN), where it begins and ends, and its line, from 1."""

    kind: str
    text: str
    start: int
    end: int
    line: int


def tokens_of(text: str) -> list[Token]:
    """The pieces of a text without blanks and comments."""
    tokens: list[Token] = []
    line = 1
    for found in TOKEN.finditer(text):
        kind = found.lastgroup
        assert kind is not None
        if kind == "line":
            line += 1
        elif kind not in ("space", "comment"):
            # 0.weight, as a Sequential of PyTorch has it, is a name.
            tokens.append(Token("name" if kind == "module" else kind, found[0], found.start(), found.end(), line))
    return tokens


def is_sign(tokens: Sequence[Token], at: int, signs: str) -> bool:
    """Whether one of these signs stands here."""
    return 0 <= at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text in signs


def behind_argument(tokens: Sequence[Token], at: int) -> int:
    """To the comma or bracket that ends what is said of an array: dtype=float32, grad_fn=<AddBackward0>."""
    depth = 0
    while at < len(tokens):
        if is_sign(tokens, at, OPENING):
            depth += 1
        elif tokens[at].kind == "wrap":
            depth += 1
        elif is_sign(tokens, at, CLOSING):
            if depth == 0:
                return at
            depth -= 1
        elif is_sign(tokens, at, ",") and depth == 0:
            return at
        at += 1
    return at


def behind_brackets(tokens: Sequence[Token], at: int) -> int:
    """Behind the bracket that closes the one that opens here."""
    depth = 0
    while at < len(tokens):
        if is_sign(tokens, at, OPENING):
            depth += 1
        elif is_sign(tokens, at, CLOSING):
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at
