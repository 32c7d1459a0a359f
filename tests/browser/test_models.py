"""Every kind of model in a real browser: its numbers are the API's, and the drawer offers what the engine has."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drawing import (
    api,
    assert_first_layer_backward,
    assert_first_layer_forward,
    go_to,
    is_new_session,
    last_number,
    open_page,
    operations,
    session_of,
    shown,
    text_of,
)
from tests.thorough import usually

SGD: dict[str, Any] = {"name": "sgd", "learning_rate": 0.5}


def xor(
    activation: str = "relu",
    output: tuple[str, str] = ("softmax", "cross_entropy"),
    units: int = 2,
    optimizer: dict[str, Any] = SGD,
    **model: Any,
) -> dict[str, Any]:
    """A recipe for xor with a hidden layer of three units."""
    return {
        "model": {
            "inputs": 2,
            "hidden": [{"units": 3, "activation": activation}],
            "output": {"units": units, "activation": output[0]},
            "loss": output[1],
            **model,
        },
        "initializer": {"name": "he"},
        "optimizer": optimizer,
        "dataset": {"name": "xor"},
        "seed": 3,
    }


MODELS = {
    "one sigmoid": xor("sigmoid", ("sigmoid", "binary_cross_entropy"), units=1),
    "two sigmoids": xor("leaky_relu", ("sigmoid", "squared_error")),
    "identity": xor("tanh", ("identity", "half_squared_error")),
    "one tanh": xor("elu", ("tanh", "squared_error"), units=1),
    "huber": xor("tanh", ("identity", "huber")),
    "softmax through its Jacobian": xor("tanh", ("softmax", "half_squared_error")),
    "adam": xor(optimizer={"name": "adam", "learning_rate": 0.1}),
    "momentum": xor(optimizer={"name": "momentum", "learning_rate": 0.1}),
    "no bias": xor("max_eps", bias=False),
}


USUAL = ["huber", "softmax through its Jacobian"]


@pytest.mark.parametrize("name", usually(MODELS.keys(), *USUAL))
def test_every_number_of_a_step_is_the_one_of_the_api(page: Page, name: str) -> None:
    open_page(page, MODELS[name])
    step = api(page, "/trace?sample=0")
    hidden, output = step["layers"]
    has_gate = output["da"] is not None and output["mask"] is not None
    letter = "a2" if step["probabilities"] is None else "p"

    assert_first_layer_forward(page, hidden)
    go_to(page, "sample_loss")
    for unit, a in enumerate(output["a"][0]):
        assert last_number(text_of(page, f"{letter}:{unit}", ".p")) == shown(page, a)
        target = api(page, "/trace?sample=0")["batch"]["y"][0]
        wanted = target[unit] if isinstance(target, list) else float(target == unit)
        assert text_of(page, f"{letter}:{unit}", ".class").endswith(shown(page, wanted))
    assert page.locator(".loss-value").text_content() == shown(page, step["loss"])
    assert page.locator('[data-cell^="mask2:"].gate').count() == (len(output["a"][0]) if has_gate else 0)
    assert_first_layer_backward(page, hidden)
    for unit, dz in enumerate(output["dz"][0]):
        assert last_number(text_of(page, f"z2:{unit}", ".gradient")) == shown(page, dz)
        if output["da"] is not None:
            assert last_number(text_of(page, f"{letter}:{unit}", ".gradient")) == shown(page, output["da"][0][unit])


@pytest.mark.parametrize("name", usually(["adam", "momentum", "no bias"], "adam"))
def test_weights_after_the_update_are_those_of_the_api(page: Page, name: str) -> None:
    open_page(page, MODELS[name])
    updated = api(page, "/trace")["updated"]
    last = operations(page)[-1]
    go_to(page, last["output"], last["scope"])
    for tensor in ("W1", "W2"):
        for i, row in enumerate(updated[tensor]):
            for j, weight in enumerate(row):
                title = f"{tensor}[{i}, {j}] = {shown(page, weight)}"
                assert page.locator("svg.drawing title").get_by_text(title, exact=True).count() == 1
    assert page.locator("svg.drawing .bias").count() == (0 if name == "no bias" else 5)


def test_each_step_of_adam_is_on_the_card_with_its_number(page: Page) -> None:
    open_page(page, MODELS["adam"])
    micro = {each["output"]: each for each in api(page, "/trace?detail=micro")["micro"]}
    made = [each["output"] for each in operations(page) if each["segment"] == "update"]
    assert made[:3] == ["W1_average_next", "W1_square_average_next", "W1_next"]
    for output in made[:3]:
        go_to(page, output, "batch")
        for line in page.locator("bp-card button.line").all():
            name = (line.locator("code").text_content() or "").split(" = ")[0]
            values = [shown(page, value) for row in micro[name]["value"] for value in row]
            assert line.locator(".line-value").text_content() in values
    labels = page.locator("svg.drawing .edge-label.update").all_text_contents()
    assert labels and all("→" in label for label in labels)


def test_a_gate_is_as_open_as_its_slope(page: Page) -> None:
    open_page(page, MODELS["one sigmoid"])
    go_to(page, "mask1")
    for unit, slope in enumerate(api(page, "/trace?sample=0")["layers"][0]["mask"][0]):
        gate = page.locator(f'svg.drawing [data-cell="mask1:{unit}"].gate')
        whole = float(gate.locator("rect:not(.gate-way):not(.reach)").get_attribute("height") or "nan")
        way = float(gate.locator(".gate-way").get_attribute("height") or "nan")
        assert way / (whole - 2) == pytest.approx(slope)


@pytest.fixture
def drawer(page: Page) -> Locator:
    """The open drawer."""
    open_page(page)
    page.get_by_role("button", name="rate 0.5").click()
    drawer = page.get_by_role("dialog", name="Settings")
    expect(drawer.get_by_role("combobox", name="Optimizer")).to_have_value("sgd")
    return drawer


def test_the_drawer_offers_what_the_server_knows(page: Page, drawer: Locator) -> None:
    offered = page.request.get("/api/v1/models").json()

    def values(label: str, nth: int = 0) -> list[str]:
        options = drawer.get_by_role("combobox", name=label, exact=True).nth(nth).locator("option").all()
        return [option.get_attribute("value") or "" for option in options]

    assert values("Activation") == [choice["name"] for choice in offered["activations"]]
    assert values("Activation", 1) == [choice["name"] for choice in offered["outputs"]]
    assert values("Optimizer") == [choice["name"] for choice in offered["optimizers"]]
    for output in offered["outputs"]:
        drawer.get_by_role("combobox", name="Activation").nth(1).select_option(output["name"])
        assert values("Loss") == output["losses"]


def test_what_is_chosen_in_the_drawer_is_what_the_session_has(page: Page, drawer: Locator) -> None:
    drawer.get_by_role("combobox", name="Activation").first.select_option("elu")
    drawer.get_by_label("alpha").fill("0.5")
    drawer.get_by_role("combobox", name="Activation").nth(1).select_option("sigmoid")
    drawer.get_by_label("Output units").select_option("single")
    drawer.get_by_role("combobox", name="Loss", exact=True).select_option("half_squared_error")
    drawer.get_by_label("Biases").uncheck()
    drawer.get_by_label("Precision").select_option("float32")
    drawer.get_by_label("Initializer").select_option("normal")
    drawer.get_by_label("Standard deviation").fill("0.3")
    drawer.get_by_label("Optimizer").select_option("adam")
    drawer.get_by_label("beta1").fill("0.8")
    with page.expect_response(is_new_session) as created:
        drawer.get_by_role("button", name="Use these settings").click()
    session = session_of(created.value)
    assert session["model"]["hidden"] == [{"units": 3, "activation": "elu", "alpha": 0.5}]
    assert session["model"]["output"] == {"units": 1, "activation": "sigmoid"}
    assert {name: session["model"][name] for name in ("loss", "bias", "dtype")} == {
        "loss": "half_squared_error",
        "bias": False,
        "dtype": "float32",
    }
    assert session["optimizer"] == {
        "name": "adam",
        "learning_rate": 0.001,
        "beta1": 0.8,
        "beta2": 0.999,
        "eps": 1e-8,
    }
    page.get_by_role("button", name="Adam").click()
    expect(drawer.get_by_label("beta1")).to_have_value("0.8")
    expect(drawer.get_by_label("Standard deviation")).to_have_value("0.3")
    expect(drawer.get_by_label("Output units")).to_have_value("single")


def test_a_number_out_of_its_range_is_refused_beside_its_field(page: Page, drawer: Locator) -> None:
    drawer.get_by_label("Optimizer").select_option("adam")
    drawer.get_by_label("beta1").fill("1")
    drawer.get_by_role("button", name="Use from here on").click()
    expect(drawer.get_by_role("alert").filter(has_text="below 1")).to_be_visible()
    expect(drawer.get_by_label("beta1")).to_be_focused()
