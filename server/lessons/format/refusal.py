"""Why a lab is not there."""


class Wrong(ValueError):
    """Something in a file of a lab does not fit.

    Parameters
    ----------
    reason : what was found and what was wanted.
    place : where in the document, such as "scenes", 2, "ask".
    """

    def __init__(self, reason: str, *place: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class Refused(Exception):
    """A lab that cannot be shown.

    Parameters
    ----------
    id : of the lab, or the name of its folder where the file does not tell it.
    file : inside the folder of labs, such as 04-mine/lesson.json.
    line : from 1.
    """

    def __init__(self, id: str, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.id = id
        self.file = file
        self.line = line
        self.reason = reason
