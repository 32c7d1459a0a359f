"""What in the environment is meant for the server: settings, and names that look like them."""

from collections.abc import Iterable, Mapping

PREFIX = "BACKPROP_"
ONE_BUDGET = "one budget holds for everything that is kept in memory: set BACKPROP_MEMORY_MB in its place."
# Settings of older versions, and what to do. One that did nothing would still be believed.
RETIRED = dict.fromkeys(
    (
        "MAX_ANSWER_BYTES",
        "MAX_CACHED_EXPERIMENTS",
        "MAX_DOCTOR_VALUES",
        "MAX_LIVE_SESSIONS",
        "MAX_LIVE_VALUES",
        "MAX_PROGRAMS",
        "MAX_READY_BYTES",
        "MAX_SPARE_BYTES",
    ),
    ONE_BUDGET,
)
# Two letters of a short name are half of it: TEST is no misspelt HOST.
SHORT = 5


def names_in(environment: Iterable[str]) -> list[str]:
    """The variables that begin as settings do, without that beginning."""
    return sorted(name.upper().removeprefix(PREFIX) for name in environment if name.upper().startswith(PREFIX))


def refusal(environment: Iterable[str], known: Iterable[str]) -> str | None:
    """Why the server should not start in this environment, in words."""
    settings = [name.upper() for name in known]
    for name in names_in(environment):
        if name in RETIRED:
            return f"{PREFIX}{name} does nothing any more; {RETIRED[name]}"
        meant = closest(name, settings)
        if name not in settings and meant is not None:
            return f"{PREFIX}{name} is no setting. {PREFIX}{meant} is one: set that, or take this one away."
    return None


def unknown(environment: Mapping[str, str], known: Iterable[str]) -> list[str]:
    """The variables that begin as settings do and are none; systems that run containers set such ones."""
    settings = {name.upper() for name in known}
    foreign = {"PORT"} if is_a_link(environment) else set()
    return [PREFIX + name for name in names_in(environment) if name not in settings or name in foreign]


def is_a_link(environment: Mapping[str, str]) -> bool:
    """Whether BACKPROP_PORT was set by Kubernetes, for a service named backprop: tcp://10.0.0.7:80."""
    return any(name.upper() == f"{PREFIX}PORT" and "://" in value for name, value in environment.items())


def closest(name: str, settings: Iterable[str]) -> str | None:
    """The setting that a name was probably meant to be."""
    found = min((distance(name, setting), setting) for setting in settings)
    return found[1] if found[0] <= (1 if len(found[1]) < SHORT else 2) else None


def distance(one: str, other: str) -> int:
    """Letters that are missing, too many, wrong or in the place of their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != right)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == right:
                row[j] = min(row[j], above[j - 2] + 1)
    return row[-1]
