"""The reader of notation with the limits that a server has by default."""

from typing import Any

from server.doctor import reading
from server.settings import Settings

_DEFAULTS = {name: field.default for name, field in Settings.model_fields.items()}
LIMITS = reading.Limits(*(_DEFAULTS[f"max_text_{what}"] for what in ("characters", "numbers", "names")))


def read(text: str, *rest: Any, **named: Any) -> reading.Reading:
    return reading.read(text, LIMITS, *rest, **named)
