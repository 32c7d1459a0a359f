"""Backward passes as five learners write them, each right, and each with a mistake of its own."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Learner:
    """A file and how the doctor is told to read it.

    Parameters
    ----------
    wrong : a line of the code, and what stands there in the code with the mistake.
    mistake : its id in the catalogue.
    """

    name: str
    code: str
    wrong: tuple[str, str]
    mistake: str
    function: str = "gradients"
    layout: str = "rows"
    reduction: str = "mean"

    @property
    def broken(self) -> "Learner":
        before, after = self.wrong
        assert self.code.count(before) == 1, before
        return replace(self, code=self.code.replace(before, after))

    @property
    def options(self) -> list[str]:
        return ["--layout", self.layout, "--reduction", self.reduction]


LOOPS = Learner(
    "loops",
    '''
from math import exp, log


def train_step(x, y, parameters):
    """Sample by sample, with lists alone."""
    W1, b1, W2, b2 = (parameters[name] for name in ("W1", "b1", "W2", "b2"))
    dW1, dW2 = [[0.0] * len(row) for row in W1], [[0.0] * len(row) for row in W2]
    db1, db2 = [0.0] * len(b1), [0.0] * len(b2)
    loss = 0.0
    for sample, label in zip(x, y):
        z1 = [b1[j] + sum(sample[i] * W1[i][j] for i in range(len(sample))) for j in range(len(b1))]
        a1 = [max(z, 0.0) for z in z1]
        z2 = [b2[k] + sum(a1[j] * W2[j][k] for j in range(len(a1))) for k in range(len(b2))]
        powers = [exp(z - max(z2)) for z in z2]
        p = [power / sum(powers) for power in powers]
        loss += log(sum(powers)) + max(z2) - z2[label]
        for k in range(len(b2)):
            delta = p[k] - (k == label)
            db2[k] += delta
            for j in range(len(a1)):
                dW2[j][k] += a1[j] * delta
        for j in range(len(b1)):
            delta = sum((p[k] - (k == label)) * W2[j][k] for k in range(len(b2)))
            if z1[j] > 0:
                db1[j] += delta
                for i in range(len(sample)):
                    dW1[i][j] += sample[i] * delta
    return loss, [dW1, db1, dW2, db2]
''',
    ("if z1[j] > 0:", "if True:"),
    "mask_missing",
    function="train_step",
    reduction="sum",
)

COLUMNS = Learner(
    "columns",
    """
import numpy as np


def forward(x, y, parameters):
    Z1 = parameters["W1"] @ x + parameters["b1"]
    A1 = np.maximum(Z1, 0)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    powers = np.exp(Z2 - Z2.max(axis=0))
    return {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": powers / powers.sum(axis=0)}


def backward_prop(X, Y, cache, parameters):
    m = X.shape[1]
    dZ2 = cache["A2"] - Y
    dW2 = dZ2 @ cache["A1"].T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = parameters["W2"].T @ dZ2 * (cache["Z1"] > 0)
    dW1 = dZ1 @ X.T / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def backward(x, y, cache, parameters):
    return backward_prop(x, np.eye(len(parameters["b2"]))[y].T, cache, parameters)
""",
    ("    m = X.shape[1]", "    m = 1"),
    "mean_missing",
    function="backward",
    layout="columns",
)

A_CLASS = Learner(
    "a_class",
    """
import numpy as np


class Layer:
    def __init__(self):
        self.W, self.b, self.dW, self.db = None, None, 0.0, 0.0

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dW = self.x.T @ d
        self.db = d.sum(axis=0)
        return d @ self.W.T


class Net:
    def __init__(self):
        self.layers = [Layer(), Layer()]

    def step(self, x, y):
        self.z = self.layers[0].forward(x)
        scores = self.layers[1].forward(np.maximum(self.z, 0))
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(x)), y] -= 1
        d = self.layers[1].backward(p / len(x))
        d[self.z <= 0] = 0
        self.layers[0].backward(d)


net = Net()


def gradients(x, y, parameters):
    for i, layer in enumerate(net.layers, start=1):
        layer.W, layer.b = parameters[f"W{i}"], parameters[f"b{i}"]
    net.step(x, y)
    return {f"d{name}{i}": getattr(layer, "d" + name) for i, layer in enumerate(net.layers, start=1) for name in "Wb"}
""",
    ("self.db = d.sum(axis=0)", "self.db = d.sum(axis=0) * 0"),
    "bias_gradient_zero",
)

TABLES = Learner(
    "tables",
    '''
class Table:
    """As much of a table library as it takes: columns by name."""

    def __init__(self, columns):
        self.columns = {name: list(values) for name, values in columns.items()}

    def to_numpy(self):
        import numpy as np

        return np.array(list(self.columns.values())).T


def gradients(x, y, parameters, l2):
    import numpy as np

    x, W1, b1, W2, b2 = (np.asarray(value) for value in (x, *parameters.values()))
    hidden = x @ W1 + b1
    out = np.maximum(hidden, 0)
    scores = out @ W2 + b2
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    error = (p - np.eye(len(b2))[y]) / len(x)
    below = (error @ W2.T) * (hidden > 0)
    decay = l2
    grads = {"dW1": x.T @ below + decay * W1, "dW2": out.T @ error + decay * W2}
    tables = {name: Table(dict(enumerate(value.T))) for name, value in grads.items()}
    return {**tables, "db1": list(below.sum(axis=0)), "db2": tuple(error.sum(axis=0)), "note": "from a table"}
''',
    ("decay = l2", "decay = -l2"),
    "l2_sign",
)

ROUNDING = Learner(
    "rounding",
    """
import numpy as np

np.set_printoptions(precision=4)


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def gradients(X, y, params):
    z1 = X.dot(params["W1"]) + params["b1"]
    a1 = z1 * (z1 > 0)
    p = softmax(a1.dot(params["W2"]) + params["b2"])
    y = np.eye(p.shape[1])[y]
    dz2 = (p - y) / len(X)
    dz1 = dz2.dot(params["W2"].T) * (z1 > 0)
    return tuple(np.round(d, 6) for d in (X.T.dot(dz1), dz1.sum(0), a1.T.dot(dz2), dz2.sum(0)))
""",
    ("dz2 = (p - y) / len(X)", "dz2 = (y - p) / len(X)"),
    "sign_turned",
)

LEARNERS = [LOOPS, COLUMNS, A_CLASS, TABLES, ROUNDING]
