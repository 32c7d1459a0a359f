"""One spelling for what Unicode can write in many ways: minus signs, blanks, digits, raised and lowered letters."""

import re
import unicodedata

# Signs that people and programs put in front of numbers, and what NFKC would spell in a way that means something else.
_SIGNS = {
    **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
    **dict.fromkeys("\u2028\u2029\x85\x0b\x0c", " "),
    **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    "\u2044": "/",
    "\u221e": "inf",
    "\u22ef": "...",
    "\u22ee": "...",
    "\U0001d6db": "∂",
    "\u2207": "∇",
    "\u2248": "=",
}
_OTHER = re.compile(r"[^\x00-\x7f]")
# How TensorFlow shows an array.
_TENSORFLOW = re.compile(r"<tf\.(?:Tensor|Variable)[^<>\n]{0,200}?numpy=")
_LINE_END = re.compile(r"\r\n?")


def spelled(text: str) -> str:
    """The same text in one spelling, line for line.

    A raised or lowered digit behind a digit is no further digit of the number: 10² becomes 10^2, which is no number.
    """
    text = _TENSORFLOW.sub("", _LINE_END.sub("\n", text))
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return _OTHER.sub(_one, text)


def _one(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in _SIGNS:
        return _SIGNS[letter]
    plain = "".join(_SIGNS.get(part, part) for part in unicodedata.normalize("NFKC", letter))
    is_digit = any("0" <= part <= "9" for part in plain)
    is_raised = is_digit and unicodedata.category(letter) != "Nd"
    before = found.string[found.start() - 1 : found.start()]
    return "^" + plain if is_raised and (before.isdigit() or before == ".") else plain
