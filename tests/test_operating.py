"""docs/OPERATING.md names settings that there are, with the numbers that they have."""

import re
from pathlib import Path

from server.settings import Settings

TEXT = (Path(__file__).parent.parent / "docs" / "OPERATING.md").read_text(encoding="utf-8")


def test_every_setting_in_it_is_one() -> None:
    named = set(re.findall(r"BACKPROP_([A-Z_]*[A-Z])", TEXT))
    assert len(named) > 15
    assert {name for name in named if name.lower() not in Settings.model_fields} == set()


def test_its_numbers_are_those_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    for words, value in (
        ("256 by default", settings.memory_mb == 256),
        ("| 4,096 and 2,000 |", (settings.max_connections, settings.max_watchers) == (4096, 2000)),
        ("| 64 KB and 2 MB |", (settings.max_head_bytes, settings.max_body_bytes) == (65_536, 2_000_000)),
        ("| 16 KB |", settings.max_message_bytes == 16_384),
        ("| 4 GB |", settings.max_store_bytes == 4_000_000_000),
        ("head for 15 seconds", settings.head_patience_seconds == 15),
        ("of its body for 30", settings.body_patience_seconds == 30),
        ("an answer for 60", settings.take_patience_seconds == 60),
    ):
        assert value and words in TEXT, words
