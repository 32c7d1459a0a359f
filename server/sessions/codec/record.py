"""A session as bytes and back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.datasets import About, TargetScale
from engine.edits import Edit
from engine.history import joined
from engine.model import Batch
from engine.primitives import Array
from engine.run import RunSpec
from engine.training import Trainer
from engine.vocabulary import STANDARD, Vocabulary
from server.sessions.codec.edit_record import edit_of, edit_packed
from server.sessions.codec.pool import Pool
from server.sessions.codec.spec_record import model_of, model_words, optimizer_of, optimizer_words
from server.sessions.store.packing import Damaged, pack, unpack
from server.sessions.store.protocol import Head, Stored, StoreDamaged

# Points of the learning curve that are written with every step; more of them become a part, which costs more.
LONGEST_TAIL = 32
# Measured: what a session takes in memory besides its arrays and the calls on them.
BYTES_OF_A_SESSION = 6_000
BYTES_OF_A_NUMBER = 8
START, HISTORY, CHECKPOINT, EDIT = "start", "history", "checkpoint/", "edit/"


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """What is known of the rows of a session besides their numbers.

    Parameters
    ----------
    name : by which the data set is asked for, or None for rows that came with the request.
    mean, scale : (features,) float64; raw = row * scale + mean.
    target : None where classes are learned.
    """

    name: str | None
    about: About
    options: Mapping[str, Any]
    mean: Array
    scale: Array
    target: TargetScale | None = None


@dataclass(slots=True, eq=False)
class Session:
    """A session that is being worked with; `head` says which version is stored."""

    id: str
    data: Data
    trainer: Trainer
    head: Head = field(default_factory=lambda: Head(0, 0.0))
    stored_checkpoints: frozenset[int] = frozenset()
    stored_history: tuple[int, int] = (0, 0)
    stored_edits: tuple[Edit, ...] = ()

    @property
    def run(self) -> RunSpec:
        """What the next step is a function of."""
        return self.trainer.run

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return BYTES_OF_A_SESSION + self.trainer.nbytes

    @property
    def bytes_at_work(self) -> int:
        """What it may take while it is worked with: what it has, and what the next thing to do with it may bind."""
        return self.nbytes + BYTES_OF_A_NUMBER * self.trainer.values_per_step

    def edit(self, edit: Edit) -> None:
        """Change something from the next step on."""
        self.trainer.edit(edit)
        # What was cut may have been stored: the whole curve is written again.
        self.stored_history = (0, 0)

    def start(self) -> bytes:
        """What never changes."""
        run, data = self.trainer.course.origin, self.data
        arrays = {"mean": data.mean, "scale": data.scale, "x": run.train.x, "y": run.train.y}
        arrays.update({f"parameters/{name}": array for name, array in run.parameters.items()})
        if run.held_out is not None:
            arrays.update({"held_out/x": run.held_out.x, "held_out/y": run.held_out.y})
        described = {
            **data.about.words(),
            "name": data.name,
            "options": dict(data.options),
            "target": None if data.target is None else asdict(data.target),
        }
        words = {
            "model": model_words(run.model),
            "optimizer": optimizer_words(run.optimizer),
            "batch_size": run.batch_size,
            "seed": run.seed,
            "is_shuffled": run.is_shuffled,
            "data": described,
        }
        return pack(arrays, words)

    def changes(self) -> tuple[bytes, dict[str, bytes | None]]:
        """The state, and of what grows along the run that which changed since the session was stored last."""
        trainer = self.trainer
        kept = trainer.checkpoints.states
        parts: dict[str, bytes | None] = {}
        if kept.keys() != self.stored_checkpoints:
            parts.update({f"{CHECKPOINT}{gone}": None for gone in self.stored_checkpoints - kept.keys()})
            for new in kept.keys() - self.stored_checkpoints:
                parts[f"{CHECKPOINT}{new}"] = pack({"state": kept[new]}, {})
        edits, stored = trainer.course.edits, self.stored_edits
        if edits is not stored:
            parts.update({f"{EDIT}{number}": None for number in range(len(edits), len(stored))})
            for number, edit in enumerate(edits):
                if stored[number : number + 1] != (edit,):
                    parts[f"{EDIT}{number}"] = edit_packed(edit)
        if self._is_tail_too_long():
            parts[HISTORY] = pack({"history": trainer.history.table}, {})
        state = {"state": trainer.state, "tail": trainer.history.table[self._points_in_part() :]}
        return pack(state, {**trainer.numbers, EDIT: len(edits)}), parts

    def mark_stored(self, head: Head) -> None:
        """What `changes` answered last is stored."""
        self.head = head
        self.stored_edits = self.trainer.course.edits
        if self.trainer.checkpoints.states.keys() != self.stored_checkpoints:
            self.stored_checkpoints = frozenset(self.trainer.checkpoints.states)
        if self._is_tail_too_long():
            self.stored_history = self.trainer.history.extent

    def _points_in_part(self) -> int:
        """How many points of the learning curve stand in a part of their own; the others are a tail of the state."""
        return self.trainer.history.extent[0] if self._is_tail_too_long() else self.stored_history[0]

    def _is_tail_too_long(self) -> bool:
        (points, stride), (stored_points, stored_stride) = self.trainer.history.extent, self.stored_history
        return stride != stored_stride or points - stored_points > LONGEST_TAIL


def session_of(session_id: str, stored: Stored, vocabulary: Vocabulary = STANDARD, pool: Pool | None = None) -> Session:
    """The session that was stored.

    Parameters
    ----------
    pool : what it has together with other sessions; None: nothing.

    Raises
    ------
    StoreDamaged : the bytes are not those of a session.
    """
    try:
        run, data = _run_of(stored.parts[START], vocabulary, pool)
        arrays, numbers = unpack(stored.state)
        history = unpack(stored.parts[HISTORY])[0]["history"]
        arrays["history"] = joined(history, arrays.pop("tail"))
        for name, body in stored.parts.items():
            if name.startswith(CHECKPOINT):
                arrays[name] = unpack(body)[0]["state"]
        n_edits = sum(name.startswith(EDIT) for name in stored.parts)
        # Sessions stored before edits were counted do not have the number.
        if numbers.pop(EDIT, n_edits) != n_edits:
            raise Damaged("an edit is not there")
        edits = [edit_of(stored.parts[f"{EDIT}{number}"], vocabulary) for number in range(n_edits)]
        session = Session(
            session_id, data, Trainer.restore(run, arrays, numbers, edits, None if pool is None else pool.spares)
        )
    except (Damaged, KeyError, ValueError, TypeError, IndexError) as error:
        raise StoreDamaged(f"a session cannot be read: {error}") from error
    session.stored_checkpoints = frozenset(session.trainer.checkpoints.states)
    session.stored_history = (len(history), session.trainer.history.stride)
    session.mark_stored(stored.head)
    return session


def _run_of(start: bytes, vocabulary: Vocabulary, pool: Pool | None) -> tuple[RunSpec, Data]:
    arrays, words = unpack(start)
    described = words["data"]
    model = model_of(words["model"], vocabulary)
    optimizer = optimizer_of(words["optimizer"], vocabulary)
    parameters = {name: arrays[f"parameters/{name}"] for name in model.parameter_shapes}
    held_out = Batch(arrays["held_out/x"], arrays["held_out/y"]) if "held_out/x" in arrays else None
    train = Batch(arrays["x"], arrays["y"])
    if pool is not None:
        train, held_out = pool.rows(train), None if held_out is None else pool.rows(held_out)
    # A session that was stored before there were targets has none.
    target = described.get("target")
    target = None if target is None else TargetScale(**target)
    # Older sessions have the name of a target only beside its scale.
    about = About.of_words({"target_name": None if target is None else target.name, **described})
    data = Data(described["name"], about, described["options"], arrays["mean"], arrays["scale"], target)
    # Runs that were stored before there was a choice are shuffled.
    is_shuffled = words.get("is_shuffled", True)
    run = RunSpec(model, optimizer, parameters, train, held_out, words["batch_size"], words["seed"], is_shuffled)
    return run, data
