"""What stops the reading of one value; the rest of the text is read all the same."""


class Unreadable(Exception):
    """A value that cannot be read.

    Parameters
    ----------
    code : of a note; see `notes`.
    at : the token behind which the reading goes on.
    """

    def __init__(self, code: str, at: int, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.params = params
