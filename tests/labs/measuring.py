"""Facts as the API answers them, when a scene has begun and something was done."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from server.lessons.format.facts import PART
from server.lessons.format.lesson import Lesson
from server.lessons.format.patches import patched
from server.lessons.format.promises import When
from server.lessons.format.scene import Scene
from server.lessons.resolving import Resolved, resolve

Facts = dict[str, Any]
# As stage.wrong says it.
SAME = 1e-4
# Two numbers of this size are both 0 to a difference of losses.
NOTHING = 1e-9


class Measuring:
    """A scene at the API, after something was done in it; each fact is worked out once."""

    def __init__(self, client: httpx.AsyncClient, lesson: Lesson, scene: Scene, when: When) -> None:
        self.client = client
        self.scene = scene
        self.when = when
        self.resolved: Resolved = resolve(lesson, scene)
        recipe = self.resolved.recipe if when.chip is None else self.resolved.chips[when.chip]
        self.recipe = patched(recipe, when.patch)
        self.sample = scene.show.sample if when.sample is None else when.sample
        self.session: Any = None
        self._known: Facts = {}
        self._asked_for = ""

    async def facts(self, expressions: list[Any]) -> Facts:
        """What these expressions ask for."""
        self._asked_for = json.dumps(expressions)
        for root in sorted(_roots(expressions)):
            if root not in self._known:
                ask: Callable[[], Coroutine[Any, Any, Any]] = getattr(self, f"_{root}")
                self._known[root] = await ask()
        return self._known

    async def begun(self) -> Any:
        """The session, after its steps."""
        if self.session is None:
            answer = await self.client.post("/sessions", json=self.recipe)
            assert answer.status_code == 201, answer.text
            self.session = answer.json()
            if self.when.steps:
                trained = await self._asked(f"/sessions/{self.session['id']}/train", {"steps": self.when.steps})
                self.session = trained["session"]
        return self.session

    async def _asked(self, path: str, body: Any) -> Any:
        answer = await self.client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def _got(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.is_success, answer.text
        return answer.json()

    async def _step(self) -> int:
        return int((await self.begun())["step"])

    async def _sample(self) -> int:
        return self.sample

    async def _at(self) -> Facts:
        at = self.scene.show.at
        return {"scope": "batch", "output": "the end"} if at is None else at.model_dump()

    async def _focus(self) -> Facts | None:
        focus = self.when.focus or self.scene.show.focus
        return None if focus is None else focus.model_dump()

    async def _tab(self) -> str:
        return self.scene.show.tab

    async def _layers(self) -> str:
        return "sizes" if self.scene.show.tab == "layers" else ""

    async def _view(self) -> str | None:
        return self.scene.show.view

    async def _recipe(self) -> Facts:
        session = await self.begun()
        rest = {name: part for name, part in self.recipe.items() if name != "parameters"}
        return {**rest, "model": session["model"], "optimizer": session["optimizer"]}

    async def _parameters(self) -> Any:
        return (await self.begun())["parameters"]

    async def _trace(self) -> Facts:
        return tensors_of(await self._shown(sample=self.sample, expand=self.when.long_way))

    async def _batch(self) -> Facts:
        return tensors_of(await self._shown())

    async def _shown(self, **query: Any) -> Any:
        session = await self.begun()
        return await self._got(f"/sessions/{session['id']}/trace", detail="micro", **query)

    async def _loss(self) -> Any:
        return (await self._shown())["loss"]

    async def _accuracy(self) -> Any:
        return (await self._shown())["accuracy"]

    async def _dead(self) -> Facts:
        gates = await self._got(f"/sessions/{(await self.begun())['id']}/gates")
        return {str(layer["layer"]): layer["is_dead"] for layer in gates["layers"]}

    async def _nudge(self) -> Facts:
        if self.when.nudge is None:
            return {}
        nudge = self.when.nudge.model_dump()
        index = [0, *nudge["index"]] if nudge["tensor"] == "x" else nudge["index"]
        body = {**nudge, "index": index, "sample": None if self.when.of_batch else self.sample}
        answer = await self._asked(f"/sessions/{(await self.begun())['id']}/slice", body)
        return {**answer, "index": nudge["index"]}

    async def _exchange(self) -> Facts:
        session = await self.begun()
        lines = await self._lines(session["program"])
        if self.when.exchange is None:
            return {"activation": "", "lines": len(lines)}
        layer, activation = self.when.exchange.layer, self.when.exchange.activation
        rows = (await self._got(f"/sessions/{session['id']}/data"))["train"]
        own = session["model"]["hidden"][layer - 1]
        other = {"units": own["units"], "activation": activation}
        body = {
            "model": patched(session["model"], {f"/hidden/{layer - 1}": other}),
            "parameters": session["parameters"],
            "batch": {"x": rows["x"][:1], "y": rows["y"][:1]},
            "optimizer": session["optimizer"],
        }
        others = await self._lines((await self._asked("/trace", body))["program"])
        changed = sum(lines.get(output) != others.get(output) for output in lines | others)
        return {"layer": layer, "activation": activation, "changed": changed, "lines": len(lines)}

    async def _lines(self, program: str) -> dict[str, str]:
        nodes = (await self._got(f"/programs/{program}"))["nodes"]
        return {node["output"]: node["code"] for node in nodes if node["phase"] != "measure"}

    async def _traces(self) -> Facts:
        return {name: await self.beside(body) for name, body in self.resolved.traces.items()}

    async def beside(self, body: Any) -> Facts:
        """Every tensor of a step beside the run."""
        answer = await self._asked("/trace?detail=micro", body)
        return {**tensors_of(answer), **body["given"]}

    @staticmethod
    def without_mistakes(body: Any) -> Any:
        """The step that a nudge measures: it takes nothing as given."""
        return patched(body, {"/model/mistakes": [], "/given": {}})

    async def _stage(self) -> Facts:
        start = self.scene.show.opened
        opened = {"name": self.scene.show.stage or "", **({} if start is None else start.model_dump())}
        return {**opened, **await self._checked(), **await self._promised()}

    async def _checked(self) -> Facts:
        if self.when.check is None:
            return {}
        body = self.resolved.traces[self.when.check]
        right = self.without_mistakes(body)
        measured = await self._asked(
            "/gradient-check", {part: right[part] for part in ("model", "parameters", "batch")}
        )
        found = await self.beside(body)
        wrong = []
        for cell in measured["cells"]:
            number = found[f"d{cell['parameter']}"]
            for at in cell["index"]:
                number = number[at]
            largest = max(abs(number), abs(cell["numeric"]))
            if abs(number - cell["numeric"]) > SAME * largest and largest > NOTHING:
                wrong.append(f"d{cell['parameter']}")
        tensors = sorted(set(wrong), key=lambda name: (name[2:], name[1]))
        return {"numbers": len(measured["cells"]), "wrong": len(wrong), "tensors": tensors}

    async def _promised(self) -> Facts:
        if self.when.line is None:
            return {}
        x0, dx, f, slope = self.when.line.model_dump().values()
        layer = {"units": 1, "activation": f, **({"derivative_at_zero": slope} if f == "relu" else {})}
        body = {
            "model": {
                "inputs": 1,
                "hidden": [layer],
                "output": {"units": 1, "activation": "identity"},
                "loss": "half_squared_error",
            },
            "parameters": {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]},
            "batch": {"x": [[x0], [x0 + dx]], "y": [0, 0]},
        }
        step = await self.beside({**body, "given": {}})
        promise = step["a1"][0][0] + step["mask1"][0][0] * dx
        return {
            "x0": x0,
            "dx": dx,
            "f": f,
            "slope": slope,
            "value": step["a1"][1][0],
            "promise": promise,
            "error": abs(step["a1"][1][0] - promise),
        }

    async def _experiment(self) -> Facts:
        if self.when.run is None or self.scene.run is None:
            return {}
        results = {}
        for variant, body in self.resolved.variants.items():
            # Training thousands of networks that nobody asks for would take a while.
            if f"experiment.results.{variant}." not in self._asked_for and variant:
                continue
            answer = await self.client.post(
                f"/experiments/{self.scene.run.experiment}", json={**body, **self.when.run}, timeout=120
            )
            assert answer.is_success, answer.text
            last = json.loads(answer.text.splitlines()[-1])
            assert last["type"] == "result", last
            results[variant] = last["result"]
        body = {**self.scene.run.body, **self.when.run}
        return {"name": self.scene.run.experiment, "body": body, "result": results.get(""), "results": results}

    async def _answer(self) -> Facts:
        return {}


def tensors_of(step: Any) -> Facts:
    """Every tensor of a step by its name."""
    tensors = {"x": step["batch"]["x"], "y": step["batch"]["y"]}
    for layer in step["layers"]:
        tensors |= {f"W{layer['index']}": layer["W"], f"b{layer['index']}": layer["b"]}
    return {**tensors, **{node["output"]: node["value"] for node in step["micro"]}}


def _roots(expressions: Any) -> set[str]:
    """The first names of the facts in expressions."""
    if isinstance(expressions, dict):
        return _roots([["=", expressions["fact"], 0]]) if "fact" in expressions else set()
    roots: set[str] = set()
    if not isinstance(expressions, list) or not expressions:
        return roots
    kind = expressions[0]
    if kind in ("=", "<", ">", "near", "seen") and isinstance(expressions[1], str):
        return {PART.findall(expressions[1])[0], *_roots(expressions[2])}
    for part in expressions:
        roots |= _roots(part)
    return roots
