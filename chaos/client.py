"""Somebody who works with one session, and remembers what the server has said."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

import httpx

RECIPE: dict[str, Any] = {
    "model": {"inputs": 2, "hidden": [{"units": 8}], "output": {"units": 3}},
    "dataset": {"name": "three_blobs", "rows": 90},
    "optimizer": {"name": "adam", "learning_rate": 0.01},
    "batch_size": 16,
}
# No client waits longer than this for an answer; a server that starts takes some seconds on a busy machine.
PATIENCE_SECONDS = 60.0


class Lost(Exception):
    """Something that was acknowledged is missing or different."""


@dataclass(slots=True)
class Known:
    """A state of the session that the server has reported."""

    step: int
    version: int
    parameters: dict[str, Any]


@dataclass(slots=True)
class Client:
    """Steps, trains and edits, and compares after every failure.

    Parameters
    ----------
    seed : of the run, and of what it does.
    """

    seed: int
    api: httpx.AsyncClient
    is_over: bool = False
    acknowledged: int = 0
    failed: int = 0
    edits: list[dict[str, Any]] = field(default_factory=list)
    recipe: dict[str, Any] = field(init=False)
    chance: random.Random = field(init=False)
    address: str = ""
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.recipe = {**RECIPE, "seed": self.seed}

    async def begin(self) -> None:
        """Have a session."""
        answer = await self._asked("POST", "/sessions", self.recipe)
        while answer is None or answer.status_code != 201:
            await asyncio.sleep(0.2)
            answer = await self._asked("POST", "/sessions", self.recipe)
        self.address = f"/sessions/{answer.json()['id']}"
        self.known = _known(answer.json())

    async def work(self) -> None:
        """Change the session until it is over. Raises Lost."""
        while not self.is_over:
            match self.chance.randrange(4):
                case 0:
                    l2 = self.chance.randrange(100) / 10_000
                    await self._change("PATCH", "", {"l2": l2}, 0, {"l2": l2})
                case 1:
                    steps = self.chance.randint(1, 100)
                    await self._change("POST", "/train", {"steps": steps}, steps, None)
                case _:
                    await self._change("POST", "/step", None, 1, None)
            await asyncio.sleep(self.chance.random() / 20)

    async def _change(self, method: str, path: str, body: Any, steps: int, patch: dict[str, Any] | None) -> None:
        before = self.known
        answer = await self._asked(method, self.address + path, body, {"If-Match": f'"{before.version}"'})
        is_done = answer is not None and answer.status_code == 200
        found = await self.look()
        if is_done:
            self._check(found.step == before.step + steps, f"{path}: step {found.step} after {before.step} + {steps}")
            self.acknowledged += 1
        else:
            self.failed += 1
            # Either it was done, all or, of a training, a part of it; or nothing was.
            self._check(before.step <= found.step <= before.step + steps, f"step {found.step} after {before.step}")
        if found.version == before.version:
            self._check(not is_done, f"{path}: acknowledged, and the version is the same")
            self._check(found.parameters == before.parameters, "other numbers in the same version")
        else:
            self._check(found.version > before.version, f"version {found.version} after {before.version}")
            if patch is not None:
                self.edits.append({"step": before.step, "patch": patch})
        self.known = found

    async def look(self) -> Known:
        """Where the session is, as soon as the server says so."""
        while True:
            answer = await self._asked("GET", self.address)
            if answer is not None and answer.status_code == 200:
                return _known(answer.json())
            if answer is not None and answer.status_code in (404, 500):
                raise Lost(f"client {self.seed}: {answer.status_code} {answer.json().get('code')}")
            await asyncio.sleep(0.1)

    async def compare(self) -> None:
        """A run that nothing happened to, along the same edits, has the same numbers. Raises Lost."""
        now = await self.look()
        self._check(now.parameters == self.known.parameters, "other numbers at the end")
        twin = await self.api.post("/sessions", json={**self.recipe, "path": {"step": now.step, "edits": self.edits}})
        twin.raise_for_status()
        self._check(twin.json()["parameters"] == now.parameters, "other numbers than a run that nothing happened to")

    def _check(self, is_right: bool, what: str) -> None:
        if not is_right:
            raise Lost(f"client {self.seed}: {what}")

    async def _asked(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response | None:
        """None where no answer came."""
        try:
            return await self.api.request(method, path, json=body, headers=headers, timeout=PATIENCE_SECONDS)
        except httpx.HTTPError:
            return None


def _known(session: dict[str, Any]) -> Known:
    return Known(session["step"], session["version"], session["parameters"])
