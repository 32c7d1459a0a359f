"""Records what a version of the playground stored and shared, so that later versions can be asked to open it.

Run once with the version that is to be recorded, from the root of its checkout, with Node.js on the PATH:
``python make_recordings.py DIRECTORY``. Made with version 0.1.0, before tables, regression and mistakes came.
"""

import asyncio
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from server.app import create_app
from server.settings import Settings

A_CENTURY = 3_155_760_000
FIRST_MINUTE = json.loads(Path("static/lessons/01-first-minute/lesson.json").read_text())["recipe"]
TABLE = "height,width,label\n1.5,2,cat\n3,4.25,dog\n5,6,dog\n7,9.5,cat\n2,8,bird\n4,1,bird\n"
Edits = list[tuple[int, dict[str, Any]]]

# name -> (body of POST /sessions, changes by step, steps taken, step gone back to, sample on show)
RUNS: dict[str, tuple[dict[str, Any], Edits, int, int | None, int]] = {
    "first minute": (FIRST_MINUTE, [], 5, 2, 2),
    "adam on iris, edited": (
        {
            "model": {"inputs": 4, "hidden": [{"units": 8}], "output": {"units": 3}},
            "dataset": {"name": "iris", "seed": 4},
            "optimizer": {"name": "adam", "learning_rate": 0.02},
            "batch_size": 16,
            "seed": 3,
        },
        [
            (3, {"optimizer": {"name": "adam", "learning_rate": 0.01}, "l2": 0.01}),
            (5, {"derivative_at_zero": [0.5], "batch_size": 8}),
            (7, {"optimizer": {"name": "sgd", "learning_rate": 0.1}}),
        ],
        12,
        None,
        1,
    ),
    "one sigmoid, momentum, checkpoints": (
        {
            "model": {
                "inputs": 2,
                "hidden": [{"units": 4, "activation": "tanh"}],
                "output": {"units": 1, "activation": "sigmoid"},
                "loss": "binary_cross_entropy",
            },
            "initializer": {"name": "xavier"},
            "dataset": {"name": "two_moons", "rows": 60, "noise": 0.2, "seed": 9},
            "optimizer": {"name": "momentum", "learning_rate": 0.05},
            "batch_size": None,
            "seed": 1,
        },
        [],
        230,
        150,
        0,
    ),
    "own table": (
        {
            "model": {"inputs": 2, "hidden": [{"units": 5, "activation": "elu"}], "output": {"units": 3}, "l2": 0.02},
            "dataset": {"name": "own", "held_out_fraction": 0.0, "scaling": "none"},
            "optimizer": {"name": "rmsprop"},
            "batch_size": 4,
            "seed": 8,
        },
        [],
        6,
        None,
        0,
    ),
    "numbers, float32, two hidden layers": (
        {
            "model": {
                "inputs": 1,
                "hidden": [
                    {"units": 3, "activation": "leaky_relu", "negative_slope": 0.1},
                    {"units": 2, "activation": "max_eps", "eps": 0.05},
                ],
                "output": {"units": 1, "activation": "identity"},
                "loss": "half_squared_error",
                "reduction": "sum",
                "dtype": "float32",
            },
            "batch": {"x": [[0.5], [1.5], [-1.0]], "y": [0.25, 2.25, 1.0]},
            "optimizer": {"name": "nesterov", "learning_rate": 0.01},
            "seed": 5,
        },
        [(2, {"data": {"set": [{"row": 1, "x": [1.25], "y": [2.0]}], "add": {"x": [[2.0]], "y": [[4.0]]}}})],
        9,
        None,
        0,
    ),
    "float16 without biases": (
        {
            "model": {
                "inputs": 2,
                "hidden": [{"units": 4, "derivative_at_zero": 1}],
                "output": {"units": 2},
                "bias": False,
                "dtype": "float16",
            },
            "dataset": {"name": "xor", "corners": "0/1"},
            "optimizer": {"name": "adamw", "learning_rate": 0.01},
            "seed": 11,
        },
        [(1, {"parameters": {"W2": [[0.5, -0.5], [0.25, 0.25], [-1, 1], [1, 0]]}})],
        4,
        None,
        3,
    ),
}

LINK = """
const {toFragment, toFile, defaults} = await import(process.argv[1]);
const text = require("fs").readFileSync(0, "utf8");
const all = [];
for (const shared of JSON.parse(text)) {
  const whole = {...defaults(), ...shared};
  all.push({fragment: await toFragment(whole), file: JSON.parse(toFile(whole))});
}
console.log(JSON.stringify(all));
"""


async def record(directory: Path) -> None:
    (directory / "sessions.sqlite3").unlink(missing_ok=True)
    app = create_app(Settings(data_dir=directory, session_ttl_seconds=A_CENTURY))
    found = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://recorded/api/v1") as client:
        own = (await client.post("/datasets?name=pets", content=TABLE)).json()["name"]
        for name, (recipe, edits, steps, back, sample) in RUNS.items():
            if recipe.get("dataset", {}).get("name") == "own":
                recipe["dataset"]["name"] = own
            found.append(await run(client, name, recipe, edits, steps, back, sample))
    shared = [
        {
            "recipe": one["recipe"],
            "edits": [{"step": step, "patch": patch} for step, patch in one["edits"] if step <= one["step"]],
            "step": one["step"],
            "sample": one["sample"],
            **({"table": {"title": "pets", "csv": TABLE}} if one["name"] == "own table" else {}),
        }
        for one in found
    ]
    module = Path("static/js/core/url-state.js").resolve().as_uri()
    node = subprocess.run(
        ["node", "--input-type=commonjs", "--eval", f"(async () => {{{LINK}}})()", module],
        input=json.dumps(shared),
        capture_output=True,
        text=True,
        check=True,
    )
    for one, link in zip(found, json.loads(node.stdout), strict=True):
        one.update(link)
    (directory / "recordings.json").write_text(json.dumps(found, indent=1) + "\n")


async def run(
    client: httpx.AsyncClient,
    name: str,
    recipe: dict[str, Any],
    edits: Edits,
    steps: int,
    back: int | None,
    sample: int,
) -> dict[str, Any]:
    answer = await client.post("/sessions", json=recipe)
    assert answer.status_code == 201, (name, answer.text)
    address = f"/sessions/{answer.json()['id']}"
    taken = 0
    for step, patch in [*edits, (steps, None)]:
        if step > taken:
            trained = await client.post(f"{address}/train", json={"steps": step - taken})
            assert trained.status_code == 200, (name, trained.text)
            taken = step
        if patch is not None:
            patched = await client.patch(address, json=patch)
            assert patched.status_code == 200, (name, patched.text)
    if back is not None:
        await client.post(f"{address}/rewind", json={"step": back})
    session = (await client.get(address)).json()
    trace = (await client.get(f"{address}/trace", params={"sample": sample})).json()
    return {
        "name": name,
        "recipe": recipe,
        "edits": edits,
        "step": session["step"],
        "sample": sample,
        "session": session,
        "trace": {key: value for key, value in trace.items() if key != "program"},
        "history": (await client.get(f"{address}/history")).json(),
        "data": (await client.get(f"{address}/data")).json(),
    }


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    asyncio.run(record(directory))
    # One file that holds everything, without the log beside it.
    stored, copy = directory / "sessions.sqlite3", directory / "copy"
    with sqlite3.connect(stored) as database:
        database.execute("VACUUM INTO ?", [str(copy)])
    for log in directory.glob("sessions.sqlite3-*"):
        log.unlink()
    copy.replace(stored)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
