"""What is told of a data set, as JSON-able answers."""

from typing import Any

from engine.datasets import About


def about_document(about: About) -> dict[str, Any]:
    """As in `schemas.AboutData`: what a set and a session that uses it tell alike."""
    return {
        "title": about.title,
        "features": about.features,
        "classes": about.classes,
        "feature_names": about.feature_names,
        "class_names": about.class_names,
        "task": about.task,
        "image_shape": about.image_shape,
        "source": about.source,
        "licence": about.licence,
    }
