"""Data sets by name and a person's own tables."""

import asyncio
import base64
from pathlib import Path

import httpx
import numpy as np
import pytest

from server.app import create_app
from server.sessions.store.packing import pack
from server.settings import Settings
from tests.server.api import CSV, check_problem, client_of

TABLE = "height,width,label\n1,2,cat\n3,4,dog\n5,6,dog\n7,9,cat\n"


async def test_an_own_table_becomes_a_data_set_for_sessions(client: httpx.AsyncClient) -> None:
    answer = await client.post("/datasets?name=pets", content=TABLE, headers={"Content-Type": "text/csv"})
    added = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/datasets/{added['name']}"
    assert (added["title"], added["rows"], added["rows_of_class"]) == ("pets", 4, [2, 2])
    assert added["feature_names"] == ["height", "width"] and added["class_names"] == ["cat", "dog"]
    assert added["preview_x"] == [[1, 2], [3, 4], [5, 6], [7, 9]] and added["preview_y"] == [0, 1, 1, 0]
    body = {"model": {"inputs": 2, "output": {"units": 2}}, "dataset": {"name": added["name"], "held_out_fraction": 0}}
    session = (await client.post("/sessions", json=body)).json()
    assert (session["dataset"]["title"], session["dataset"]["rows"]) == ("pets", 4)
    assert (await client.get(f"/datasets/{added['name']}")).json()["x"] == added["preview_x"]


async def test_a_set_says_into_how_many_rows_a_session_would_cut_it(client: httpx.AsyncClient) -> None:
    own = (await client.post("/datasets", content=TABLE, headers=CSV)).json()["name"]
    for name, classes in (own, 2), ("iris", 3), ("curve", 1), ("xor", 2):
        for fraction in 0, 0.1, 0.9:
            cut = (await client.get(f"/datasets/{name}/cut?held_out_fraction={fraction}")).json()
            output = {"units": classes} if classes > 1 else {"units": 1, "activation": "identity"}
            features = (await client.get(f"/datasets/{name}")).json()["features"]
            model = {"inputs": features, "output": output, "loss": "cross_entropy" if classes > 1 else "squared_error"}
            request = {"model": model, "dataset": {"name": name, "held_out_fraction": fraction}}
            data = (await client.post("/sessions", json=request)).json()["dataset"]
            assert cut == {"train": data["rows"], "held_out": data["held_out_rows"]}, (name, fraction)


async def test_a_cut_that_leaves_nothing_to_train_on_is_refused(client: httpx.AsyncClient) -> None:
    for fraction in 1, -0.1:
        check_problem(await client.get(f"/datasets/iris/cut?held_out_fraction={fraction}"), 422, "bad_fraction")
    check_problem(await client.get("/datasets/nothing/cut"), 404, "unknown_dataset")


async def test_rows_are_scaled_unless_they_are_wanted_as_they_are(client: httpx.AsyncClient) -> None:
    added = (await client.post("/datasets", content=TABLE, headers=CSV)).json()
    assert added["fixed_scale"] is None
    for scaling, first in ("usual", (1 - 4) / np.sqrt(5)), ("none", 1):  # heights 1, 3, 5, 7
        dataset = {"name": added["name"], "held_out_fraction": 0, "scaling": scaling}
        body = {"model": {"inputs": 2, "output": {"units": 2}}, "dataset": dataset}
        session = (await client.post("/sessions", json=body)).json()
        rows = (await client.get(f"/sessions/{session['id']}/data")).json()
        assert rows["train"]["x"][0][0] == pytest.approx(first, rel=1e-12)


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("", "csv_empty"),
        ("a,b\n1,x\n2,y,z\n", "csv_ragged"),
        ("1,inf,x\n2,3,y\n", "csv_not_finite"),
        ("1,x\n2,x\n", "csv_one_class"),
    ],
)
async def test_a_table_that_cannot_be_used_is_explained(client: httpx.AsyncClient, table: str, code: str) -> None:
    check_problem(await client.post("/datasets", content=table, headers=CSV), 422, code)


async def test_a_file_that_is_no_text_is_explained(client: httpx.AsyncClient) -> None:
    for body in (b"PK\x03\x04 a workbook", b"1,2,a\0\n", bytes(range(256)) * 8):
        check_problem(await client.post("/datasets", content=body, headers=CSV), 422, "csv_binary")


async def test_a_table_in_json_says_what_is_known_about_it(client: httpx.AsyncClient) -> None:
    table = "Id,hours,grade\n1,10.75,50\n2,11.5,50\n3,9,47\n"
    wishes = {"name": "course", "columns": {"Id": "left_out", "grade": "label"}}
    for body in ({"csv": table}, {"base64": base64.b64encode(table.encode("utf-16")).decode()}):
        added = (await client.post("/datasets", json={**body, **wishes})).json()
        assert (added["title"], added["feature_names"], added["class_names"]) == ("course", ["hours"], ["47", "50"])
        assert added["task"] == "classification" and added["read"]["separator"] == ","
        assert [(column["name"], column["role"], column["why"], column["guessed"]) for column in added["columns"]] == [
            ("Id", "left_out", "asked", False),
            ("hours", "feature", "numbers", False),
            ("grade", "label", "asked", False),
        ]


async def test_a_target_is_kept_and_found_again(client: httpx.AsyncClient) -> None:
    added = (await client.post("/datasets", content="hours,grade\n10.75,50\n11.5,50.5\n9,47\n", headers=CSV)).json()
    found = (await client.get(f"/datasets/{added['name']}")).json()
    assert (added["task"], added["target_name"], added["class_names"]) == ("regression", "grade", [])
    assert added["preview_y"] == [50, 50.5, 47] == found["y"]
    assert found["task"] == "regression" and found["target_name"] == "grade"


