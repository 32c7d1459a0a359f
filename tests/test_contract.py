"""The server keeps the contract that /openapi.json states, for requests that nobody would think of."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.live_server import serve
from tests.thorough import usually

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")

NOT_OURS = [
    # The header `Allow` of a 405 is the framework's affair.
    "allow_header_conformance",
    # A schema cannot say that the rows of x are as many as those of y, so some requests that fit it are refused.
    "positive_data_acceptance",
]


@pytest.mark.parametrize("n_examples", usually([3, 40], 3))
def test_every_answer_is_one_that_the_contract_names(tmp_path: Path, n_examples: int) -> None:
    # Small limits, so that what is refused and what is computed are both quick.
    limits = {"max_rows": 50, "max_parameters": 5_000, "max_steps_per_request": 50, "max_experiment_operations": 10**6}
    with serve(tmp_path / "data", **limits) as url:
        command = [
            *(
                str(SCHEMATHESIS),
                "run",
                f"{url}/openapi.json",
                f"--max-examples={n_examples}",
                "--generation-deterministic",
            ),
            *("--request-timeout=5", f"--exclude-checks={','.join(NOT_OURS)}", "--no-color"),
        ]
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout[-10_000:] + result.stderr
