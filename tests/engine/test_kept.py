"""What is kept counts in bytes, and what was unused longest goes first, of whichever kind it is."""

from engine.kept import Kept

SIZES = {"a": 10, "b": 20, "c": 30, "d": 40}


def full() -> Kept:
    """a, b, c and d, in this order, of two kinds."""
    kept = Kept(100)
    for name, size in SIZES.items():
        kept.put("letters" if name in "ab" else "others", name, name.upper(), size)
    return kept


def left(kept: Kept) -> str:
    found = (kept.peek(kind, name) for name in SIZES for kind in ("letters", "others"))
    return "".join(thing for thing in found if thing)


def test_bytes_are_counted_by_kind_and_in_all() -> None:
    kept = full()
    assert (kept.bytes_of("letters"), kept.bytes_of("others"), kept.nbytes) == (30, 70, 100)
    assert kept.take("letters", "b") == "B"
    kept.put("others", "c", "C", 35)
    assert (kept.bytes_of("letters"), kept.bytes_of("others"), kept.nbytes) == (10, 75, 85)
    assert kept.take("letters", "b") is None and kept.nbytes == 85


def test_the_longest_unused_goes_first_whatever_its_kind() -> None:
    kept = full()
    assert kept.use("letters", "a") == "A" and kept.peek("letters", "b") == "B"
    seen = []
    for most in range(100, -1, -1):
        kept.limit(most)
        assert kept.nbytes <= most
        if left(kept) not in seen:
            seen.append(left(kept))
    # b went though somebody had looked at it; a was used last.
    assert seen == ["ABCD", "ACD", "AD", "A", ""]


def test_one_more_drives_out_as_many_as_it_needs_and_no_more() -> None:
    kept = full()
    kept.put("letters", "e", "E", 25)
    assert left(kept) == "CD" and kept.nbytes == 95


def test_what_is_too_large_by_itself_drives_out_nobody() -> None:
    kept = full()
    kept.put("letters", "a", "A2", 101)
    assert left(kept) == "BCD" and kept.nbytes == 90


def test_equal_keys_of_two_kinds_are_two_things() -> None:
    kept = Kept(100)
    kept.put("letters", "a", 1, 5)
    kept.put("others", "a", 2, 5)
    assert kept.take("letters", "a") == 1 and kept.use("others", "a") == 2 and kept.nbytes == 5
