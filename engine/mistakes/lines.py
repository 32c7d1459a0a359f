"""The line that is wrong, and what it should be: the difference of two programs."""

import re

from engine.program import Program

NAME = r"[A-Za-z_]\w*"
# A part that takes more signs than this keeps its name.
LONGEST_PART = 45


def lines_of(right: Program, wrong: Program, shown: str = "") -> tuple[str, str]:
    """The first line of the wrong program that differs, and the line of the right one that makes the same tensor.

    What only the wrong program computes on the way stands inside the line that uses it.

    Parameters
    ----------
    shown : the role of the tensor whose line is wanted; empty: the first.

    Returns
    -------
    (wrong line, right line); both empty where no line differs.
    """
    rights = {node.output: node.code for node in right.nodes}
    new = {node.output: node.code for node in wrong.nodes if node.output not in rights}
    found: list[tuple[str, str]] = []
    for node in wrong.nodes:
        if node.output in rights and rights[node.output] != node.code:
            pair = _with_the_way(node.code, new), rights[node.output]
            if wrong.tensors[node.output].role == shown:
                return pair
            found.append(pair)
    return found[0] if found else ("", "")


def _with_the_way(line: str, new: dict[str, str]) -> str:
    name, _, formula = line.partition(" = ")

    def spelled_out(match: re.Match[str]) -> str:
        inner = new.get(match.group())
        if inner is None:
            return match.group()
        text = re.sub(NAME, spelled_out, inner.partition(" = ")[2])
        if len(text) > LONGEST_PART:
            return match.group()
        return text if re.fullmatch(r"[\w.]+(\(\S*\)[\w.]*)?", text) else f"({text})"

    return f"{name} = " + _without_doubled_brackets(re.sub(NAME, spelled_out, formula))


def _without_doubled_brackets(text: str) -> str:
    """ "f((a + b))" -> "f(a + b)" """
    opened: list[int] = []
    closes: dict[int, int] = {}
    for place, sign in enumerate(text):
        if sign == "(":
            opened.append(place)
        elif sign == ")":
            closes[opened.pop()] = place
    spare = {place for place in closes if place + 1 in closes and closes[place + 1] + 1 == closes[place]}
    gone = {place + 1 for place in spare} | {closes[place + 1] for place in spare}
    return "".join(sign for place, sign in enumerate(text) if place not in gone)
