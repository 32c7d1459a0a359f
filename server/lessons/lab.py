"""A lab that fits: its scenes as a page gets them, and its words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from server.lessons.fitting import Found
from server.lessons.format.lesson import Lesson
from server.lessons.format.scene import Scene
from server.lessons.format.words import Words
from server.lessons.resolving import Resolved
from server.lessons.schemas import LabTitle

USUAL = "en"


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab.

    Parameters
    ----------
    scenes : what each scene asks the server for, in their order.
    found : what the engine says of each of them.
    words : by language, at least one.
    """

    lesson: Lesson
    scenes: tuple[Resolved, ...]
    found: tuple[Found, ...]
    words: Mapping[str, Words]

    def language(self, wanted: str) -> str:
        """The language that is wanted, or English, or the first that there is."""
        return next(language for language in (wanted, USUAL, *self.words) if language in self.words)

    def title(self, wanted: str) -> LabTitle:
        words = self.words[self.language(wanted)]
        lesson = self.lesson
        return LabTitle(
            id=lesson.id,
            minutes=lesson.minutes,
            scenes=len(lesson.scenes),
            is_list=not words.say,
            title=words.title,
            question=words.question,
        )

    def document(self, wanted: str) -> dict[str, Any]:
        """All of it, in the form of `schemas.Lab`."""
        language = self.language(wanted)
        lesson = self.lesson
        return {
            **lesson.model_dump(mode="json", include={"id", "minutes", "next", "listings"}),
            "scenes": [_scene(*each) for each in zip(lesson.scenes, self.scenes, self.found, strict=True)],
            "programs": {each.fingerprint: dict(each.document) for found in self.found for each in found.programs},
            "language": language,
            "words": self.words[language].model_dump(mode="json"),
        }


def _scene(scene: Scene, resolved: Resolved, found: Found) -> dict[str, Any]:
    plain = {"id", "show", "ask", "hide", "may", "checkpoint", "look"}
    run = None
    if scene.run is not None:
        variants = resolved.variants if scene.run.variants else {}
        run = {**scene.run.model_dump(mode="json"), "variants": variants}
    start = scene.show.opened
    document = scene.model_dump(mode="json", by_alias=True, include=plain)
    document["show"]["with"] = {} if start is None else start.model_dump(mode="json")
    return {
        **document,
        "recipe": resolved.recipe,
        "switch": [{"id": id, "recipe": recipe} for id, recipe in resolved.chips.items()],
        "run": run,
        "traces": resolved.traces,
        "grids": [grid.document() for grid in found.grids],
        "another": resolved.another and {"body": resolved.another, "cases": [*map(asdict, found.cases)]},
    }
