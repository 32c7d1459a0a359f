"""Every format in which the server writes a network has a button on the page, with words in every language."""

import json
import re
from pathlib import Path

from server.sessions.export import EXPORTS, ExportFormat

STATIC = Path(__file__).parents[1] / "static"


def test_the_menu_offers_every_format() -> None:
    menu = (STATIC / "js" / "views" / "share" / "menu.js").read_text(encoding="utf-8")
    found = re.search(r"NETWORK_FORMATS = (\[.*\])", menu)
    assert found is not None and json.loads(found[1]) == [*ExportFormat] == [*EXPORTS]


def test_every_format_has_words_in_every_language() -> None:
    for language in (STATIC / "i18n").glob("*.json"):
        texts = json.loads(language.read_text(encoding="utf-8"))
        assert [name for name in ExportFormat if f"export.{name}" not in texts] == [], language.name
