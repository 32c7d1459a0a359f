"""One budget of memory: what is kept for its next use makes room for what has to stay, and that is bounded itself."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.memory import Memory
from server.problems import Problem
from server.settings import Settings
from tests.server.api import SESSION, check_problem, client_of

SMALL: dict[str, Any] = {"layers": 4, "seeds": 2, "width": 8}


def test_what_has_to_stay_drives_out_what_may_go_the_longest_unused_first() -> None:
    memory = Memory(0.001)
    for name in "abcd":
        memory.kept.put("sessions", name, name, 250)
    memory.kept.use("sessions", "a")
    with memory.held_for("answers", 300):
        assert memory.sizes() | {"sessions": 500, "answers": 300} == memory.sizes()
        assert [memory.kept.peek("sessions", name) for name in "abcd"] == ["a", None, None, "d"]
        memory.kept.put("sessions", "e", "e", 250)
        assert [memory.kept.peek("sessions", name) for name in "ade"] == ["a", None, "e"]
    memory.kept.put("sessions", "f", "f", 500)
    assert memory.kept.nbytes == 1000 and memory.held == 0


def test_what_has_to_stay_may_take_half_or_more_if_it_is_alone() -> None:
    memory = Memory(0.001)
    with memory.held_for("answers", 400):
        with pytest.raises(Problem, match="as it has room for") as refused, memory.held_for("experiments", 101):
            raise AssertionError("there was no room")
        assert (refused.value.status, refused.value.code) == (503, "memory_full")
        assert memory.held == 400
        with memory.held_for("experiments", 100):
            assert memory.held == 500
    with memory.held_for("answers", 5_000):
        memory.kept.put("sessions", "a", "a", 1)
        assert memory.kept.nbytes == 0
    assert memory.held == 0


def test_room_is_given_back_by_one_that_fails() -> None:
    memory = Memory(1)
    with pytest.raises(KeyError), memory.held_for("answers", 400):
        raise KeyError
    assert memory.held == 0


async def test_everything_that_is_kept_counts_and_goes_in_its_order(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    memory = app.state.playground.memory
    async with client_of(app) as client:
        sizes = [memory.sizes()]
        session = await created(client)
        sizes.append(memory.sizes())
        await client.get(f"/sessions/{session}/view?map=0,1,40")
        sizes.append(memory.sizes())
        assert (await client.post("/experiments/depth", json=SMALL)).status_code == 200
        sizes.append(memory.sizes())
        cases = (await client.post("/diagnose/cases", json={})).json()
        answers = [{**case, "results": {"db2": [0.0] * 4}} for case in cases["cases"]]
        assert (await client.post("/diagnose", json={"cases": answers})).status_code == 200
        sizes.append(memory.sizes())
        new = [{kind for kind in after if after[kind] > before[kind] == 0} for before, after in pairwise(sizes)]
        assert new == [{"sessions", "programs"}, {"views", "spares"}, {"results"}, {"diagnoses"}]
        assert memory.kept.nbytes == sum(sizes[-1].values())
        # Used again, it is the last to go.
        await client.post(f"/sessions/{session}/step?detail=summary")
        kept = memory.sizes()
        memory.hold("unsent", memory.most - kept["sessions"] - 20_000)
        left = memory.sizes()
        assert left["sessions"] == kept["sessions"] and sum(left.values()) <= memory.most
        assert left["diagnoses"] == left["results"] == 0
        memory.hold("unsent", 20_001)
        assert memory.kept.bytes_of("sessions") == 0
        # And is read again, as if nothing had happened.
        memory.hold("unsent", -memory.held)
        assert (await client.post(f"/sessions/{session}/step?detail=summary")).json()["step"] == 2


async def test_an_experiment_that_has_no_room_is_refused_in_words_and_later_runs(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, memory_mb=1))
    async with client_of(app) as client:
        with app.state.playground.memory.held_for("answers", 499_000):
            refused = await client.post("/experiments/depth", json=SMALL)
            check_problem(refused, 503, "memory_full")
            assert int(refused.headers["retry-after"]) > 0
        assert (await client.post("/experiments/depth", json=SMALL)).status_code == 200
    assert app.state.playground.memory.held == 0


async def created(client: httpx.AsyncClient) -> str:
    answer = await client.post("/sessions", json=SESSION)
    return str(answer.json()["id"])
