"""A program while it is changed: nodes are inserted, made otherwise, or read something else."""

from dataclasses import replace

from engine.program import Node, Program, axes_of_output
from engine.tensor import Tensor


class Draft:
    """The nodes and tensors of a program, to be changed one by one and built again.

    A node that is changed is no longer the part of its group that it was: no rewrite may take it for that.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._tensors = dict(program.tensors)
        self._nodes = list(program.nodes)

    def tensor(self, name: str) -> Tensor:
        return self._tensors[name]

    def node(self, output: str) -> Node:
        """The node that makes a tensor."""
        return self._nodes[self._place(output)]

    def number(self, role: str) -> str:
        """Declare a 0-d input that may change without changing the computation."""
        return self.input(role, (), role)

    def input(self, name: str, axes: tuple[str, ...], role: str, of: str | None = None) -> str:
        """Declare an input (once) and return its name."""
        home = None if of is None else self._tensors[of].layer
        self._tensors.setdefault(name, Tensor(name, axes, role, home, of))
        return name

    def make(self, output: str, op: str, *inputs: str, axes: tuple[str, ...] | None = None) -> None:
        """Let a tensor be made by this operation.

        Parameters
        ----------
        axes : where NumPy allows what the letters of the operation do not.
        """
        place = self._place(output)
        self._tensors[output] = replace(self._tensors[output], axes=axes or self._axes(place, op, inputs))
        self._nodes[place] = replace(self._nodes[place], op=op, inputs=inputs, part=None)

    def insert(self, name: str, op: str, *inputs: str, before: str) -> str:
        """Insert a node of the same phase, layer and group before the one that makes `before`; returns its output."""
        assert name not in self._tensors, f"{name} is assigned twice"
        place = self._place(before)
        self._tensors[name] = Tensor(name, self._axes(place, op, inputs), name, self._tensors[before].layer)
        self._nodes.insert(place, replace(self._nodes[place], op=op, inputs=inputs, output=name, part=None))
        return name

    def copy(self, node: Node, renamed: dict[str, str], before: str) -> None:
        """Insert a copy of a node, with other names, before the one that makes `before`."""
        tensor, name = self._tensors[node.output], renamed[node.output]
        suffix = name.removeprefix(node.output)
        self._tensors[name] = replace(tensor, name=name, role=tensor.role + suffix)
        inputs = tuple(renamed.get(read, read) for read in node.inputs)
        self._nodes.insert(self._place(before), replace(node, inputs=inputs, output=name, part=None))

    def set_aside(self, output: str, suffix: str) -> str:
        """Let what makes a tensor make another one, so that the tensor can be made of that; returns its name.

        Nothing makes the tensor until `follow` is called.
        """
        place, tensor = self._place(output), self._tensors[output]
        name = f"{output}_{suffix}"
        assert name not in self._tensors, f"{name} is assigned twice"
        self._tensors[name] = replace(tensor, name=name, role=f"{tensor.role}_{suffix}")
        self._nodes[place] = replace(self._nodes[place], output=name)
        return name

    def follow(self, behind: str, output: str, op: str, *inputs: str) -> None:
        """Make a tensor, that was set aside, by a node behind the one that makes `behind`."""
        place = self._place(behind)
        self._tensors[output] = replace(self._tensors[output], axes=self._axes(place, op, inputs))
        self._nodes.insert(place + 1, replace(self._nodes[place], op=op, inputs=inputs, output=output, part=None))

    def then(self, output: str, suffix: str, op: str, *others: str) -> None:
        """Apply one more operation to a tensor: output = op(what it was, *others)."""
        before = self.set_aside(output, suffix)
        self.follow(before, output, op, before, *others)

    def append(self, node: Node, tensor: Tensor) -> None:
        """Append a node that makes a new tensor."""
        assert tensor.name not in self._tensors, f"{tensor.name} is assigned twice"
        self._tensors[tensor.name] = tensor
        self._nodes.append(node)

    def read(self, reader: str, old: str, new: str) -> None:
        """Let the node that makes `reader` read another tensor."""
        place = self._place(reader)
        inputs = tuple(new if name == old else name for name in self._nodes[place].inputs)
        self._nodes[place] = replace(self._nodes[place], inputs=inputs)

    def readers(self, name: str) -> list[Node]:
        """The nodes that read a tensor, in order."""
        return [node for node in self._nodes if name in node.inputs]

    def drop(self, *outputs: str) -> None:
        """Drop the nodes that make these tensors, which nobody reads any more."""
        for output in outputs:
            assert not self.readers(output), f"{output} is still read"
            del self._nodes[self._place(output)]
            del self._tensors[output]

    def reshape(self, name: str, *axes: str) -> None:
        """Let a tensor have other axes, as NumPy's broadcasting gives them."""
        self._tensors[name] = replace(self._tensors[name], axes=axes)

    def drop_from(self, broken: str) -> None:
        """Drop a tensor that cannot be computed, and everything that is made of it."""
        gone = {broken}
        for node in self._nodes:
            if gone.intersection(node.inputs):
                gone.add(node.output)
        self._nodes = [node for node in self._nodes if node.output not in gone]
        for name in gone:
            del self._tensors[name]

    def way(self, first: str, last: str) -> list[str]:
        """What the backward pass makes of one gradient up to another one, both included."""
        found = [first]
        for node in self._nodes:
            if last in found:
                break
            if node.phase == "backward" and set(found).intersection(node.inputs):
                found.append(node.output)
        return found

    def build(self) -> Program:
        made = {node.output for node in self._nodes}
        inputs_first = sorted(self._tensors.values(), key=lambda tensor: tensor.name in made)
        tensors = {tensor.name: tensor for tensor in inputs_first}
        return replace(self._program, tensors=tensors, nodes=tuple(self._nodes))

    def _axes(self, place: int, op: str, inputs: tuple[str, ...]) -> tuple[str, ...]:
        """The axes of what an operation makes of these, in the vocabulary of the node that stands there."""
        return axes_of_output(self._nodes[place].primitives[op], (self._tensors[name] for name in inputs))

    def _place(self, output: str) -> int:
        return next(number for number, node in enumerate(self._nodes) if node.output == output)
