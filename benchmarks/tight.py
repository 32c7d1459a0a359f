"""The step of softmax with cross-entropy and SGD as tight as NumPy lets a person write it by hand: the mark.

Everything is allocated before the first step, intermediate results overwrite each other, sums over an axis are products
with ones, scalars are 0-d arrays, the update runs over one flat vector. Nobody could look inside this step afterwards.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from engine.primitives import Array

# np.maximum takes out by name only.
Call = tuple[Callable[..., object], tuple[object, ...]]


class TightNetwork:
    """A ReLU network that can do nothing but take steps.

    Parameters
    ----------
    units : inputs, hidden layers, outputs.
    y : (m, outputs) one-hot rows.
    """

    def __init__(
        self, units: Sequence[int], parameters: Mapping[str, Array], x: Array, y: Array, learning_rate: float
    ) -> None:
        m, depth = len(x), len(units) - 1
        size = sum(value.size for value in parameters.values())
        self.flat, self.gradient = np.empty(size), np.empty(size)
        self.parameters, gradients, start = {}, {}, 0
        for name, value in parameters.items():
            cells = slice(start, start + value.size)
            self.parameters[name] = self.flat[cells].reshape(value.shape)
            self.parameters[name][...] = value
            gradients[name] = self.gradient[cells].reshape(value.shape)
            start += value.size

        ones, zero, rate = np.ones(m), np.zeros(()), np.array(learning_rate)
        # e @ (m, m, ...) is m times the row sum, which saves the division of the gradient by m.
        m_for_each_class = np.full(units[-1], float(m))
        a, masks = [x.copy()], []
        calls: list[Call] = []
        for layer in range(1, depth + 1):
            w, b = self.parameters[f"W{layer}"], self.parameters[f"b{layer}"]
            z = np.empty((m, units[layer]))
            calls += [(a[-1].dot, (w, z)), (np.add, (z, b, z))]
            if layer < depth:
                mask = np.empty_like(z)
                calls += [(_maximum(z, zero), ()), (np.sign, (z, mask))]
                masks.append(mask)
            a.append(z)
        dz, top, total = a[-1], np.empty(m), np.empty(m)
        calls += [
            (np.maximum.reduce, (dz, 1, None, top)),
            (np.subtract, (dz, top[:, None], dz)),
            (np.exp, (dz, dz)),
            (dz.dot, (m_for_each_class, total)),
            (np.divide, (dz, total[:, None], dz)),
            (np.subtract, (dz, y / m, dz)),
        ]
        for layer in range(depth, 0, -1):
            w = self.parameters[f"W{layer}"]
            calls += [(a[layer - 1].T.dot, (dz, gradients[f"W{layer}"])), (ones.dot, (dz, gradients[f"b{layer}"]))]
            if layer > 1:
                da = np.empty_like(masks[layer - 2])
                calls += [(dz.dot, (w.T, da)), (np.multiply, (da, masks[layer - 2], da))]
                dz = da
        calls += [(np.multiply, (self.gradient, rate, self.gradient))]
        calls += [(np.subtract, (self.flat, self.gradient, self.flat))]
        self._calls = tuple(calls)

    def step(self) -> None:
        for call, arguments in self._calls:
            call(*arguments)


def _maximum(z: Array, zero: Array) -> Callable[[], object]:
    return lambda: np.maximum(z, zero, out=z)
