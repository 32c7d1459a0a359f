"""The description of a data set as JSON."""

from typing import Any

from engine.datasets import About


def about_document(about: About) -> dict[str, Any]:
    """The fields of `schemas.AboutData`, which a set and a session that uses it share."""
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
