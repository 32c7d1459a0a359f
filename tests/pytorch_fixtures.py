"""The answers of PyTorch in tests/fixtures/pytorch, and how ours are compared with them.

tests/fixtures/make_pytorch_fixtures.py made them. PyTorch is not needed here.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

FIXTURES = {path.stem: path for path in sorted((Path(__file__).parent / "fixtures" / "pytorch").glob("*.json"))}
OF_A_LAYER = ("z", "mask", "a", "da", "dz", "dW", "db")


def fixture(name: str) -> dict[str, Any]:
    """The request and what is expected of its answer."""
    content: dict[str, Any] = json.loads(FIXTURES[name].read_text(encoding="utf-8"))
    return content


def assert_agrees(found: Any, wanted: Any, what: str) -> None:
    """Equal to 1e-12 relative, or to 1e-13 where a sum cancels to almost nothing; both None where there is nothing."""
    if wanted is None:
        assert found is None, f"{what} should not be there"
        return
    assert found is not None, f"there is no {what}"
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-13, err_msg=what)
