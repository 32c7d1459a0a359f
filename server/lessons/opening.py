"""The shelf of labs that the settings ask for."""

from pathlib import Path

from engine.vocabulary import Vocabulary
from server.datasets.service import Datasets
from server.lessons.fitting import Fitting
from server.lessons.shelf import Shelf
from server.page.folder import find_static
from server.page.index import LESSON
from server.settings import Settings


def shelf_of(settings: Settings, datasets: Datasets, vocabulary: Vocabulary) -> Shelf:
    """The labs that come with the page, then those of the person who runs the server."""
    own = () if settings.lessons_dir is None else (settings.lessons_dir,)
    # The first lesson is a recipe with captions, and no lab.
    first = Path(LESSON).parent.name
    return Shelf((find_static() / "lessons", *own), Fitting(datasets, settings, vocabulary), frozenset({first}))
