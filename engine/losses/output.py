"""What an output with its loss is: one row with everything that anyone needs to know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.gradients import GroupRule
from engine.program import SAMPLE_AXIS, ProgramBuilder
from engine.settings import Setting
from engine.targets import Target


@dataclass(frozen=True, slots=True)
class TorchLoss:
    """A loss in PyTorch.

    Parameters
    ----------
    losses : those of the samples, a template over the settings of outputs and y.
    takes_logits : whether outputs is the last z, so that the activation is a part of the loss.
    """

    losses: str
    takes_logits: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """An output activation with a loss.

    Parameters
    ----------
    append : (builder, z, layer) -> the loss of each sample, (n,); appends all nodes from the last z to there.
    group : what its nodes are a part of, and the mean or sum over the samples that follows them.
    target : what y means.
    rules : group -> gradient rule, of the groups that `append` makes.
    long_way : the rules that go through dL/dp where those have a shorter way.
    settings : numbers that it takes, each an input called by its name and the number of the layer.
    corner : the last z where its slope jumps, a number or the name of one; None: nowhere.
    bend : the tensor a - y, and the name of the size of its cells at which how the loss curves jumps; None: nowhere.
    constants : number of outputs -> other inputs that it declares, which follow from it.
    least_units : fewer outputs have no meaning.
    is_right : the operation that says of every sample whether the answer is right, of the last layer's "a" and y;
        None: an answer is never right or wrong.
    torch : None: PyTorch has no such thing.
    """

    append: Callable[[ProgramBuilder, str, int], str]
    group: str
    target: Target
    rules: Mapping[str, GroupRule]
    long_way: Mapping[str, GroupRule] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    corner: float | str | None = None
    bend: tuple[str, str] | None = None
    constants: Callable[[int], Mapping[str, float]] = lambda outputs: {}
    least_units: int = 1
    is_right: str | None = None
    torch: TorchLoss | None = None

    @property
    def tells_classes(self) -> bool:
        """Whether an answer is right or wrong, and no number."""
        return self.is_right is not None


def append_output(builder: ProgramBuilder, output: Output, z: str, layer: int, reduction: str, loss: str) -> None:
    """From the last z to the loss of the batch, the mean or sum of the losses of its samples."""
    losses = output.append(builder, z, layer)

    def node(op: str, inputs: tuple[str, ...], name: str, part: str) -> str:
        group = (output.group, "reduction")
        return builder.node(op, inputs, name, name, phase="forward", layer=None, group=group, part=part)

    if reduction == "sum":
        node("sum_all", (losses,), loss, "sum")
        return
    node("divide_by", (node("sum_all", (losses,), "loss_sum", "sum"), builder.scalar("m")), loss, "mean")


def append_accuracy(builder: ProgramBuilder, output: Output, layer: int) -> None:
    """The share of samples whose answer is right, where there are right ones."""
    if output.is_right is None:
        return

    def node(op: str, inputs: tuple[str, ...], name: str) -> str:
        return builder.node(op, inputs, name, name, phase="measure", layer=None, group=("accuracy",))

    answers = next(name for name, tensor in builder.tensors.items() if (tensor.role, tensor.layer) == ("a", layer))
    right = node("sum_all", (node(output.is_right, (answers, targets(builder, layer)), "is_right"),), "right")
    # Not m, which is rounded as the step is: a float16 holds whole numbers up to 2048 only.
    node("divide_by", (right, builder.scalar("samples")), "accuracy")


def targets(builder: ProgramBuilder, layer: int) -> str:
    """y, (n, K)."""
    return builder.input("y", (SAMPLE_AXIS, str(layer)), "y")
