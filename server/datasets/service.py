"""Data sets as the server knows them: the named ones, and those that people sent."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from engine.datasets import About, Dataset, DatasetInfo, Option, Split, held_out_sizes, make, picture_of, split
from engine.vocabulary import STANDARD, Vocabulary
from server.datasets.documents import about_document
from server.datasets.reading import PREVIEW_ROWS, read
from server.datasets.schemas import DatasetRequest, OwnTable
from server.limits import check_rows
from server.problems import Problem
from server.sessions.store.access import StoreAccess
from server.sessions.store.packing import Damaged, pack, unpack
from server.sessions.store.protocol import DocumentKind, StoreDamaged, UnknownKey
from server.sessions.store.room import Room
from server.settings import Settings
from server.waiting.line import Line

OWN = "own-"


class Datasets:
    """Finds, makes and keeps data sets."""

    def __init__(self, settings: Settings, store: StoreAccess, room: Room, vocabulary: Vocabulary = STANDARD) -> None:
        self._known = vocabulary.datasets
        self._settings = settings
        self._pictures: dict[str, dict[str, Any]] = {}
        self._store = store
        self._room = room
        # The largest body takes 150 MB and seconds to be read. Reading holds the interpreter's lock: two at once would
        # take as long as one after the other, and twice the memory.
        self._reading = Line(1, settings.max_waiting)

    def lines(self) -> dict[str, Line]:
        """Each by its name in /metrics."""
        return {"tables": self._reading}

    async def all(self) -> list[dict[str, Any]]:
        """The named sets, in the order in which a beginner meets them."""
        return [
            _document(name, info.about, info.rows, await self._picture(name), info.options)
            for name, info in self._infos().items()
        ]

    async def _picture(self, name: str) -> dict[str, Any]:
        """That of a named set as it is made by itself, with the first points that there are."""
        if name not in self._pictures:
            self._pictures[name] = await asyncio.to_thread(self._drawn, name)
        return self._pictures[name]

    def _drawn(self, name: str) -> dict[str, Any]:
        return _pictured(make(name, rng=np.random.default_rng(0), known=self._known))

    def _infos(self) -> dict[str, DatasetInfo]:
        """The named sets with no more rows on offer than this server takes."""
        return {
            info.name: _within(info, self._settings.max_rows) for info in (row.info for row in self._known.values())
        }

    async def rows(self, name: str, seed: int, options: Mapping[str, Any]) -> dict[str, Any]:
        """A set with its raw rows. Raises Problem 404 for an unknown name."""
        dataset = await self._find(name, np.random.default_rng(seed), options)
        info = self._infos().get(name)
        described = _made(name, dataset, () if info is None else info.options)
        return {**described, "x": dataset.x, "y": dataset.y}

    async def cut(self, name: str, held_out_fraction: float, options: Mapping[str, Any]) -> dict[str, int]:
        """How many rows of a set train, and how many are held out. Raises Problem 404 for an unknown name."""
        dataset = await self._find(name, np.random.default_rng(0), options)
        held_out = sum(held_out_sizes(dataset, held_out_fraction))
        return {"train": len(dataset.y) - held_out, "held_out": held_out}

    async def split(self, request: DatasetRequest) -> tuple[Dataset, Split]:
        """A set cut into rows to train on and rows held out, both on one scale."""
        rng = np.random.default_rng(request.seed)
        dataset = await self._find(request.name, rng, request.__pydantic_extra__ or {})
        if request.scaling == "none":
            dataset = replace(dataset, about=replace(dataset.about, fixed_scale=1.0))
        return dataset, split(dataset, rng, request.held_out_fraction)

    async def add(self, sent: bytes | OwnTable, title: str) -> dict[str, Any]:
        """Keep a person's own table; answers the name under which a session finds it, and what was understood."""
        async with self._reading.place():
            dataset, understood = await asyncio.to_thread(read, sent, title, self._settings)
        name = OWN + secrets.token_urlsafe(16)
        stored = pack({"x": dataset.x, "y": dataset.y}, dataset.about.words())
        await self._room.for_(
            lambda: self._store.sized(len(stored), lambda store: store.put_document(DocumentKind.DATASET, name, stored))
        )
        is_labelled = dataset.about.task == "classification"
        return {
            **_made(name, dataset),
            "preview_x": dataset.x[:PREVIEW_ROWS],
            "preview_y": dataset.y[:PREVIEW_ROWS],
            "rows_of_class": np.bincount(dataset.y, minlength=dataset.about.classes) if is_labelled else [],
            **understood,
        }

    def _unknown(self, name: str) -> Problem:
        known = list(self._known)
        return Problem(
            404,
            "unknown_dataset",
            f"There is no data set {name!r}. Choose one of {', '.join(known)}, or send your own to POST /datasets.",
            found=name,
            wanted=known,
        )

    async def _find(self, name: str, rng: np.random.Generator, options: Mapping[str, Any]) -> Dataset:
        if not name.startswith(OWN):
            info = self._infos().get(name)
            if info is None:
                raise self._unknown(name)
            # Asked before the points are made: half a million would take a while.
            rows = options.get("rows")
            check_rows(rows if isinstance(rows, int) else 0, self._settings)
            dataset = make(
                name,
                rng=rng,
                known=self._known,
                **{**{option.name: option.default for option in info.options}, **options},
            )
            check_rows(len(dataset.y), self._settings)
            return dataset
        if options:
            raise Problem(
                422,
                "unknown_option",
                f"Your own data set has no option {next(iter(options))!r}; leave it out.",
                found=next(iter(options)),
            )
        try:
            body = await self._store(lambda store: store.document(DocumentKind.DATASET, name))
        except UnknownKey:
            raise self._unknown(name) from None
        self._store.perhaps(lambda store: store.touch_document(DocumentKind.DATASET, name))
        try:
            arrays, words = unpack(body)
            return Dataset(About.of_words(words), arrays["x"], arrays["y"])
        except (Damaged, KeyError, TypeError) as error:
            raise StoreDamaged(f"a data set cannot be read: {error}") from error


def _within(info: DatasetInfo, max_rows: int) -> DatasetInfo:
    """A set whose number of rows can be chosen, as far as max_rows."""
    if all(option.name != "rows" for option in info.options):
        return info
    options = tuple(_limited(option, max_rows) if option.name == "rows" else option for option in info.options)
    return replace(info, options=options, rows=min(info.rows, max_rows))


def _limited(option: Option, most: int) -> Option:
    # Never below the minimum: the set is then refused in words.
    most = max(most, int(option.minimum or 0))
    return replace(option, maximum=min(int(option.maximum or most), most), default=min(int(option.default), most))


def _pictured(dataset: Dataset) -> dict[str, Any]:
    """As many digits as a picture needs."""
    picture = picture_of(dataset)
    return {
        "x": picture.x.round(3),
        "y": picture.y.round(3),
        "labels": picture.labels,
        "images": picture.images.round(2),
    }


def _made(name: str, dataset: Dataset, options: Sequence[Option] = ()) -> dict[str, Any]:
    return _document(name, dataset.about, len(dataset.y), _pictured(dataset), options)


def _document(name: str, about: About, rows: int, picture: dict[str, Any], options: Sequence[Option]) -> dict[str, Any]:
    return {
        **about_document(about),
        "name": name,
        "rows": rows,
        "target_name": about.target_name,
        "fixed_scale": about.fixed_scale,
        "held_out": about.held_out,
        "options": [asdict(option) for option in options],
        "picture": picture,
    }
