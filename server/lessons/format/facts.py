"""What a lab may ask of the page: facts, each by its name.

This is the one list of them. docs/LABS.md shows it, every lab is checked against it, and the page's reader of facts and
that of the tests are held to it.
"""

import re
from collections.abc import Mapping

# Fact -> what it says. A name with nothing behind it in this table may have any part of a document behind it.
FACTS: Mapping[str, str] = {
    "step": "updates that the run has taken; 0 at the beginning",
    "sample": "the current sample, counted from 0",
    "at.scope": '`"sample"` or `"batch"`: whose numbers the operation under the playhead shows',
    "at.output": "the operation that has been shown last, by the tensor that it ends with, such as `z1`, `mask1` (a "
    "gate: `a1` and its slope) or `dW1`; `x` at the beginning of a step",
    "focus.tensor": "of the cell that the card explains; missing where the card chooses",
    "focus.index": "its index, without the axis of the samples",
    "tab": '`"layers"`, `"table"`, ... : the panel that is open; `""` for none',
    "layers": 'what the panel `"layers"` shows: `"sizes"`, or `"values"` (how z is spread); `""` while it is closed',
    "view": '`"map"` or `"why"`: what stands beside the drawing',
    "recipe": "the body of POST /sessions that makes the current run, with every default of its model and without its "
    "parameters (`parameters` has them)",
    "parameters": "the parameters of the current step, before its update: `parameters.W1[0][2]`",
    "trace": "every tensor of the current sample by itself (m = 1), with all of its axes: `trace.dz1[0][1]`",
    "batch": "the same of the whole batch: `batch.dW1[0][1]`, `batch.z1[3][0]`",
    "traces": "the scene's own steps, by name: `traces.second.dW3[0][0]`",
    "loss": "loss of the batch (its mean or its sum), before the update of the current step",
    "accuracy": "share of the batch that is right, before that update; null where no class is learned",
    "dead": "by hidden layer, then by unit: whether its gate is shut for every training sample, `dead.1[1]`",
    "nudge.tensor": "the number that was nudged last in this scene; missing where none was",
    "nudge.index": "its index in that tensor",
    "nudge.h": "how far it was moved to both sides",
    "nudge.gradient": "the slope that backprop gives",
    "nudge.slope": "the slope that the two losses give",
    "nudge.verdict": '`"agrees"`, `"differs"` or `"skipped"`',
    "nudge.kinks_in_all": "how many gates flip on the way",
    "exchange.layer": "the hidden layer whose activation is tried out; missing while the dialog is closed",
    "exchange.activation": 'the activation that was chosen there; `""` before',
    "exchange.changed": "how many lines of the step it changes",
    "exchange.lines": "how many lines the current step has, not counting those that measure accuracy; also known while "
    "the dialog is closed",
    "stage.name": 'the instrument that is open: `"line"`, `"factors"`, `"depth"`, `"bars"`, `"code"`, `"check"`; `""` '
    "for none",
    "stage.x0": "`line`: the place of the promise",
    "stage.dx": "`line`: the step away from it",
    "stage.f": "`line`: the function, by the name of its activation",
    "stage.slope": "`line`: the slope that is chosen for a corner",
    "stage.value": "`line`: f(x0 + dx)",
    "stage.promise": "`line`: f(x0) + slope times dx",
    "stage.error": "`line`: the distance between the two",
    "stage.layers": "`factors`: layers of the chain",
    "stage.unopened": "`factors`: chips that can still be opened",
    "stage.product": "`factors`: the product of all that stands there",
    "stage.twin": "`factors`: whether the twin's row is open",
    "stage.line": "`code`: id of the line whose arrays are open; missing before one is",
    "stage.played": "`code`: id of the line that was played last; missing before",
    "stage.choice": "`code`: what its switches say, by name: `stage.choice.call`",
    "stage.trace": "`code`, `check`: name of the scene's current step",
    "stage.checked": "`code`, `check`: name of the step that was compared with nudges last; missing before",
    "stage.numbers": "`code`, `check`: how many numbers of dW and db were compared then",
    "stage.wrong": "`code`, `check`: how many of them differed, by more than a ten-thousandth of the larger one",
    "stage.tensors": '`code`, `check`: in which tensors, such as `["dW1", "db1", "dW2"]`, from the first layer upwards',
    "experiment.name": "the experiment whose result is shown; missing while there is none",
    "experiment.body": "the body that it was asked with: `experiment.body.layers`",
    "experiment.result": "its result, as the API answers it: `experiment.result.curves[0].dz.median[0]`",
    "experiment.results": "where a run has variants, each one's result: `experiment.results.tanh.solved.share`",
    "answer.given": "the answer: id of an option, a list of ids, a number, or a list of numbers; missing before",
    "answer.is_right": "whether it is right",
    "answer.line": "id of the line that was bet on; missing before",
    "answer.named": "how many rounds were named right",
}

ROOTS = frozenset(name.partition(".")[0] for name in FACTS)
NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+|\[\d+\])*", re.ASCII)
PART = re.compile(r"\w+", re.ASCII)


def check_fact(name: str) -> str:
    """The name, if a lab may ask for it.

    Raises
    ------
    ValueError : it is not written like a fact, or there is no such fact.
    """
    if NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} is no name of a fact; write it like step, at.output or trace.dz1[0][1]")
    parts = PART.findall(name)
    # at.output has a row of its own; below recipe there is whatever a recipe holds.
    if not ({".".join(parts[:2]), parts[0]} & FACTS.keys() or (len(parts) == 1 and parts[0] in ROOTS)):
        known = ", ".join(fact for fact in FACTS if fact.startswith(f"{parts[0]}.")) or ", ".join(sorted(ROOTS))
        raise ValueError(f"there is no fact {name!r}; there are {known}")
    return name
