"""What begins where: a dictionary, a formula, one element of a matrix, a layer of its own."""

from collections.abc import Sequence

from server.doctor.reading.text.tokens import Token, is_sign

_DEEPEST = 4
# Of the number of a layer, which becomes a part of all names below it.
MOST_DIGITS = 2


def is_dictionary(tokens: Sequence[Token], at: int) -> bool:
    """dict( and OrderedDict( are braces."""
    return tokens[at].text.rpartition(".")[2].lower() in ("dict", "ordereddict", "defaultdict") and is_sign(
        tokens, at + 1, "("
    )


def is_formula(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name behind "=" goes on as code: dW1 = X.T @ dz1."""
    has_next = at + 1 < len(tokens) and tokens[at + 1].line == tokens[at].line
    return has_next and is_sign(tokens, at - 1, "=") and tokens[at + 1].text[0] in "@*/+-(.%<>&^|"


def is_element(tokens: Sequence[Token], at: int) -> bool:
    """W1[0, 1] and W1(1, 2) are one number of W1; print(W1) is code."""
    return is_sign(tokens, at + 1, "[(") and tokens[at + 1].start == tokens[at].end


def is_layer_number(tokens: Sequence[Token], at: int, label: Sequence[int]) -> bool:
    """The number of "Layer 2 weights" and of "Layer 2:"."""
    if tokens[at].kind != "number" or not label or label[-1] != at - 1 or tokens[at - 1].text.lower() != "layer":
        return False
    has_name = at + 1 < len(tokens) and tokens[at + 1].kind == "name" and tokens[at + 1].line == tokens[at].line
    is_short = tokens[at].text.isdigit() and len(tokens[at].text) <= MOST_DIGITS
    return is_short and (has_name or is_sign(tokens, at + 1, ":="))


def ends_line(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 >= len(tokens) or tokens[at + 1].line > tokens[at].line


def is_group(tokens: Sequence[Token], at: int) -> bool:
    """A bracket around names, not around numbers: [('W1', array(...))], (dW1: ...)."""
    if not is_sign(tokens, at, "[("):
        return False
    begin = at
    while is_sign(tokens, at, "[(") and at < begin + _DEEPEST:
        at += 1
    return at < len(tokens) and (tokens[at].kind == "name" or is_sign(tokens, at, "{"))
