"""L2: a penalty on the weights, added to the loss of the data."""

from engine.program import ProgramBuilder


def append_l2(builder: ProgramBuilder, data_loss: str, weights: tuple[str, ...], loss: str) -> None:
    """loss = data_loss + lambda / 2 * sum of the squared weights (biases free)."""

    def node(
        op: str, inputs: tuple[str, ...], output: str, role: str, part: str | None = None, group: str = "l2"
    ) -> str:
        return builder.node(op, inputs, output, role, phase="forward", layer=None, group=(group,), part=part)

    sums = []
    for w in weights:
        squared = node("square", (w,), f"{w}_squared", "W_squared", "weights")
        sums.append(node("sum_all", (squared,), f"{w}_square_sum", "W_square_sum"))
    total = sums[0]
    for number, square_sum in enumerate(sums[1:], start=2):
        total = node("add", (total, square_sum), f"square_sum_to_W{number}", "square_sum")
    regularization = node("half_scale", (builder.scalar("l2"), total), "regularization", "regularization", "penalty")
    node("add", (data_loss, regularization), loss, loss, group="total")
