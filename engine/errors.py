"""Errors that a caller can cause and repair. Our own invariants are asserts."""


class EngineError(ValueError):
    """Something asked of the engine has no meaning, or does not fit.

    Parameters
    ----------
    code : what went wrong, one word for programs ("shape", "unknown_name", ...); the page translates by it.
    message : one or two English sentences: what was found, what was wanted, what to do.
    details : the numbers and names in the message, for programs and translations.
    """

    def __init__(self, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
