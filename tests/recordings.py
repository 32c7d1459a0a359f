"""What older versions stored and shared, with the numbers that they then showed (tests/recorded/make_recordings.py)."""

import json
from pathlib import Path
from typing import Any

import numpy as np

RECORDED = Path(__file__).parent / "recorded"
VERSIONS = ("0.1.0", "before-views")
RECORDINGS: list[dict[str, Any]] = [
    {**recording, "version": version}
    for version in VERSIONS
    for recording in json.loads((RECORDED / version / "recordings.json").read_text())
]
TOLERANCES = {"float64": 1e-9, "float32": 1e-4, "float16": 2e-2}


def name_of(recorded: dict[str, Any]) -> str:
    """The name of a recording in the list of tests."""
    return f"{recorded['version']}: {recorded['name']}"


def check_numbers(found: Any, recorded: Any, dtype: str, where: str) -> None:
    """Everything that was recorded is there again, numbers to what another processor may round differently."""
    if isinstance(recorded, dict):
        assert isinstance(found, dict), where
        for key, value in recorded.items():
            assert key in found, f"{where}.{key} is missing"
            check_numbers(found[key], value, dtype, f"{where}.{key}")
    elif isinstance(recorded, list):
        assert isinstance(found, list) and len(found) == len(recorded), where
        for number, (one, other) in enumerate(zip(found, recorded, strict=True)):
            check_numbers(one, other, dtype, f"{where}[{number}]")
    elif isinstance(recorded, float):
        tolerance = TOLERANCES[dtype]
        np.testing.assert_allclose(found, recorded, rtol=tolerance, atol=tolerance, err_msg=where)
    else:
        assert found == recorded, f"{where}: {found} instead of {recorded}"
