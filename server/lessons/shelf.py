"""The labs of a server: those that come with it, and those of the person who runs it."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

from server.http.json import to_json
from server.lessons.documents import Document
from server.lessons.fitting import Fitting
from server.lessons.format.lesson import Lesson
from server.lessons.format.refusal import Refused, Wrong
from server.lessons.format.words import Words
from server.lessons.lab import Lab
from server.lessons.resolving import resolve
from server.lessons.schemas import LabTitle, RefusedLab
from server.lessons.wording import check_words
from server.problems import Problem

logger = logging.getLogger(__name__)


class Shelf:
    """Labs by id, read once.

    Parameters
    ----------
    folders : of labs, one behind the other; a later lab takes the place of an earlier one with the same id.
    others : folders in them that are no labs.
    """

    def __init__(self, folders: tuple[Path, ...], fitting: Fitting, others: frozenset[str] = frozenset()) -> None:
        self._folders = folders
        self._fitting = fitting
        self._others = others
        self._reading: asyncio.Task[None] | None = None
        self._labs: dict[str, Lab] = {}
        self._refused: dict[str, Refused] = {}
        self._documents: dict[tuple[str, str], bytes] = {}

    async def titles(self, language: str) -> tuple[list[LabTitle], list[RefusedLab]]:
        await self.read()
        refused = [
            RefusedLab(id=each.id, file=each.file, line=each.line, reason=each.reason)
            for each in self._refused.values()
        ]
        return [lab.title(language) for lab in self._labs.values()], refused

    async def lab(self, id: str) -> Lab:
        """The lab of this id.

        Raises
        ------
        Problem : there is none, or it was refused.
        """
        await self.read()
        if (refused := self._refused.get(id)) is not None:
            raise Problem(
                404,
                "lab_refused",
                f"The lab {id} is not shown, because of {refused}.",
                lab=id,
                file=refused.file,
                line=refused.line,
                reason=refused.reason,
            )
        if id not in self._labs:
            known = ", ".join(self._labs)
            raise Problem(
                404, "unknown_lab", f"There is no lab {id[:40]!r}; there are {known}.", found=id[:40], wanted=known
            )
        return self._labs[id]

    async def document(self, id: str, wanted: str) -> bytes:
        """A lab as JSON in a language, or the nearest that there is, made once.

        Raises
        ------
        Problem : there is none, or it was refused.
        """
        lab = await self.lab(id)
        key = id, lab.language(wanted)
        if key not in self._documents:
            self._documents[key] = to_json(lab.document(wanted))
        return self._documents[key]

    async def read(self) -> None:
        """Read all labs, if nobody has done so yet. A wrong one is said in the log; the others are there."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        # A caller that gives up waiting does not end it for the others.
        await asyncio.shield(self._reading)

    async def _read(self) -> None:
        for path in self._paths():
            # Requests go on between the folders.
            await asyncio.sleep(0)
            try:
                if _is_lab(path):
                    self._take(await self._lab_in(path))
            except Refused as refused:
                self._refuse(refused)
            except Exception as error:
                # Whatever is wrong with one folder, the labs in the others are there.
                logger.debug("the folder %s cannot be read", path, exc_info=True)
                reason = f"the lab cannot be read: {error or type(error).__name__}"
                self._refuse(Refused(path.name, f"{path.name}/lesson.json", 1, reason))

    def _take(self, lab: Lab) -> None:
        self._refused.pop(lab.lesson.id, None)
        self._labs[lab.lesson.id] = lab

    def _refuse(self, refused: Refused) -> None:
        logger.error("the lab %s is refused: %s", refused.id, refused)
        self._refused[refused.id] = refused
        self._labs.pop(refused.id, None)

    def _paths(self) -> Iterator[Path]:
        """What may be a lab."""
        for folder in self._folders:
            try:
                paths = sorted(folder.iterdir())
            except (FileNotFoundError, NotADirectoryError):
                logger.error("there is no directory %s, from which labs are to be read", folder)
            except OSError as error:
                logger.error("the directory %s, from which labs are to be read, cannot be read: %s", folder, error)
            else:
                yield from (path for path in paths if not path.name.startswith(".") and path.name not in self._others)

    async def _lab_in(self, folder: Path) -> Lab:
        document = Document(folder / "lesson.json")
        lesson = document.read_as(Lesson)
        document.id = lesson.id
        scenes, found = [], []
        ids = [scene.id for scene in lesson.scenes]
        for at, scene in enumerate(lesson.scenes):
            try:
                if ids.index(scene.id) != at:
                    raise Wrong(f"two scenes are called {scene.id}", "id")
                resolved = resolve(lesson, scene)
                found.append(await self._fitting.check(lesson, scene, resolved))
            except Wrong as wrong:
                raise document.refused(Wrong(wrong.reason, "scenes", at, *wrong.place)) from None
            scenes.append(resolved)
            # Requests go on between the scenes.
            await asyncio.sleep(0)
        return Lab(lesson, tuple(scenes), tuple(found), self._words(folder, lesson))

    def _words(self, folder: Path, lesson: Lesson) -> dict[str, Words]:
        found = {}
        for path in sorted(folder.glob("*.json")):
            if path.name == "lesson.json":
                continue
            document = Document(path, lesson.id)
            words = document.read_as(Words)
            try:
                check_words(lesson, words)
            except Wrong as wrong:
                raise document.refused(wrong) from None
            found[path.stem] = words
        if not found:
            raise Refused(lesson.id, f"{folder.name}/en.json", 1, "the lab has no words in any language")
        return found


def _is_lab(path: Path) -> bool:
    if not path.is_dir():
        return False
    if (path / "lesson.json").is_file():
        return True
    logger.warning("the folder %s is no lab: it has no lesson.json", path)
    return False
