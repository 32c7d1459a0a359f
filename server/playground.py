"""All that does the work of the server, put together; apart from HTTP."""

import asyncio
import logging
import time
from collections.abc import Callable

from engine.vocabulary import STANDARD, Vocabulary
from server.checks.service import Checks
from server.datasets import Datasets
from server.doctor.catalogue import Catalogue
from server.doctor.service import Doctor
from server.experiments.runner import Runner
from server.experiments.service import Experiments
from server.lessons.opening import shelf_of
from server.memory import Memory
from server.scheduling import Slices
from server.sessions.channel import LocalChannel
from server.sessions.codec.cache import SessionCache
from server.sessions.codec.pool import Pool
from server.sessions.looks import Looks
from server.sessions.moves import Moves
from server.sessions.service import Sessions
from server.sessions.showing import Showing
from server.sessions.store.access import StoreAccess
from server.sessions.store.opening import sqlite_of
from server.sessions.store.packing import sealed
from server.sessions.store.protocol import DocumentKind, SessionStore, StoreError
from server.sessions.store.readiness import Readiness
from server.sessions.store.room import Room
from server.sessions.store.sweeping import Sweeper
from server.settings import Settings
from server.steps.programs import ProgramRegistry
from server.steps.recent import RecentViews
from server.steps.service import Steps
from server.stopping import PATIENT_PART, Stopping
from server.training.trainings import Trainings
from server.training.watchers import Watchers
from server.waiting.hands import Hands
from server.waiting.line import Line
from server.waiting.shares import checks_share, values_share

logger = logging.getLogger(__name__)


class Playground:
    """Who does what; a route takes one of them by its name.

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
        self.programs = ProgramRegistry(kept, self._note_program, time.monotonic)
        self.labs = shelf_of(settings, self.datasets, vocabulary)
        # What is read from the bodies of requests.
        self.values = values_share(self.memory, settings)
        checking = checks_share(self.memory, settings)
        self.doctor = Doctor(settings, self.slices, vocabulary, kept, checking)
        self.mistakes = Catalogue(self.slices, vocabulary)
        runner = Runner(settings, self.slices, self.memory)
        self.experiments = Experiments(settings, self.slices, runner, self.datasets, vocabulary)
        self.steps = Steps(settings, self.slices, self.programs, self.store, vocabulary)
        pool, hands = Pool(kept), Hands(self.memory, settings)
        self.sessions = Sessions(
            settings,
            self.store,
            self.room,
            self.slices,
            self.programs.remember,
            vocabulary,
            channel,
            pool,
            SessionCache(kept),
            hands,
        )
        self.trainings = Trainings(settings, self.sessions, channel)
        self.watchers = Watchers(settings, channel)
        self.showing = Showing(settings, self.slices, self.programs, RecentViews(kept), self.trainings.running)
        self.moves = Moves(
            settings,
            self.sessions,
            self.showing,
            self.datasets,
            self.store,
            self.room,
            self.slices,
            pool,
            hands,
            vocabulary,
        )
        # Where somebody may wait, by name.
        self.lines: dict[str, Line] = {
            **self.slices.lines(),
            **self.datasets.lines(),
            **hands.lines(),
            **self.values.lines(),
            **checking.lines(),
        }
        self.looks = Looks(settings, self.sessions, self.showing, self.slices)
        self.checks = Checks(settings, self.slices, self.sessions, vocabulary, checking)

    def _note_program(self, fingerprint: str, document: bytes) -> None:
        """A browser finds it after a restart too, and at another process with the same store."""
        self.store.soon(lambda store: store.put_document(DocumentKind.PROGRAM, fingerprint, sealed(document)))

    async def keep_tidy(self) -> None:
        """Look after the store, again and again."""
        last_swept = float("-inf")
        sweeper = Sweeper(self.store, self.settings.sweep_wait_seconds, time.monotonic, time.time)
        while True:
            try:
                if time.monotonic() - last_swept > self.settings.sweep_every_seconds:
                    last_swept = time.monotonic()
                    # First, since those that are watched are in use.
                    await self.sessions.keep_watched()
                    await sweeper.sweep()
                await self.store.in_thread(lambda store: store.tidy())
            except StoreError as error:
                logger.warning("the session store could not be looked after: %s", error)
            await asyncio.sleep(self.settings.tidy_every_seconds)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
