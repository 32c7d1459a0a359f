"""Somebody who works with one session after the other, and remembers what the server has said."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Collection
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
# What a server may say that cannot do something at this moment. All else is no answer to what the clients ask for.
PASSING = (503, 507)
LONGEST_PAUSE_SECONDS = 0.25
# After so many edits a session is compared and deleted, and another one begun.
MOST_EDITS = 100


class Lost(Exception):
    """Something that was acknowledged is missing or different, or was refused for ever."""


@dataclass(slots=True)
class Known:
    """A state of the session that the server has reported."""

    step: int
    version: int
    parameters: dict[str, Any]


@dataclass(slots=True)
class Client:
    """Steps, trains and edits, and looks after each change whether the session is what it was told.

    Parameters
    ----------
    seed : of the run, and of what it does.
    """

    seed: int
    api: httpx.AsyncClient
    is_over: bool = False
    acknowledged: int = 0
    compared: int = 0
    # When the last change was asked for that was acknowledged.
    last_asked: float = 0.0
    # What became of those that were not, by code.
    refused: Counter[str] = field(default_factory=Counter)
    edits: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    recipe: dict[str, Any] = field(init=False)
    chance: random.Random = field(init=False)
    address: str = ""
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.recipe = {**RECIPE, "seed": self.seed}

    async def begin(self) -> None:
        """Have a session."""
        begun = await self._done("POST", "/sessions", self.recipe)
        self.address, self.known, self.edits = f"/sessions/{begun['id']}", _known(begun), []

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
            if len(self.edits) >= MOST_EDITS:
                await self.compare()
                await self._delete(self.address)
                await self.begin()
            await asyncio.sleep(self.chance.random() * LONGEST_PAUSE_SECONDS)

    async def _change(self, method: str, path: str, body: Any, steps: int, patch: dict[str, Any] | None) -> None:
        before, asked = self.known, time.monotonic()
        answer = await self._asked(method, self.address + path, body, {"If-Match": f'"{before.version}"'})
        found = await self.look()
        taken = found.step - before.step
        if answer is not None and answer.status_code == 200:
            self._check(taken == steps, f"{path}: {taken} steps were taken, not {steps}")
            self._check(found.version > before.version, f"{path}: acknowledged, and the version is the same")
            self._check(found.parameters == _told(answer.json()), f"{path}: other numbers than acknowledged")
            self.acknowledged += 1
            self.last_asked = asked
        else:
            problem = {} if answer is None else answer.json()
            self.refused[problem.get("code", "no answer")] += 1
            # Either it was done, all or, of a training, at least the part that the server speaks of; or nothing was.
            stored = problem.get("params", {}).get("stored", 0)
            self._check(
                stored <= taken <= steps, f"{path}: {taken} of {steps} steps were taken, the answer said {stored}"
            )
        if found.version == before.version:
            self._check(found == before, "other numbers in the same version")
        else:
            self._check(found.version > before.version, f"version {found.version} after {before.version}")
            if patch is not None:
                self.edits.append({"step": before.step, "patch": patch})
        self.known = found

    async def look(self) -> Known:
        """Where the session is, as soon as the server says so."""
        return _known(await self._done("GET", self.address))

    async def compare(self) -> None:
        """A run that nothing happened to, along the same edits, has the same numbers. Raises Lost."""
        now = await self.look()
        self._check(now == self.known, "another session at the end")
        path = {"step": now.step, "edits": self.edits}
        twin = f"/sessions/{(await self._done('POST', '/sessions', {**self.recipe, 'path': path}))['id']}"
        for what in ("export", "history"):
            own, other = [await self._done("GET", f"{session}/{what}") for session in (self.address, twin)]
            self._check(own["step"] == now.step, f"{what}: step {own['step']}, not {now.step}")
            self._check(own == other, f"{what}: {_difference(own, other)}, beside a run that nothing happened to")
        await self._delete(twin)
        self.compared += 1

    async def check_deleted(self) -> None:
        """What was deleted does not come back. Raises Lost."""
        for address in self.deleted:
            answer = await self._asked("GET", address, allowed=[404])
            self._check(answer is not None and answer.status_code == 404, "a session that was deleted is there again")

    async def _delete(self, address: str) -> None:
        # An attempt before may have been answered to nobody.
        while (answer := await self._asked("DELETE", address, allowed=[404])) is None or answer.status_code in PASSING:
            await asyncio.sleep(0.1)
        self.deleted.append(address)

    async def _done(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to something that may be asked twice, as soon as there is one."""
        while (answer := await self._asked(method, path, body)) is None or answer.status_code in PASSING:
            await asyncio.sleep(0.1)
        return answer.json()

    async def _asked(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        allowed: Collection[int] = (),
    ) -> httpx.Response | None:
        """None where no answer came. Raises Lost for one that a client who asks for nothing wrong never gets."""
        try:
            answer = await self.api.request(method, path, json=body, headers=headers, timeout=PATIENCE_SECONDS)
        except httpx.HTTPError:
            return None
        is_expected = answer.is_success or answer.status_code in (*PASSING, *allowed)
        self._check(is_expected, f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _check(self, is_right: bool, what: str) -> None:
        if not is_right:
            raise Lost(f"client {self.seed}: {what}")


def _known(session: dict[str, Any]) -> Known:
    return Known(session["step"], session["version"], session["parameters"])


def _difference(one: Any, other: Any) -> str:
    """Where two documents differ first."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((f"{name}: {_difference(one[name], other[name])}" for name in one if one[name] != other[name]), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        at = next((at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]), 0)
        return f"[{at} of {len(one)}] {_difference(one[at], other[at])}"
    return f"{str(one)[:200]} is not {str(other)[:200]}"


def _told(answer: dict[str, Any]) -> Any:
    """The parameters after a change, as a step, a training or an edit answers them."""
    return answer["updated"] if "updated" in answer else answer.get("session", answer)["parameters"]
