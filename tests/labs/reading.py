"""The labs' files, for tests: those that come with the page, and those of BACKPROP_LESSONS_DIR."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from server.lessons.format.lesson import Lesson
from server.lessons.format.promises import Promise, When
from server.lessons.format.scene import Scene

SHIPPED = Path(__file__).parents[2] / "static" / "lessons"
FIRST_LESSON = "01-first-minute"


@cache
def lessons() -> dict[str, Lesson]:
    """Name of its folder -> lab."""
    own = [Path(folder)] if (folder := os.environ.get("BACKPROP_LESSONS_DIR")) else []
    paths = [path for folder in (SHIPPED, *own) for path in sorted(folder.glob("*/lesson.json"))]
    return {path.parent.name: read(path) for path in paths if path.parent.name != FIRST_LESSON}


def read(path: Path) -> Lesson:
    return Lesson.model_validate(json.loads(path.read_text(encoding="utf-8")))


def promises_of(scene: Scene) -> list[tuple[When, list[Any]]]:
    """Expressions that hold when something was done; first those that hold at once."""
    at_once = [each for each in scene.expect if not isinstance(each, Promise)]
    later = [(each.when, each.that) for each in scene.expect if isinstance(each, Promise)]
    return [*([(When(), at_once)] if at_once else []), *later]


def scenes() -> list[tuple[str, str]]:
    """Every scene, as the folder of its lab and its id."""
    return [(name, scene.id) for name, lesson in lessons().items() for scene in lesson.scenes]


def scene_of(name: str, id: str) -> tuple[Lesson, Scene]:
    lesson = lessons()[name]
    return lesson, next(scene for scene in lesson.scenes if scene.id == id)
