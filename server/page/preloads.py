"""Links to every module that the page needs at once, so that a browser need not find them import by import.

index.html names the modules that it begins with, `<link rel="modulepreload" href="js/main.js">`; after each stand, when
the page is served, links to all that it imports. A browser that was told of the first only would have to read each
module to learn of the next: six times there and back.
"""

import posixpath
import re
from collections.abc import Callable

# Those in a comment are types, `import(...)` waits until somebody asks for it; minified ones share a line.
IMPORT = re.compile(r'(?:^|;)(?:(?:import|export)\b[^;"]*?\bfrom|import) ?"([^"]+)"', re.MULTILINE)
LINK = re.compile(r'^( *<link rel="modulepreload".* href=")([^"]+)(">\n)', re.MULTILINE)


def imports_of(name: str, source: str) -> tuple[str, ...]:
    """What a module imports, as paths inside the page: ("js/core/store.js", ...)."""
    folder = posixpath.dirname(name)
    return tuple(posixpath.normpath(posixpath.join(folder, each)) for each in IMPORT.findall(source))


def with_preloads(page: str, imported_by: Callable[[str], tuple[str, ...]]) -> str:
    """The page with a link to each module that is imported, the nearest first, none twice."""
    linked: set[str] = set()

    def links(match: re.Match[str]) -> str:
        before, root, after = match.groups()
        found = [] if root in linked else [root]
        for name in found:
            linked.add(name)
            found += [each for each in dict.fromkeys(imported_by(name)) if each not in linked and each not in found]
        return "".join(f"{before}{name}{after}" for name in found)

    return LINK.sub(links, page)
