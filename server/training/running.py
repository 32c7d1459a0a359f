"""What a view says of the training that its session is in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Running:
    """A training that is under way.

    Parameters
    ----------
    until : steps taken when it ends; None: it goes on until it is paused.
    steps_per_second : None: as many as the engine gives.
    """

    until: int | None
    steps_per_second: float | None
    is_paused: bool
