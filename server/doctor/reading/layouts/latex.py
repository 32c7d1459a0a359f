"""Matrices, fractions and Greek letters of LaTeX."""

import re

_LETTERS = {
    "delta": "δ",
    "Delta": "δ",
    "partial": "∂",
    "nabla": "∇",
    "theta": "theta",
    "Theta": "Theta",
    "infty": "inf",
    **dict.fromkeys(("dots", "ldots", "cdots", "vdots", "ddots"), "..."),
    **dict.fromkeys(("approx", "simeq", "coloneqq"), "="),
    **dict.fromkeys(("cdot", "times", "odot"), "*"),
    **dict.fromkeys(("quad", "qquad", "left", "right", "displaystyle", "big", "Big", "bigl", "bigr", "hline"), " "),
}
_ENVIRONMENT = r"(?:[pbBvV]?(?:small)?matrix\*?|array)"
_GROUP = r"\{((?:[^{}\n]|\{[^{}\n]{0,40}\}){0,80})\}"
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        # A bracket around an array is the bracket of the matrix.
        (rf"\\left\s?\\?[\[({{|.]\s?(?=\\begin\{{{_ENVIRONMENT}\}})", ""),
        (r"(?<=\})\s?\\right\s?\\?[\])}|.]", ""),
        (rf"\\\\\s{{0,9}}(?=\\end\{{{_ENVIRONMENT}\}})", ""),
        (rf"\\begin\{{{_ENVIRONMENT}\}}(?:\[\w\]|\{{[lcr| ]{{1,40}}\}})?", "[["),
        (rf"\\end\{{{_ENVIRONMENT}\}}", "]]"),
        (r"\\\\(?:\[[0-9a-z.]{0,8}\])?", "] ["),
        (rf"\\[dt]?frac\s?{_GROUP}\s?{_GROUP}", r"\1/\2"),
        (r"\\(?:hat|widehat)\s?\{?\s?([a-zA-Z])\s?\}?", r"\1hat"),
        (
            r"\\(?:mathbf|mathrm|mathit|boldsymbol|bm|text|textbf|vec|bar|mathcal|operatorname)\s?\{([^{}\n]{1,40})\}",
            r"\1",
        ),
        (r"\{,\}", ","),
        (r"\\_", "_"),
        (r"\\[,;:! \[\]()]", " "),
        (r"\\n(?![A-Za-z])", " "),
    )
)
_CONTENT = re.compile(rf"\\begin\{{{_ENVIRONMENT}\}}(?:[^\\]|\\(?!begin|end))*\\end")
_COMMA = re.compile(r"(?<![0-9],)(?<![0-9,.])([0-9]+)(?:,|\{,\})([0-9]+)(?![0-9,.])")
_COMMAND = re.compile(r"\\([A-Za-z]{1,20})")


def without_latex(text: str) -> str:
    """The same in plain letters; a text without a backslash is returned as it is."""
    if "\\" not in text:
        return text
    # The cells of a row are parted by &, so a comma in a cell is a decimal one.
    text = _CONTENT.sub(lambda found: _COMMA.sub(r"\1.\2", found[0]).replace("&", " "), text)
    for pattern, by in _STEPS:
        text = pattern.sub(by, text)
    return _COMMAND.sub(lambda found: _LETTERS.get(found[1], found[0]), text)
