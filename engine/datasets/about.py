"""A data set in words: one description for the set itself, for the catalogue and for a run that uses it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Task = Literal["classification", "regression"]


@dataclass(frozen=True, slots=True)
class About:
    """A data set without its numbers.

    Attributes
    ----------
    title : what a person calls it
    feature_names, class_names : one per column of x, one per label (none where there is a target)
    source, licence : where the numbers come from and what may be done with them
    image_shape : (height, width) when a row is an image, row by row from the top left
    fixed_scale : `split` divides by this and shifts nothing; None: it standardises
    held_out : False when every row is needed for training, as with the four points of xor
    target_name : of the number that is to be learned; None: labels are
    """

    title: str
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str
    licence: str
    image_shape: tuple[int, int] | None = None
    fixed_scale: float | None = None
    held_out: bool = True
    target_name: str | None = None

    @property
    def features(self) -> int:
        """Number of columns of x."""
        return len(self.feature_names)

    @property
    def classes(self) -> int:
        """Number of labels."""
        return len(self.class_names)

    @property
    def task(self) -> Task:
        """What is to be learned: which class a row has, or which number."""
        return "classification" if self.target_name is None else "regression"

    def words(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        return asdict(self)

    @classmethod
    def of_words(cls, words: Mapping[str, Any]) -> "About":
        """Back from `words`; what was not known yet when they were written has its default.

        Raises
        ------
        KeyError, TypeError : they are not of a data set.
        """
        shape = words.get("image_shape")
        return cls(
            words["title"],
            tuple(words["feature_names"]),
            tuple(words["class_names"]),
            words["source"],
            words["licence"],
            None if shape is None else (shape[0], shape[1]),
            words.get("fixed_scale"),
            words.get("held_out", True),
            words.get("target_name"),
        )
