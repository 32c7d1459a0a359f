"""Results under anybody's names, under the names that a model's tensors have."""

from collections.abc import Mapping
from dataclasses import replace

from engine.model import program_of
from engine.spec import ModelSpec
from server.doctor.reading.names.name import Name
from server.doctor.reading.names.names import parsed
from server.doctor.reading.names.theta import parted


def canonical_results(results: Mapping[str, object], model: ModelSpec, layout: str = "rows") -> dict[str, object]:
    """The same results with the playground's names; those that nobody knows, or that come twice, keep their own.

    A gradient of Theta with the bias as its first column becomes dW and db. V and W are told apart by their shapes.

    Parameters
    ----------
    layout : of the results, which a parted Theta has to fit.
    """
    names = {written: parsed(written) for written in results}
    v_layer = _layer_of_v(results, names, model)
    has_v = any(name is not None and name.kind == "V" for name in names.values())
    tensors = program_of(model, None).tensors
    found: dict[str, object] = {}
    rest: dict[str, object] = {}
    for written, value in results.items():
        read = _read(written, names[written], value, model, layout, v_layer, has_v, tensors)
        if read and not any(name in found or (name in results and name != written) for name in read):
            found.update(read)
        else:
            rest[written] = value
    return {**found, **{written: value for written, value in rest.items() if written not in found}}


def _read(
    written: str,
    name: Name | None,
    value: object,
    model: ModelSpec,
    layout: str,
    v_layer: int | None,
    has_v: bool,
    tensors: Mapping[str, object],
) -> dict[str, object]:
    """A result by its names in the program; empty: it has none."""
    if written in tensors:
        return {written: value}
    if name is None:
        return {}
    if v_layer is not None and name.kind in ("V", "W") and name.layer is None and name.place is None:
        name = replace(name, kind="W", layer=v_layer if name.kind == "V" else 3 - v_layer)
    elif name.kind in ("V", "W") and has_v and name.layer is None and name.place is None:
        return {}
    if name.kind == "theta":
        layer = name.layer or 1
        units = model.units
        if 1 <= layer <= model.depth and _shape_of(value) == (units[layer], units[layer - 1] + 1):
            bias, weights = parted(value, layout)
            mark = "d" if name.is_gradient else ""
            return {f"{mark}b{layer}": bias, f"{mark}W{layer}": weights}
    tensor = name.canonical(model.depth)
    # The output is called p where it is a probability, else a with its layer.
    last = model.depth
    other = {"p": f"a{last}", f"a{last}": "p", "dp": f"da{last}", f"da{last}": "dp"}.get(tensor or "")
    return {known: value for known in (tensor, other) if known is not None and known in tensors}


def _layer_of_v(results: Mapping[str, object], names: Mapping[str, Name | None], model: ModelSpec) -> int | None:
    """The layer whose weights are V; None: there is no V, or the shapes leave it open."""
    shapes = {
        name.kind: _shape_of(results[written])
        for written, name in names.items()
        if name is not None and name.kind in ("V", "W") and name.layer is None and name.place is None
    }
    if "V" not in shapes or model.depth != 2:
        return None
    first, second = (_fitting(shapes, layer, model) for layer in (1, 2))
    return None if first == second else 1 if first > second else 2


def _fitting(shapes: Mapping[str, tuple[int, ...]], layer: int, model: ModelSpec) -> int:
    """How many shapes fit where V belongs to this layer and W to the other."""
    return _fits(shapes["V"], layer, model) + ("W" in shapes and _fits(shapes["W"], 3 - layer, model))


def _fits(shape: tuple[int, ...], layer: int, model: ModelSpec) -> bool:
    wanted = (model.units[layer - 1], model.units[layer])
    return shape in (wanted, wanted[::-1])


def _shape_of(value: object) -> tuple[int, ...]:
    return (len(value), *(_shape_of(value[0]) if value else ())) if isinstance(value, list) else ()
