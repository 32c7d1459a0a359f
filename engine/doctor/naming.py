"""Which mistakes of the catalogue give exactly the numbers sent: one alone, or else two together."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from engine.doctor.evidence import BITS_OF_A_NAME, BITS_OF_A_NUMBER, BITS_OF_A_SECOND_NAME, Evidence, Match
from engine.doctor.suspects import Made, Suspect, Suspects, ids_of
from engine.doctor.witness import Witness

Matches = Generator[None, None, list[Match]]
# Pairs that cannot be told apart by one of them are tried one by one, so many at most.
MOST_PAIRS = 4_000


def single_matches(evidence: Evidence, suspects: Suspects) -> Matches:
    """Every mistake that alone gives these numbers; one that leaves a number open only where no other does."""
    found: list[Match] = []
    singles = yield from _singles(evidence, suspects)
    for is_free in (False, True):
        for suspect in singles:
            if _has_number(suspect) is not is_free or not _is_enough(evidence, suspect):
                continue
            match = yield from evidence.match(suspect)
            found += [] if match is None else [match]
            yield
        if found:
            return _failing_alike(evidence, found)
    for shuffled in suspects.orders():
        if _is_enough(evidence, shuffled) and (yield from evidence.is_in_some_order(shuffled)):
            found.append(Match(shuffled))
    return found


def pair_matches(evidence: Evidence, suspects: Suspects, found_alone: Sequence[Match] = ()) -> Matches:
    """Every two mistakes that together give these numbers, likewise.

    Parameters
    ----------
    found_alone : what gives them alone. Then two others count only if they leave no number open; where one of these is
        among the two, it is made in any case, and the other one changes nothing.
    """
    found: list[Match] = []
    signatures = []
    known = {id for match in found_alone for id in ids_of(match.suspect)}
    for suspect in (yield from _singles(evidence, suspects)):
        if known and (known.intersection(ids_of(suspect)) or _has_number(suspect)):
            continue
        signature = _signature(evidence, suspect)
        signatures += [] if signature is None else [signature]
        yield
    plausible = sorted(_plausible(evidence.by_weight[0], signatures), key=_has_number)
    for number, pair in enumerate(plausible[:MOST_PAIRS]):
        if found and _has_number(pair) and not _has_number(plausible[number - 1]):
            break
        if _is_enough(evidence, pair):
            for suspect in (pair, pair[::-1]):
                match = yield from evidence.match(suspect)
                yield
                if match is not None:
                    found.append(match)
                    break
    return _failing_alike(evidence, found)


def _failing_alike(evidence: Evidence, matches: list[Match]) -> list[Match]:
    """Those that NumPy refuses where the learner's call failed, if there are any."""
    return [match for match in matches if evidence.fails_too(match)] or matches


def _singles(evidence: Evidence, suspects: Suspects) -> Generator[None, None, list[Suspect]]:
    """Of all cases together: some mistakes can be made in some of them only."""
    found: dict[Suspect, None] = {}
    for program in dict.fromkeys(witness.case.program for witness in evidence.by_weight):
        for mistake in suspects.mistakes.values():
            found |= dict.fromkeys(suspects.singles_of(program, mistake))
            yield
    return list(found)


def _has_number(suspect: Suspect) -> bool:
    return any(made.mistake.number is not None for made in suspect)


def _is_enough(evidence: Evidence, suspect: Suspect) -> bool:
    """Whether the wrong tensors say enough for a name: fewer numbers fit some mistake by chance."""
    wanted = BITS_OF_A_NAME + BITS_OF_A_SECOND_NAME * (len(suspect) - 1)
    return evidence.bits >= wanted + (BITS_OF_A_NUMBER if _has_number(suspect) else 0)


@dataclass(frozen=True, slots=True)
class _Signature:
    """What a mistake alone does to the tensors of one case, a bit a tensor.

    Parameters
    ----------
    changed : those that it makes others than they should be.
    explained : those that are as sent.
    explains_first : whether it gives the first answer alone, as it must beside one that carries something over.
    """

    made: Made
    changed: int
    explained: int
    explains_first: bool


def _signature(evidence: Evidence, suspect: Suspect) -> _Signature | None:
    witness = evidence.by_weight[0]
    expected = witness.predicted(suspect)
    if expected is None:
        return None
    changed = explained = 0
    for bit, name in enumerate(witness.names):
        is_as_sent = witness.is_close(name, expected)
        changed |= (not witness.is_unchanged(name, expected)) << bit
        explained |= is_as_sent << bit
    (made,) = suspect
    # A free number, and what the calls before have left, is not known yet: it may explain what it changes.
    if made.mistake.number is not None or made.mistake.carries:
        explained |= changed
    everything = (1 << len(witness.names)) - 1
    if made.mistake.carries:
        changed = explained = everything
    # Other labels leave the sum of p - y as it is, but not what another mistake makes of it.
    if made.mistake.data is not None:
        changed = everything
    explains_first = made.mistake.number is not None or evidence.explains_first(suspect)
    return _Signature(made, changed, explained, explains_first)


def _plausible(witness: Witness, signatures: Sequence[_Signature]) -> Iterator[Suspect]:
    """Pairs that change what is wrong, and of which each explains what it alone changes."""
    wrong = sum(1 << bit for bit, name in enumerate(witness.names) if name in witness.wrong)
    for place, a in enumerate(signatures):
        for b in signatures[place + 1 :]:
            if wrong & ~(a.changed | b.changed) or a.made.id == b.made.id:
                continue
            # Two free numbers fit too much.
            if a.made.mistake.number is not None and b.made.mistake.number is not None:
                continue
            if (a.made.mistake.carries and not b.explains_first) or (b.made.mistake.carries and not a.explains_first):
                continue
            if not (a.changed & ~b.changed & ~a.explained) and not (b.changed & ~a.changed & ~b.explained):
                yield a.made, b.made
