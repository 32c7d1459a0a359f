"""What a use case raises when it cannot do what was asked: `server.http.problems` makes the answer of it."""


class Problem(Exception):
    """An answer that is an error.

    Parameters
    ----------
    code : what went wrong, one word for programs; the page translates by it.
    detail : one or two English sentences: what was found, what was wanted, what to do.
    params : the numbers and names in the detail.
    """

    def __init__(self, status: int, code: str, detail: str, **params: object) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.params = params
