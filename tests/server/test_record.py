"""A session as bytes: what is written at every step, and what only now and then."""

from collections.abc import Mapping

import numpy as np
import pytest

from engine.edits import Edit
from engine.model import OptimizerSpec
from engine.primitives import Array
from server.sessions.codec.record import HISTORY, START, Session, session_of
from server.sessions.creating import new_session
from server.sessions.schemas import SessionRequest
from server.sessions.store.packing import pack, unpack
from server.sessions.store.protocol import Head, Stored
from server.settings import Settings
from tests.server.api import MODEL, TRACE


async def begun() -> Session:
    body = {"model": {**MODEL, "output": {"units": 2}}, "batch": TRACE["batch"]}
    return await new_session(SessionRequest.model_validate(body), None, Settings(checkpoint_every_steps=7))  # type: ignore[arg-type]


class Kept:
    """What a store would hold after each change."""

    def __init__(self, session: Session, parts: Mapping[str, bytes] | None = None) -> None:
        self.session = session
        self.parts: dict[str, bytes] = {START: session.start(), **(parts or {})}
        self.written: list[Mapping[str, bytes | None]] = []
        self.keep()

    def keep(self) -> None:
        self.state, changed = self.session.changes()
        self.written.append(changed)
        for name, body in changed.items():
            if body is None:
                del self.parts[name]
            else:
                self.parts[name] = body
        self.session.mark_stored(Head(len(self.written), 0))

    def read(self) -> Session:
        return session_of(self.session.id, Stored(Head(len(self.written), 0), self.state, dict(self.parts)))


@pytest.mark.parametrize("steps", [0, 1, 31, 32, 33, 34, 100, 700, 1300])
async def test_a_session_read_back_goes_on_as_if_never_stored(steps: int) -> None:
    session = await begun()
    kept = Kept(session)
    for _ in range(steps):
        session.trainer.step()
        kept.keep()
    read = Kept(kept.read(), kept.parts)
    for trainer in (session.trainer, read.session.trainer):
        trainer.train(40)
    kept.keep()
    read.keep()
    for found in (read.session, kept.read(), read.read()):
        assert (found.trainer.state == session.trainer.state).all()
        assert found.trainer.history.points == session.trainer.history.points
        assert found.trainer.checkpoints.states.keys() == session.trainer.checkpoints.states.keys()
    assert np.array_equal(kept.read().trainer.parameters["W1"], session.trainer.parameters["W1"])


async def test_a_curve_that_was_stored_with_fewer_columns_grows_on() -> None:
    session = await begun()
    kept = Kept(session)
    session.trainer.train(40)
    kept.keep()
    session.trainer.train(3)
    kept.keep()
    # As a version wrote them whose points had one field less: a part, and a tail in the state.
    kept.parts[HISTORY] = pack({"history": unpack(kept.parts[HISTORY])[0]["history"][:, :-1]}, {})
    arrays, numbers = unpack(kept.state)
    kept.state = pack({**arrays, "tail": arrays["tail"][:, :-1]}, numbers)
    opened = Kept(kept.read(), kept.parts)
    for trainer in (session.trainer, opened.session.trainer):
        trainer.train(1)
    opened.keep()
    assert HISTORY not in opened.written[-1], "the old part stays as it was stored, beside a tail of today"
    for found in (opened.session, opened.read()):
        points, wanted = found.trainer.history.points, session.trainer.history.points
        assert [point[:-1] for point in points] == [point[:-1] for point in wanted]
        assert points[-1] == wanted[-1]


async def test_most_steps_write_nothing_but_a_short_state() -> None:
    session = await begun()
    kept = Kept(session)
    sizes = []
    for _ in range(500):
        session.trainer.step()
        kept.keep()
        sizes.append(len(kept.state))
    assert sum(1 for changed in kept.written if changed) < 120
    assert max(sizes) < 3000


async def test_a_session_read_back_after_edits_rewinds_and_cuts_is_the_same() -> None:
    session = await begun()
    kept = Kept(session)
    edits: list[tuple[int, Edit | None]] = [
        (40, Edit(40, l2=0.5)),
        (90, Edit(90, OptimizerSpec("adam"), {"b2": np.array([1e-17, -3.0])}, batch_size=2)),
        (60, None),
        (60, Edit(60, activation_numbers=({"derivative_at_zero": 0.25},))),
        (60, Edit(60, l2=0.0)),
        (75, None),
    ]
    for step, edit in edits:
        if step < session.trainer.taken:
            session.trainer.rewind(step)
        else:
            for _ in range(step - session.trainer.taken):
                session.trainer.step()
                kept.keep()
        if edit is not None:
            session.edit(edit)
        kept.keep()
        found = kept.read()
        assert (found.trainer.state == session.trainer.state).all()
        assert found.trainer.history.points == session.trainer.history.points
        assert found.trainer.checkpoints.states.keys() == session.trainer.checkpoints.states.keys()
        assert [edit.step for edit in found.trainer.course.edits] == [e.step for e in session.trainer.course.edits]
        for back in (0, 39, step):
            assert (rewound(found, back) == rewound(kept.read(), back)).all()
    assert [edit.step for edit in session.trainer.course.edits] == [40, 60, 60]


def rewound(session: Session, step: int) -> Array:
    session.trainer.rewind(step)
    return session.trainer.state


async def test_an_edit_is_written_once() -> None:
    session = await begun()
    kept = Kept(session)
    for step in range(4):
        session.trainer.step()
        session.edit(Edit(step + 1, l2=step / 10))
        kept.keep()
    names = [name for changed in kept.written for name in changed if name.startswith("edit/")]
    assert names == ["edit/0", "edit/1", "edit/2", "edit/3"]
