"""GET /mistakes."""

from typing import Any

import httpx
import pytest

from engine.mistakes import MISTAKES


@pytest.fixture
async def rows(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    answer = await client.get("/mistakes")
    assert answer.status_code == 200
    return {row["id"]: row for row in answer.json()["mistakes"]}


async def test_every_mistake_is_listed_in_the_order_of_the_catalogue(rows: dict[str, dict[str, Any]]) -> None:
    assert list(rows) == list(MISTAKES)
    wanted = "id title explanation wrong_line right_line silent injectable diagnosable caught_by_gradient_check models"
    assert all(list(row) == wanted.split() for row in rows.values())


async def test_a_row_says_what_the_catalogue_says(rows: dict[str, dict[str, Any]]) -> None:
    for id, row in rows.items():
        mistake = MISTAKES[id]
        for key in ("title", "explanation", "silent", "injectable", "diagnosable", "caught_by_gradient_check"):
            assert row[key] == getattr(mistake, key)


async def test_lines_stand_side_by_side(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["mask_missing"]["wrong_line"], rows["mask_missing"]["right_line"]) == (
        "dz1 = da1",
        "dz1 = da1 * mask1",
    )
    assert rows["softmax_over_the_wrong_axis"]["wrong_line"] == "e_sum = e.sum(axis=0)"
    assert rows["weights_from_z"]["wrong_line"] == "dW2 = z1.T @ dz2"


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("mask_missing", {"needs": ["hidden"], "sizes": "any", "reductions": ["mean", "sum"]}),
        ("mean_missing", {"needs": [], "reductions": ["mean"]}),
        ("l2_on_biases", {"needs": ["bias", "l2"]}),
        ("momentum_sign", {"optimizers": ["momentum", "nesterov"]}),
        ("labels_broadcast", {"sizes": "one_output", "optimizers": []}),
        ("weights_not_transposed", {"sizes": "square", "needs": ["hidden"]}),
        ("output_slope_on_p_minus_y", {"needs": [], "sizes": "any", "reductions": ["mean", "sum"]}),
    ],
)
async def test_models_say_where_it_makes_sense(
    rows: dict[str, dict[str, Any]], id: str, expected: dict[str, Any]
) -> None:
    assert {key: rows[id]["models"][key] for key in expected} == expected


async def test_mask_cannot_be_missing_where_the_slope_is_one(rows: dict[str, dict[str, Any]]) -> None:
    activations = rows["mask_missing"]["models"]["activations"]
    assert "identity" not in activations
    assert {"relu", "sigmoid", "tanh"} <= set(activations)


async def test_only_classes_can_be_left_as_numbers(rows: dict[str, dict[str, Any]]) -> None:
    assert {output["activation"] for output in rows["labels_not_one_hot"]["models"]["outputs"]} == {"softmax"}


async def test_only_what_can_be_injected_has_optimizers(rows: dict[str, dict[str, Any]]) -> None:
    assert [id for id, row in rows.items() if bool(row["models"]["optimizers"]) != row["injectable"]] == []
