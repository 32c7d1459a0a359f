"""One deliberate mistake, made in a process that ends with it."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.vocabulary import STANDARD, Vocabulary


@dataclass(frozen=True, slots=True)
class Mutant:
    """One deliberate mistake.

    Parameters
    ----------
    kind : what is broken ("primitive", "rule", ...); it chooses which tests come first.
    name : which one of them, as its table calls it; tests that have it in their parameters come first of all.
    how : what is wrong with it.
    apply : breaks it in this process, for good.
    """

    kind: str
    name: str
    how: str
    apply: Callable[[], None]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.how}"


def install(vocabulary: Vocabulary) -> None:
    """Let the standard vocabulary of this process be another one: the only thing of the engine that is changed."""
    STANDARD.__dict__.clear()
    STANDARD.__dict__.update({name: getattr(vocabulary, name) for name in Vocabulary.__dataclass_fields__})


def overwrite(value: object, **fields: object) -> None:
    """Change fields of a frozen dataclass, so that all who hold it have the changed one."""
    for name, content in fields.items():
        object.__setattr__(value, name, content)
