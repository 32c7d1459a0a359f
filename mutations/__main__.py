"""Breaks the engine in every way that we know, one way at a time, and tells which test notices.

Usage: python -m mutations [part of a mutant's name ...]
Exit code 1 if a mutant survives that is not in mutations/equivalents.py.
"""

import sys
from collections import Counter

import pytest

from mutations.equivalents import EQUIVALENT
from mutations.loop import MutationLoop

# The tests of numbers: fast, and without a server or a browser.
TESTS = [
    *(
        f"tests/engine/test_{name}.py"
        for name in (
            "primitives gradients activations losses optimizers model identities programs chains gradient_check "
            "extremes numeric_rewrites half_precision rewrites scripts accuracy replicas"
        ).split()
    ),
    "tests/test_against_pytorch.py",
    "tests/test_training.py",
]


def main(wanted: list[str]) -> int:
    loop = MutationLoop(wanted)
    code = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", *TESTS], plugins=[loop])
    if not loop.verdicts:
        return int(code) or 1
    survivors = [verdict.mutant for verdict in loop.verdicts if verdict.killer is None]
    unexplained = [mutant for mutant in survivors if str(mutant) not in EQUIVALENT]
    print(f"\n{'kind':<24}{'mutants':>8}{'killed':>8}{'equivalent':>12}{'survived':>10}")
    everything = Counter(verdict.mutant.kind for verdict in loop.verdicts)
    alive, missed = Counter(mutant.kind for mutant in survivors), Counter(mutant.kind for mutant in unexplained)
    for kind, count in everything.items():
        row = (count, count - alive[kind], alive[kind] - missed[kind], missed[kind])
        print(f"{kind:<24}{row[0]:>8}{row[1]:>8}{row[2]:>12}{row[3]:>10}")
    for mutant in survivors:
        print(f"  {mutant}: {EQUIVALENT.get(str(mutant), 'SURVIVED')}")
    print(
        f"\n{len(loop.about_structure)} tests look at how programs are made and did not count where nodes were added."
    )
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
