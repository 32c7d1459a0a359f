"""The words in front of a value."""

import re
from collections.abc import Sequence

from server.doctor.reading.names.names import parsed
from server.doctor.reading.text.tokens import Token

# A heading or a comment that is nothing but a name belongs to the value below it.
_NAME_IN_COMMENT = re.compile(r"(?m)^[ \t]*(?:#+|%+|//+|\*+|-(?=[ ][^\W\d])|>+|In \[[0-9]+\]:|Out\[[0-9]+\]:)[ \t]*")
_LONGEST_LABEL = 60
_MOST_WORDS = 12
_UPDATE = re.compile(r"\b(before|after)(?: the)? update\b")
_MEASURES = frozenset(
    "difference diff error errors norm mean average max maximum min minimum std sum abs absolute relative ratio "
    "numerical numeric expected correct argmax size".split()
)


def without_prompts(text: str) -> str:
    """A text whose headings, prompts and comments of a single name are names like all others."""

    def bare(found: re.Match[str]) -> str:
        end = found.string.find("\n", found.end())
        rest = found.string[found.end() : end if end >= 0 else None]
        is_prompt = found[0].lstrip().startswith((">", "In", "Out", "*", "-"))
        if is_prompt or (len(rest) <= _LONGEST_LABEL and parsed(rest.strip().rstrip(":= ")) is not None):
            return ""
        return found[0] if found[0].lstrip().startswith(("#", "/")) else f"#{found[0]}"

    return _NAME_IN_COMMENT.sub(bare, text)


def label_of(tokens: Sequence[Token], label: Sequence[int]) -> str:
    """The words in front of a value: all of them if they mean something together, else the last."""
    words = [tokens[at].text for at in label]
    together = _UPDATE.sub(lambda found: "" if found[1] == "before" else "next", " ".join(words[-_MOST_WORDS:])).strip()
    last = words[-1].removesuffix(".shape")
    if len(words) == 1:
        return last
    if parsed(together) is not None:
        return together
    lower = {word.lower() for word in words}
    name = parsed(last)
    if name is None or lower & _MEASURES:
        # The norm of dW1 is not dW1.
        return together
    has_gradient = lower & {"gradient", "gradients", "grad", "grads", "derivative"}
    return f"gradient {last}" if has_gradient and not name.is_gradient else last


def has_no_layer(written: str) -> bool:
    name = parsed(written)
    return name is not None and name.layer is None and name.kind in ("W", "b", "z", "a", "mask", "delta")
