"""A program: the nodes of one step."""

from typing import Any

from pydantic import BaseModel, Field

from engine.program import Phase, Spot


class ProgramTensor(BaseModel):
    name: str
    axes: list[str] = Field(description='"n" counts the samples, "k" the units of layer k.')
    role: str
    layer: int | None
    of: str | None
    symbol: str | list[Any] = Field(description="How its cells are written in a formula, as engine/symbols.py has it.")
    spot: Spot | None = Field(description="Where a drawing of the network shows it.")
    divisor: bool = Field(description="Whether dividing by it makes a mean over the samples.")
    offset: tuple[int, int] = Field(description="[a, b]: its first cell is a + b m in the vector of a frame.")


class ProgramNode(BaseModel):
    op: str
    inputs: list[str]
    output: str
    phase: Phase
    layer: int | None
    group: list[str]
    part: str | None = Field(description="What the node is in its group.")
    code: str


class ProgramPrimitive(BaseModel):
    indices: str = Field(description="Einsum letters; letters that are missing on the right are summed over.")
    cell: list[Any] | float = Field(description="The formula of one output cell.")
    selects: bool = Field(description="Whether which cells feed the output depends on their values.")


class Program(BaseModel):
    """The nodes of one step with their tensors; no values, no batch size."""

    tensors: list[ProgramTensor] = Field(description="In the order in which a binary frame holds their values.")
    nodes: list[ProgramNode]
    sizes: dict[str, int]
    primitives: dict[str, ProgramPrimitive]
