"""The use cases of the server, apart from HTTP."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from engine.experiments import Replicas
from engine.history import thinned
from engine.long_way import notes_of
from engine.training import Trainer
from engine.vocabulary import STANDARD, Vocabulary
from server import documents
from server.beginning import new_session
from server.checking import gradients_checked
from server.datasets import Datasets
from server.desk import Desk
from server.doctor.catalogue import Catalogue
from server.doctor.service import Doctor
from server.editing import edit_of, numbers_in_change
from server.laboratory import Laboratory
from server.lessons.opening import shelf_of
from server.limits import at_most, check_values
from server.memory import Memory
from server.nudging import loss_slice
from server.paths import walk, walk_and_return
from server.pictures import decision_map, gates_document, plane_of, second_feature, units_of
from server.problems import Problem, cut_short
from server.programs import ProgramRegistry
from server.readiness import Readiness
from server.replicating import replicas_of
from server.scheduling import Pace, Slices
from server.schemas.edit import SessionEdit
from server.schemas.experiments import ReplicasRequest
from server.schemas.gradient_check import GradientCheckRequest
from server.schemas.loss_slice import SliceRequest
from server.schemas.session import SessionRequest
from server.schemas.step import TraceRequest
from server.sessions.access import StoreAccess
from server.sessions.cache import SessionCache
from server.sessions.export import EXPORTS, SCRIPTS, ExportFormat, numbers_of
from server.sessions.opening import sqlite_of
from server.sessions.packing import Damaged, sealed, unsealed
from server.sessions.pool import Pool
from server.sessions.record import Session
from server.sessions.room import Room
from server.sessions.store import Kind, SessionStore, StoreError, UnknownKey
from server.sessions.sweeping import Sweeper
from server.settings import Settings
from server.steps import views
from server.steps.recent import RecentViews
from server.steps.views import ViewRequest
from server.stopping import PATIENT_PART, Stopping
from server.tracing import trace_of
from server.training.channel import LocalChannel
from server.training.trainings import Trainings
from server.training.watchers import Watchers
from server.wire import Shown, to_json

TYPICAL_INPUTS = 16
logger = logging.getLogger(__name__)


class Playground:
    """What a person can do with the server.

    Parameters
    ----------
    open_store : opens the session store, given how long its calls may wait for others, in milliseconds.
    vocabulary : all that models, runs and data sets can be made of.
    """

    def __init__(
        self,
        settings: Settings,
        open_store: Callable[[float], SessionStore] | None = None,
        vocabulary: Vocabulary = STANDARD,
    ) -> None:
        open_store = open_store or sqlite_of(settings, time.time)
        self.settings = settings
        self.vocabulary = vocabulary
        patience = settings.store_busy_timeout_ms
        self.store = StoreAccess(lambda: open_store(0), lambda: open_store(patience), patience)
        channel = LocalChannel(settings.max_pending_notices)
        self.readiness = Readiness(self.store)
        self.room = Room(self.store, channel.watched, settings.unused_seconds)
        self.datasets = Datasets(settings, self.store, self.room, vocabulary)
        # Streams and long computations give up when it is set.
        self.stopping = Stopping(PATIENT_PART * settings.shutdown_timeout_seconds)
        self.slices = Slices(settings, self.stopping)
        self.memory = Memory(settings.memory_mb)
        kept = self.memory.kept
        self.laboratory = Laboratory(settings, self.slices, self.memory)
        self.labs = shelf_of(settings, self.datasets, vocabulary)
        self.doctor = Doctor(settings, self.slices, vocabulary, kept)
        self.mistakes = Catalogue(settings, self.slices, vocabulary)
        self._programs = ProgramRegistry(kept, self._note_program, time.monotonic)
        self._recent = RecentViews(kept)
        self._pool = Pool(kept)
        ready = SessionCache(kept)
        self.desk = Desk(
            settings,
            self.store,
            self.room,
            self.slices,
            self._programs.remember,
            vocabulary,
            channel,
            self._pool,
            ready,
        )
        self.trainings = Trainings(settings, self.desk, channel)
        self.watchers = Watchers(settings, channel)

    async def trace(self, request: TraceRequest, *, expand: bool) -> Shown:
        """One step with nothing stored."""
        # The true size is known only later; by far the most of it are the rows.
        values = len(request.batch.x) * (request.model.inputs + sum(layer.units for layer in request.model.hidden))
        shown = await self.slices.run(
            10 * values, lambda: trace_of(request, self.settings, self.vocabulary, expand=expand)
        )
        self._programs.remember(shown.trace.program)
        return shown

    async def check_gradients(self, request: GradientCheckRequest) -> dict[str, Any]:
        """Gradients beside differences of the loss, with nothing stored."""
        return await gradients_checked(request, self.settings, self.slices, self.vocabulary)

    async def loss_slice(self, session_id: str, request: SliceRequest) -> dict[str, Any]:
        """The loss of a session's next step along one number."""
        return await loss_slice(session_id, request, self.desk, self.settings, self.slices)

    async def program(self, fingerprint: str) -> bytes:
        """The document of a program that was answered, or that a stored session has."""
        document = self._programs.get(fingerprint)
        if document is not None:
            return document
        try:
            found = unsealed(await self.store(lambda store: store.document(Kind.PROGRAM, fingerprint)))
            self.store.perhaps(lambda store: store.touch_document(Kind.PROGRAM, fingerprint))
            return found
        except (UnknownKey, Damaged):
            raise Problem(
                404,
                "unknown_program",
                f"This server has no program {fingerprint}. Ask for the step again: its answer names its program.",
                fingerprint=fingerprint,
            ) from None

    async def create(
        self, request: SessionRequest, ask: ViewRequest | None, is_gone: Callable[[], Awaitable[bool]]
    ) -> tuple[Session, bytes | None]:
        """Begin a run, bring it along its path and store it."""
        session = await new_session(request, self.datasets, self.settings, self.vocabulary, self._pool, self.slices)
        if request.path is not None:
            await walk(session, request.path, self.desk, self.settings, is_gone)
        self.check_view(session, ask)
        self._programs.remember(session.trainer.program)
        await self.desk.add(session)
        return await self._with_view(ask, session)

    def check_view(self, session: Session, ask: ViewRequest | None) -> None:
        """Refuse what cannot be shown of a session, before anything is changed."""
        if ask is not None:
            views.check(session, ask, self.settings)

    async def _with_view(
        self, ask: ViewRequest | None, session: Session, _: object = None
    ) -> tuple[Session, bytes | None]:
        """A session that is stored and nobody else has, and the view of it that was asked for, whole."""
        return session, None if ask is None else await self.shown(session, ask, views.whole_view)

    async def shown(
        self,
        session: Session,
        ask: ViewRequest,
        view: views.View = views.view,
        took: Callable[[float], object] | None = None,
    ) -> bytes:
        """A view of a session that nobody else has meanwhile; the programs that it names are kept.

        Parameters
        ----------
        took : told how many seconds it took to make, without the time in which others had their turn.
        """
        for program in views.programs_of(session.trainer, ask):
            self._programs.remember(program)
        training = self.trainings.running(session.id)
        key = (session.id, session.head.version, ask, training, view)

        def work() -> bytes:
            start = time.perf_counter()
            made = self._recent.get(key, lambda: view(session, ask, training))
            if took is not None:
                took(time.perf_counter() - start)
            return made

        return await self.slices.run(views.values_of(session.trainer, ask), work)

    def _note_program(self, fingerprint: str, document: bytes) -> None:
        """A browser finds it after a restart too, and at another process with the same store."""
        self.store.soon(lambda store: store.put_document(Kind.PROGRAM, fingerprint, sealed(document)))

    async def edit(
        self,
        session_id: str,
        if_match: int | None,
        request: SessionEdit,
        ask: ViewRequest | None,
        is_gone: Callable[[], Awaitable[bool]],
    ) -> tuple[Session, bytes | None]:
        """Change something from the next step on; after a rewind this cuts the future, unless it is given again."""

        def work(session: Session) -> None:
            self.check_view(session, ask)
            session.edit(edit_of(request, session.trainer, self.settings))

        await self.room.for_(lambda: self.store(lambda store: store.check_room()))
        if request.future is not None:
            async with self.desk.opened(session_id, if_match) as session:
                self.check_view(session, ask)
                await self.desk.edit(session, request)
                await walk_and_return(session, request.future, self.desk, self.settings, is_gone)
                await self.desk.save(session)
                self._programs.remember(session.trainer.program)
                return await self._with_view(ask, session)
        # The width of the rows is not known yet, and hardly ever larger than this.
        values = numbers_in_change(request, TYPICAL_INPUTS)
        session, view = await self.desk.change(session_id, if_match, work, partial(self._with_view, ask), values)
        self._programs.remember(session.trainer.program)
        return session, view

    async def step_on(self, session_id: str, if_match: int | None, ask: ViewRequest) -> tuple[Session, bytes]:
        """Take one step; answers the view of the one after it."""

        def work(session: Session) -> None:
            self.check_view(session, ask)
            session.trainer.take()

        async def then(session: Session, _: None) -> tuple[Session, bytes]:
            return session, await self.shown(session, ask)

        return await self.desk.change(session_id, if_match, work, then)

    async def step(self, session_id: str, if_match: int | None, sample: int | None) -> tuple[Session, Shown]:
        """Take one step; answers its numbers, of the whole batch or of one sample in it."""

        def work(session: Session) -> Shown:
            trainer = session.trainer
            seen = None if sample is None else trainer.trace(sample)
            trace = trainer.step()
            return Shown(seen or trace, session.run.model, trainer.taken, sample)

        async def then(session: Session, shown: Shown) -> tuple[Session, Shown]:
            self._programs.remember(shown.trace.program)
            return session, shown

        return await self.desk.change(session_id, if_match, work, then)

    async def next_step(self, session_id: str, sample: int | None, *, expand: bool) -> Shown:
        """The step that would come next, without taking it."""
        shown = await self.desk.look(session_id, lambda session: self._shown(session.trainer, sample, expand=expand))
        self._programs.remember(shown.trace.program)
        return shown

    async def step_again(self, session_id: str, step: int, sample: int | None, *, expand: bool) -> Shown:
        """A step that was taken, or could be, computed again from the nearest checkpoint beside the session.

        The session stays where it is, and others can change it meanwhile without waiting.
        """
        trainer = await self.desk.look(session_id, lambda session: self._copy_before(session.trainer, step))
        await self._train_to(trainer, step - 1)
        shown = await self.slices.run(trainer.values_per_step, lambda: self._shown(trainer, sample, expand=expand))
        self._programs.remember(shown.trace.program)
        return shown

    async def _train_to(self, trainer: Trainer, step: int) -> None:
        """Take steps until so many are taken, slice by slice."""
        pace = Pace(self.settings.train_slice_ms)
        while trainer.taken < step:
            await self.desk.slice(trainer, pace, min(pace.steps, step - trainer.taken))

    async def view(self, session_id: str, ask: ViewRequest, step: int | None) -> tuple[Session, bytes]:
        """The view of the next step with the whole session, or of a step computed again beside it."""
        if step is None:
            async with self.desk.looked(session_id) as session:
                self.check_view(session, ask)
                return session, await self.shown(session, ask, views.whole_view)

        def work(session: Session) -> tuple[bytes, Session]:
            self.check_view(session, ask)
            copy = self._copy_before(session.trainer, step)
            return to_json(documents.session_document(session)), replace(session, trainer=copy)

        document, beside = await self.desk.look(session_id, work)
        await self._train_to(beside.trainer, step - 1)
        return beside, await self.shown(beside, ask, partial(views.view_beside, document))

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
        most = self.settings.max_steps_per_request
        at_most("steps to compute again", step - 1 - copy.taken, most, "max_steps_per_request")
        return copy

    def _shown(self, trainer: Trainer, sample: int | None, *, expand: bool) -> Shown:
        """The next step of a trainer."""
        trace, model, step = trainer.trace(sample), trainer.run.model, trainer.taken + 1
        if not expand:
            return Shown(trace, model, step, sample)
        check_values(trainer.values_of_the_long_way(), self.settings)
        long = trainer.trace(sample, kind="expanded")
        return Shown(long, model, step, sample, notes_of(long, trace, model.dtype))

    async def train(
        self, session_id: str, if_match: int | None, steps: int, is_gone: Callable[[], Awaitable[bool]]
    ) -> dict[str, Any]:
        """Take many steps, slice by slice, and store each slice: who asks in between sees how far it has come.

        Parameters
        ----------
        is_gone : whether nobody waits for the answer any more; the training then ends early.
        """
        at_most("steps of a request", steps, self.settings.max_steps_per_request, "max_steps_per_request")
        every = max(1, -(-steps // self.settings.max_metric_points))
        points = []
        pace = Pace(self.settings.train_slice_ms)
        end: int | None = None
        taken = 0
        while True:
            try:
                async with self.desk.opened(session_id, if_match) as session:
                    trainer = session.trainer
                    if end is None:
                        end, taken = trainer.taken + steps, trainer.taken
                    count = min(pace.steps, end - trainer.taken)
                    points += await self.desk.slice(trainer, pace, count, every)
                    await self.desk.save(session)
                    if_match, taken = session.head.version, trainer.taken
                    if trainer.taken == end or await is_gone():
                        self._programs.remember(trainer.program)
                        metrics = thinned(
                            [p for p in points if (p.step - 1) % every == 0 or p.step == trainer.taken],
                            self.settings.max_metric_points,
                        )
                        return {
                            "step": trainer.taken,
                            "metrics": documents.metrics_document(metrics),
                            "session": documents.session_document(session),
                        }
            except (Problem, StoreError) as error:
                # Also where somebody has changed or deleted the session between two slices.
                raise cut_short(error, 0 if end is None else taken - (end - steps), taken) from error

    async def rewind(
        self, session_id: str, if_match: int | None, step: int, ask: ViewRequest | None
    ) -> tuple[Session, bytes | None]:
        """Go to another step of a run, back or forward; slices recompute what is missing."""
        async with self.desk.opened(session_id, if_match) as session:
            self.check_view(session, ask)
            trainer = session.trainer
            trainer.jump_before(step)
            await self._train_to(trainer, step)
            await self.desk.save(session)
            self._programs.remember(trainer.program)
            return await self._with_view(ask, session)

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
            self.settings.max_decision_map_resolution,
            "max_decision_map_resolution",
        )

        def work(trainer: Trainer) -> Mapping[str, Any]:
            second = second_feature(trainer, x_feature, y_feature)
            wanted = units_of(units, trainer)
            check_values(resolution**2 * (trainer.run.model.outputs + 2 * len(wanted)), self.settings)
            return decision_map(trainer, plane_of(trainer, x_feature, second, resolution), wanted)

        def values_of(trainer: Trainer) -> int:
            return resolution**2 * sum(trainer.run.model.units)

        if step is None:
            return await self.desk.look(
                session_id, lambda session: work(session.trainer), lambda session: values_of(session.trainer)
            )
        trainer = await self.desk.look(session_id, lambda session: self._copy_before(session.trainer, step))
        await self._train_to(trainer, step - 1)
        return await self.slices.run(values_of(trainer), lambda: work(trainer))

    async def gates(self, session_id: str) -> Mapping[str, Any]:
        """How often each gate is open on all rows to train on."""

        def work(session: Session) -> Mapping[str, Any]:
            check_values(values_of(session), self.settings)
            return gates_document(session.trainer, session.trainer.trace())

        def values_of(session: Session) -> int:
            return session.run.train.m * sum(session.run.model.units)

        return await self.desk.look(session_id, work, values_of)

    async def replicas(self, request: ReplicasRequest) -> Replicas:
        """The same training from many seeds, ready to be run."""
        return await replicas_of(request, self.datasets, self.settings, self.vocabulary, self.slices)

    async def export(self, session_id: str, format: ExportFormat) -> tuple[bytes, str, str]:
        """A network to be used elsewhere, or the run as a script: bytes, media type and file name."""

        def work(session: Session) -> tuple[bytes, str, str]:
            if format in SCRIPTS:
                most = self.settings.max_script_values
                at_most("numbers of a script", numbers_of(session), most, "max_script_values")
            return EXPORTS[format](session)

        # As text a number costs about ten times what it costs in a step.
        return await self.desk.look(session_id, work, lambda session: 10 * numbers_of(session))

    async def keep_tidy(self) -> None:
        """Look after the store, again and again."""
        last_swept = float("-inf")
        sweeper = Sweeper(self.store, self.settings.sweep_wait_seconds, time.monotonic, time.time)
        while True:
            try:
                if time.monotonic() - last_swept > self.settings.sweep_every_seconds:
                    last_swept = time.monotonic()
                    # First, since those that are watched are in use.
                    await self.desk.keep_watched()
                    await sweeper.sweep()
                await self.store.in_thread(lambda store: store.tidy())
            except StoreError as error:
                logger.warning("the session store could not be looked after: %s", error)
            await asyncio.sleep(self.settings.tidy_every_seconds)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
