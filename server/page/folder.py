"""Where the files of the page are."""

from pathlib import Path


def find_static() -> Path:
    """The directory of index.html: inside the package when installed, beside it in a checkout.

    Raises
    ------
    FileNotFoundError
        when neither has the page.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "static", package.parent / "static"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(
        f"The page is missing: no directory 'static' in {package} or {package.parent}. Install the project again."
    )
