"""What can be seen of a session; it stays where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from engine.long_way import notes_of
from engine.training import Trainer
from server.http.json import to_json
from server.limits import at_most, check_values
from server.problems import Problem
from server.scheduling import Slices
from server.sessions import documents
from server.sessions.codec.record import Session
from server.sessions.export import EXPORTS, ExportFormat
from server.sessions.service import Sessions
from server.sessions.showing import Showing, view_beside, whole_view
from server.settings import Settings
from server.steps.frames import Shown
from server.steps.gates import gates_document
from server.steps.planes import decision_map, plane_of, second_feature, units_of
from server.steps.views import ViewRequest


class Looks:
    """Reads a session, at its next step or at an earlier one, which is computed again beside it."""

    def __init__(self, settings: Settings, sessions: Sessions, showing: Showing, slices: Slices) -> None:
        self._settings = settings
        self._sessions = sessions
        self._showing = showing
        self._slices = slices

    async def next_step(self, session_id: str, sample: int | None, *, expand: bool) -> Shown:
        """The step that would come next, without taking it."""
        return await self._sessions.look(
            session_id, lambda session: self._shown(session.trainer, sample, expand=expand)
        )

    async def step_again(self, session_id: str, step: int, sample: int | None, *, expand: bool) -> Shown:
        """A step that was taken, or could be, computed again from the nearest checkpoint beside the session.

        The session stays where it is, and others can change it meanwhile without waiting.
        """
        async with self._sessions.beside(
            session_id, lambda session: self._copy_before(session.trainer, step)
        ) as trainer:
            await self._sessions.train_to(trainer, step - 1)
            return await self._slices.run(trainer.values_per_step, lambda: self._shown(trainer, sample, expand=expand))

    async def view(self, session_id: str, ask: ViewRequest, step: int | None) -> tuple[Session, bytes]:
        """The view of the next step with the whole session, or of a step computed again beside it."""
        if step is None:
            async with self._sessions.looked(session_id) as session:
                self._showing.check(session, ask)
                return session, await self._showing.shown(session, ask, whole_view)

        def work(session: Session) -> tuple[bytes, Session]:
            self._showing.check(session, ask)
            copy = self._copy_before(session.trainer, step)
            return to_json(documents.session_document(session)), replace(session, trainer=copy)

        async with self._sessions.beside(session_id, work) as (document, beside):
            await self._sessions.train_to(beside.trainer, step - 1)
            return beside, await self._showing.shown(beside, ask, partial(view_beside, document))

    async def decision_map(
        self,
        session_id: str,
        x_feature: int,
        y_feature: int | None,
        resolution: int,
        units: Sequence[str],
        step: int | None,
    ) -> Mapping[str, Any]:
        """The network's answer on a grid of two features, or along its only one, and z and a of some units.

        Parameters
        ----------
        y_feature : None for the second one, where there is one.
        step : None for the network as it is; else as it was before this step.
        """
        at_most(
            "cells along a side of the map",
            resolution,
            self._settings.max_decision_map_resolution,
            "max_decision_map_resolution",
        )

        def work(trainer: Trainer) -> Mapping[str, Any]:
            second = second_feature(trainer, x_feature, y_feature)
            wanted = units_of(units, trainer)
            check_values(resolution**2 * (trainer.run.model.outputs + 2 * len(wanted)), self._settings)
            return decision_map(trainer, plane_of(trainer, x_feature, second, resolution), wanted)

        def values_of(trainer: Trainer) -> int:
            return resolution**2 * sum(trainer.run.model.units)

        if step is None:
            return await self._sessions.look(
                session_id, lambda session: work(session.trainer), lambda session: values_of(session.trainer)
            )
        async with self._sessions.beside(
            session_id, lambda session: self._copy_before(session.trainer, step)
        ) as trainer:
            await self._sessions.train_to(trainer, step - 1)
            return await self._slices.run(values_of(trainer), lambda: work(trainer))

    async def gates(self, session_id: str) -> Mapping[str, Any]:
        """How often each gate is open on all rows to train on."""

        def work(session: Session) -> Mapping[str, Any]:
            check_values(values_of(session), self._settings)
            return gates_document(session.trainer, session.trainer.trace())

        def values_of(session: Session) -> int:
            return session.run.train.m * sum(session.run.model.units)

        return await self._sessions.look(session_id, work, values_of)

    async def export(self, session_id: str, format: ExportFormat) -> tuple[bytes, str, str]:
        """A network to be used elsewhere, or the run as a script: bytes, media type and file name."""
        row = EXPORTS[format]

        def work(session: Session) -> tuple[bytes, str, str]:
            if row.is_script:
                most = self._settings.max_script_values
                at_most("numbers of a script", row.numbers(session), most, "max_script_values")
            return row.write(session)

        # As text a number costs about ten times what it costs in a step.
        return await self._sessions.look(session_id, work, lambda session: 10 * row.numbers(session))

    def _copy_before(self, trainer: Trainer, step: int) -> Trainer:
        if step > trainer.furthest + 1:
            raise Problem(
                422,
                "unknown_step",
                f"Step {step} is not known yet; this run knows the steps 1 to {trainer.furthest + 1}.",
                field="step",
                found=step,
                furthest=trainer.furthest + 1,
            )
        copy = trainer.copy_before(step - 1)
        most = self._settings.max_steps_per_request
        at_most("steps to compute again", step - 1 - copy.taken, most, "max_steps_per_request")
        return copy

    def _shown(self, trainer: Trainer, sample: int | None, *, expand: bool) -> Shown:
        """The next step of a trainer."""
        trace, model, step = trainer.trace(sample), trainer.run.model, trainer.taken + 1
        if not expand:
            return Shown(trace, model, step, sample)
        check_values(trainer.values_of_the_long_way(), self._settings)
        long = trainer.trace(sample, kind="expanded")
        return Shown(long, model, step, sample, notes_of(long, trace, model.dtype))
