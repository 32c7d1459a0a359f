"""The page itself: index.html with what only the server knows."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from html import escape

from server.page.bundle import Bundle
from server.page.files import File, Folder
from server.page.preloads import with_preloads

NAME = "index.html"
LESSON = "lessons/01-first-minute/lesson.json"
TEXTS = "i18n/{}.json"
# The page compares it with what later answers say.
VERSION = '<meta name="version" content="{}">'
# Whom the page may tell what happens in it, where it is shown in a frame.
FRAME_ANCESTORS = '<meta name="frame-ancestors" content="{}">'


class Index:
    """The page of the bundle, or else that of the sources with a link to each of its modules.

    Parameters
    ----------
    version : of the page, as other answers of this server have it too.
    first_view : makes the element with the view of the first lesson; asked again when the lesson has changed.
    frame_ancestors : who may show the page in a frame, as in its policy.
    """

    def __init__(
        self,
        folder: Folder,
        bundle: Bundle,
        version: str,
        first_view: Callable[[], Awaitable[str]],
        frame_ancestors: str = "'none'",
    ) -> None:
        self._folder = folder
        self._bundle = bundle
        self._version = version
        self._make_first_view = first_view
        self._framed_by = FRAME_ANCESTORS.format(escape(frame_ancestors))
        self._first_view: tuple[File | None, str] = (None, "")
        self._made: dict[str, File] = {}

    async def file(self, wishes: str) -> File | None:
        """The page for a reader; None where there is none.

        Parameters
        ----------
        wishes : languages as in Accept-Language, the dearest first.
        """
        bundled = self._bundle.index()
        index = self._folder.file(bundled or NAME)
        if index is None:
            return None
        text = index.text.decode().replace(VERSION.format(""), VERSION.format(self._version))
        text = text.replace(FRAME_ANCESTORS.format(""), self._framed_by)
        if bundled is None:
            text = with_preloads(text, self._folder.imported_by)
        language = self._language(wishes)
        text = text.replace(TEXTS.format("en"), TEXTS.format(language))
        text = text.replace("</body>", f"{await self._view()}</body>")
        made = self._made.get(language)
        if made is None or made.text != text.encode():
            made = replace(File.of(NAME, text.encode(), index.version), vary="Accept-Encoding, Accept-Language")
            self._made[language] = made
        return made

    async def _view(self) -> str:
        lesson = self._folder.file(LESSON)
        if lesson is not None and lesson is not self._first_view[0]:
            self._first_view = (lesson, await self._make_first_view())
        return self._first_view[1]

    def _language(self, wishes: str) -> str:
        """The language whose texts are linked: a page that was told another one fetches that itself."""
        found = self._folder.directory.glob(TEXTS.format("*"))
        known = {path.stem.partition("-")[0]: path.stem for path in found}
        wanted = (wish.strip().lower().partition("-")[0].partition(";")[0] for wish in wishes.split(","))
        return next((known[base] for base in wanted if base in known), "en")
