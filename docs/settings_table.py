"""Writes the table of settings in README.md from server/settings.py: `python -m docs.settings_table`."""

import re
from pathlib import Path

from pydantic.fields import FieldInfo

from server.settings import Settings

README = Path(__file__).parent.parent / "README.md"
TABLE = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- end of settings -->)", re.DOTALL)


def table() -> str:
    """One row a setting: its environment variable, its default, what it does."""
    rows = [
        f"| `BACKPROP_{name.upper()}` | {default_of(field)} | {str(field.description).replace('|', '&#124;')} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows, ""])


def default_of(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    if isinstance(default, Path):
        return f"`~/{default.relative_to(Path.home()).as_posix()}`"
    if default in ((), None):
        return "none"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def main() -> None:
    README.write_text(TABLE.sub(lambda _: table(), README.read_text()))


if __name__ == "__main__":
    main()