@pytest.mark.parametrize(
    "body", [{}, {"csv": "1,a", "base64": ""}, {"csv": 1}, {"csv": "1,a\n2,b", "columns": {"x1": "input"}}, [], "1,a"]
)
async def test_json_that_holds_no_table_is_explained(client: httpx.AsyncClient, body: object) -> None:
    check_problem(await client.post("/datasets", json=body), 422, "invalid")


async def test_the_named_sets_say_what_one_may_choose(client: httpx.AsyncClient) -> None:
    found = {info["name"]: info for info in (await client.get("/datasets")).json()}
    assert next(iter(found)) == "xor"
    assert found["iris"]["licence"] == "CC BY 4.0"
    assert found["digits"]["image_shape"] == [8, 8]
    assert [option["name"] for option in found["two_moons"]["options"]] == ["rows", "noise"]


async def test_the_same_seed_gives_the_same_points(client: httpx.AsyncClient) -> None:
    path = "/datasets/two_moons?rows=20&noise=0.3"
    one, same, other = [(await client.get(f"{path}&seed={seed}")).json()["x"] for seed in (5, 5, 6)]
    assert one == same != other


async def test_the_corners_of_xor_can_be_chosen(client: httpx.AsyncClient) -> None:
    assert (await client.get("/datasets/xor?corners=0/1")).json()["x"] == [[0, 0], [0, 1], [1, 0], [1, 1]]


async def test_no_more_rows_are_offered_than_the_server_takes(tmp_path: Path) -> None:
    for max_rows, most, usual in ((5_000, 5_000, 200), (50_000, 10_000, 200), (60, 60, 60)):
        async with client_of(create_app(Settings(data_dir=tmp_path, max_rows=max_rows))) as client:
            found = {info["name"]: info for info in (await client.get("/datasets")).json()}["two_moons"]
            rows = found["options"][0]
            assert (rows["name"], rows["maximum"], rows["default"], found["rows"]) == ("rows", most, usual, usual)
            assert (await client.get("/datasets/two_moons")).json()["rows"] == usual
            assert (await client.get(f"/datasets/two_moons?rows={most}")).json()["rows"] == most
            code = "too_large" if most == max_rows else "bad_option"
            check_problem(await client.get(f"/datasets/two_moons?rows={most + 1}"), 422, code)


async def test_the_answer_shows_the_first_rows_as_they_stand_in_the_table(client: httpx.AsyncClient) -> None:
    table = "Id;height;kind\n1;1,50;p\n2;?;q\n3;2,5;q\n"
    answer = (await client.post("/datasets", content=table.encode(), headers=CSV)).json()
    assert answer["preview_cells"] == [["1", "1,50", "p"], ["3", "2,5", "q"]]
    assert len(answer["preview_cells"]) == len(answer["preview_x"]) == len(answer["preview_y"])


async def test_a_refusal_names_the_columns_unless_there_are_many(client: httpx.AsyncClient) -> None:
    one_class = await client.post("/datasets", content=b"a,b,label\n1,2,A\n2,1,A\n", headers=CSV)
    assert one_class.json()["params"]["columns"] == ["a", "b", "label"]
    wide = ",".join(["1"] * 200) + ",A\n" + ",".join(["2"] * 200) + ",B\n"
    too_many = await client.post("/datasets", content=wide.encode(), headers=CSV)
    assert too_many.json()["code"] == "csv_too_many_columns"
    assert too_many.json()["params"]["columns"] == []


@pytest.mark.parametrize("cell", ["x", "inf", "1e200", "1e400"])
async def test_a_column_that_cannot_be_used_can_be_left_out(client: httpx.AsyncClient, cell: str) -> None:
    rows = "".join(f"{row}.5,{row},{'AB'[row % 2]}\n" for row in range(12))
    table = f"a,b,label\n{rows}3,{cell},A\n"
    assert (await client.post("/datasets", content=table, headers=CSV)).status_code == 422
    added = await client.post("/datasets", json={"csv": table, "columns": {"b": "left_out"}})
    assert (added.status_code, added.json()["feature_names"]) == (201, ["a"])


async def test_others_are_answered_while_a_large_table_is_read(client: httpx.AsyncClient) -> None:
    table = "a,b,label\n" + "".join(f"{row}.5,{row % 7},{'AB'[row % 2]}\n" for row in range(100_000))
    reading = asyncio.create_task(client.post("/datasets", content=table, headers=CSV))
    await asyncio.sleep(0)
    for _ in range(5):
        assert (await client.get("/datasets")).status_code == 200
    assert not reading.done()
    document = check_problem(await reading, 422, "csv_too_many_rows")
    assert (document["params"]["found"], document["params"]["wanted"]) == (100_000, 5_000)


async def test_a_table_that_was_stored_before_there_were_targets_still_opens(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    words = {"title": "old", "feature_names": ["a"], "class_names": ["A", "B"], "source": "own data", "licence": "-"}
    stored = pack({"x": np.array([[1.0], [2.0]]), "y": np.array([0, 1])}, words)
    async with client_of(app) as client:
        await app.state.playground.store(lambda store: store.put_document("dataset", "own-old", stored))
        found = (await client.get("/datasets/own-old")).json()
    assert (found["task"], found["target_name"], found["y"]) == ("classification", None, [0, 1])
