"""POST /trace answers, as JSON, what PyTorch's autograd gives for the same request."""

from typing import Any

import httpx
import numpy as np
import pytest

from tests.pytorch_fixtures import FIXTURES, OF_A_LAYER, assert_agrees, fixture

CORNERS = [name for name in FIXTURES if name.startswith("corner")]
HUGE_LOGITS = [name for name in FIXTURES if name.startswith("huge_logits")]


async def answer_to(client: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/trace", json=request)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_losses_values_gradients_and_updates_agree(client: httpx.AsyncClient) -> None:
    for name in FIXTURES:
        content = fixture(name)
        agree(name, await answer_to(client, content["request"]), content["expected"])


def agree(name: str, found: dict[str, Any], expected: dict[str, Any]) -> None:
    for key in ("loss", "data_loss", "regularization", "probabilities", "dx"):
        assert_agrees(found[key], expected[key], f"{key} of {name}")
    assert [layer["index"] for layer in found["layers"]] == [layer["index"] for layer in expected["layers"]], name
    for ours, theirs in zip(found["layers"], expected["layers"], strict=True):
        for role in OF_A_LAYER:
            assert_agrees(ours[role], theirs[role], f"{role}{theirs['index']} of {name}")
    assert found["updated"].keys() == expected["updated"].keys(), name
    for parameter, wanted in expected["updated"].items():
        assert_agrees(found["updated"][parameter], wanted, f"{parameter} of {name}")


@pytest.mark.parametrize("name", CORNERS)
async def test_exact_zeros_get_the_chosen_derivative_and_shut_gates_exactly_zero(
    client: httpx.AsyncClient, name: str
) -> None:
    content = fixture(name)
    found = await answer_to(client, content["request"])
    for asked, layer in zip(content["request"]["model"]["hidden"], found["layers"], strict=False):
        z, mask, da, dz = (np.array(layer[role]) for role in ("z", "mask", "da", "dz"))
        at_corner = (z == 0) & (da != 0)
        assert at_corner.sum() >= 3
        np.testing.assert_array_equal(mask[at_corner], asked["derivative_at_zero"])
        np.testing.assert_array_equal(dz[at_corner], da[at_corner] * asked["derivative_at_zero"])
        np.testing.assert_array_equal(dz[z < 0], 0)


@pytest.mark.parametrize("choice", [0, 0.5, 1])
def test_corners_are_asked_with_this_derivative_for_one_two_and_three_hidden_layers(choice: float) -> None:
    asked = [fixture(name)["request"]["model"]["hidden"] for name in CORNERS]
    depths = {len(hidden) for hidden in asked if {layer["derivative_at_zero"] for layer in hidden} == {choice}}
    assert depths == {1, 2, 3}


@pytest.mark.parametrize("name", HUGE_LOGITS)
async def test_logits_of_1000_give_finite_numbers(client: httpx.AsyncClient, name: str) -> None:
    content = fixture(name)
    found = await answer_to(client, content["request"])
    assert np.abs(found["layers"][-1]["z"]).max() == 1000
    assert np.isfinite(found["loss"])
    assert np.isfinite(found["dx"]).all()


def test_the_losses_of_logits_of_1000_are_whole_numbers() -> None:
    # Logits (1000, 0, -1000) lose 0, 1000 and 2000 for the three classes.
    wanted = {"huge_logits_loss_0": 0, "huge_logits_loss_1000": 1000, "huge_logits_loss_2000": 2000}
    assert {name: fixture(name)["expected"]["loss"] for name in wanted} == wanted
