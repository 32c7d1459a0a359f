"""Mistakes that only a second call or a second step can show: something is carried over."""

from collections.abc import Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import Mistake, Variant, unchanged
from engine.program import Node, Program
from engine.tensor import Tensor


def _not_reset(program: Program) -> Iterator[Variant]:
    draft, anatomy = Draft(program), Anatomy(program)
    parameters = [anatomy.named(role, k) for k in anatomy.layers for role in ("W", "b") if anatomy.has(role, k)]
    for parameter in parameters:
        gradient, tensor = f"d{parameter}", program.tensors[parameter]
        kept = draft.input(f"{parameter}_gradient", tensor.axes, "state", of=parameter)
        now = draft.set_aside(gradient, "now")
        draft.follow(now, gradient, "add", kept, now)
        following = Tensor(f"{kept}_next", tensor.axes, "state_next", tensor.layer, of=kept)
        draft.append(Node("same", (gradient,), following.name, "update", tensor.layer, ("gradient",)), following)
    yield Variant(draft.build())


def _momentum_sign(program: Program) -> Iterator[Variant]:
    draft = Draft(program)
    velocities = {tensor.name for tensor in program.with_role("state") if tensor.name == f"{tensor.of}_velocity"}
    for tensor in program.with_role("state_next"):
        if tensor.of in velocities:
            draft.make(tensor.name, "subtract", *draft.node(tensor.name).inputs)
    if velocities:
        yield Variant(draft.build())


ROWS = (
    Mistake(
        "gradients_not_reset",
        "carrying",
        "Gradients added up from call to call",
        "Each call adds its gradients to those of the calls before. Set them to zero before every backward pass; in "
        "PyTorch, optimizer.zero_grad().",
        _not_reset,
        silent=False,
        caught_by_gradient_check=False,
        carries=("gradient",),
    ),
    Mistake(
        "momentum_sign",
        "carrying",
        "The velocity has the wrong sign",
        "The velocity collects gradients and is then subtracted from the weights. Where it collects minus the "
        "gradient, it has to be added. Mixing both conventions climbs uphill.",
        _momentum_sign,
        silent=False,
        diagnosable=False,
        caught_by_gradient_check=False,
        carries=("velocity",),
        is_in_update=True,
    ),
    Mistake(
        "inputs_changed",
        "carrying",
        "The call changes its inputs",
        "The arrays that were handed over are different after the call, so the next call computes with other numbers. "
        "Work on a copy: W = W.copy(), and z = z * mask in place of z *= mask.",
        unchanged,
        injectable=False,
        caught_by_gradient_check=False,
        seen_in="inputs",
        overwrites=("x", "y", "W", "b"),
        lines=("W -= learning_rate * dW", "W = W - learning_rate * dW"),
    ),
)
