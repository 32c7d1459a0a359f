"""Records what a version of the playground stored and shared, so that later versions can be asked to open it.

Run once with the version that is to be recorded, from the root of its checkout, with Node.js on the PATH:
``python tests/recorded/make_recordings.py DIRECTORY``. `0.1.0` was made before tables, regression and mistakes came, of
the first six runs; `before-views` when a move of the page still took many requests.
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
HOURS = "Id,hours,coffees,grade\n1,10.75,2,50\n2,11.5,0,50.5\n3,9,1,47\n4,16,3,97\n5,9.25,2,49.5\n6,14,1,80\n"
# name in a recipe -> what the page shares of an own table
TABLES: dict[str, dict[str, Any]] = {
    "own": {"title": "pets", "csv": TABLE},
    "own, a number": {
        "title": "grades",
        "csv": HOURS,
        "columns": {"Id": "left_out", "coffees": "feature", "hours": "feature", "grade": "target"},
    },
}
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
    "a number of an own table, rows as they stand": (
        {
            "model": {
                "inputs": 2,
                "hidden": [{"units": 3, "activation": "bipolar_sigmoid"}],
                "output": {"units": 1, "activation": "tanh"},
                "loss": "squared_error",
            },
            "dataset": {"name": "own, a number", "held_out_fraction": 0.2, "seed": 2},
            "optimizer": {"name": "sgd", "learning_rate": 0.05},
            "batch_size": 1,
            "shuffle": False,
            "seed": 6,
        },
        [(4, {"batch_size": 2})],
        11,
        9,
        0,
    ),
    "mistakes, held out rows, a rewind to the past": (
        {
            "model": {
                "inputs": 2,
                "hidden": [{"units": 4, "activation": "gelu"}, {"units": 3}],
                "output": {"units": 3},
                "mistakes": ["mask_from_upstream"],
            },
            "dataset": {"name": "three_spirals", "rows": 90, "seed": 5},
            "optimizer": {"name": "adam", "learning_rate": 0.01},
            "batch_size": 20,
            "seed": 12,
        },
        [(120, {"optimizer": {"name": "momentum", "learning_rate": 0.01}})],
        260,
        131,
        8,
    ),
    "20 inputs, the 17th sample": (
        {
            "model": {"inputs": 20, "hidden": [{"units": 6}], "output": {"units": 10}, "l2": 0.001},
            "batch": {
                "x": [[(7 * row + 3 * column) % 11 / 4 - 1 for column in range(20)] for row in range(18)],
                "y": [row % 10 for row in range(18)],
            },
            "optimizer": {"name": "sgd", "learning_rate": 0.2},
            "seed": 2,
        },
        [],
        40,
        None,
        17,
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
        tables = {}
        for name, table in TABLES.items():
            body = {"csv": table["csv"], "columns": table.get("columns", {}), "name": table["title"]}
            answer = await client.post("/datasets", json=body)
            assert answer.status_code == 201, (name, answer.text)
            tables[name] = answer.json()["name"], table
        for name, (recipe, edits, steps, back, sample) in RUNS.items():
            recipe = json.loads(json.dumps(recipe))
            if recipe.get("dataset", {}).get("name") in tables:
                recipe["dataset"]["name"] = tables[recipe["dataset"]["name"]][0]
            found.append(await run(client, name, recipe, edits, steps, back, sample))
    shared_table = dict(tables.values())
    shared = [
        {
            "recipe": one["recipe"],
            "edits": [{"step": step, "patch": patch} for step, patch in one["edits"] if step <= one["step"]],
            "step": one["step"],
            "sample": one["sample"],
            **({"table": table} if (table := shared_table.get(one["recipe"].get("dataset", {}).get("name"))) else {}),
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
    answer = await client.get(f"{address}/trace", params={"sample": sample})
    assert answer.status_code == 200, (name, answer.text)
    trace = answer.json()
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
