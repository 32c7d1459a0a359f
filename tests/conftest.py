"""What every test relies on: floating-point accidents raise, and async tests come before browser tests."""

import os

# As the server itself does, before NumPy is imported: its threads would wait for one another on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from tests.live_server import serve

BROWSER_TESTS = Path(__file__).parent / "browser"

# The same examples on every machine, so that a failure can be repeated; no deadline, since no test depends on timing.
settings.register_profile(
    "same everywhere", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same everywhere")

# Once for the whole process too, since async tests run in a context of their own that a fixture does not reach.
np.seterr(all="raise")


@pytest.fixture(autouse=True)
def floating_point_accidents_raise(request: pytest.FixtureRequest) -> Iterator[None]:
    """Overflow, underflow, division by zero and NaN raise, unless the test is about them."""
    is_lesson = request.node.get_closest_marker("overflow_is_the_lesson") is not None
    with np.errstate(all="ignore" if is_lesson else "raise"):
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one real server with default settings, shared by all tests that only need any."""
    with serve(tmp_path_factory.mktemp("data")) as url:
        yield url


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--one-of-each", action="store_true", help="of every test the first of its parameters alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests last: the browser driver keeps an event loop running, beside which no async test can start."""
    items.sort(key=lambda item: BROWSER_TESTS in item.path.parents)
    if config.getoption("one_of_each"):
        seen: set[tuple[Path, str]] = set()
        firsts, others = [], []
        for item in items:
            name = (item.path, getattr(item, "originalname", item.name))
            (others if name in seen else firsts).append(item)
            seen.add(name)
        items[:] = firsts
        config.hook.pytest_deselected(items=others)
