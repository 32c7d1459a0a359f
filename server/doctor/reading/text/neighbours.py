"""What may stand beside a number, and behind a value."""

import re
from collections.abc import Sequence

from server.doctor.reading.text.errors import Unreadable
from server.doctor.reading.text.tokens import NUMBERS, Token

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*|[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")


def check_glue(tokens: Sequence[Token], at: int) -> None:
    """Two numbers with nothing between them are none: 3-2, 1.5.2, 2x, 10^2."""
    token = tokens[at]
    if at and tokens[at - 1].end == token.start and tokens[at - 1].kind in (*NUMBERS, "name"):
        raise Unreadable("value", at + 1, found=tokens[at - 1].text + token.text)
    if at + 1 < len(tokens) and tokens[at + 1].start == token.end:
        after = tokens[at + 1]
        if after.kind in (*NUMBERS, "name", "wrap", "fill", "dots") or (
            after.kind == "sign" and after.text not in ",;])}|:>"
        ):
            raise Unreadable("value", at + 1, found=token.text + after.text)


def check_end(tokens: Sequence[Token], begin: int, stop: int, text: str, *, is_bare: bool) -> None:
    """What follows a value on its line may not change it: 0.5 * 2 is not 0.5."""
    at, last = stop, tokens[stop - 1]
    if is_bare and _THOUSANDS.fullmatch(text[tokens[begin].start : last.end]):
        raise Unreadable("value", at, found=text[tokens[begin].start : last.end])
    if at < len(tokens) and tokens[at].line == last.line:
        after = tokens[at]
        is_fine = after.kind in ("name", "none", "fill", "wrap", *NUMBERS) or (
            after.kind == "sign" and after.text in ",;])}|>[("
        )
        if not is_fine:
            found = text[tokens[begin].start : after.end]
            raise Unreadable("value", at + 1, found=found[-40:])
