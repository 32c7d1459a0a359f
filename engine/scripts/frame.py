"""What stands around the steps of a script: its title, its imports, and the helpers that it calls."""

from collections.abc import Iterable

from engine.course import Course

UNPACKED = '''
def unpacked(text, dtype, shape):
    """The array that was compressed into this text."""
    data = zlib.decompress(base64.b85decode("".join(text.split())))
    return np.frombuffer(data, "<" + dtype).reshape(shape).astype(dtype)
'''
ROWS_OF = '''
def rows_of(step, batch_size, since):
    """The rows of a step: every epoch goes through all of them in an order of its own."""
    size = min(batch_size, len(X))
    epoch, position = divmod(step - since - 1, -(-len(X) // size))
    order = np.random.default_rng([SEED, epoch, since] if since else [SEED, epoch]).permutation(len(X))
    return order[position * size : (position + 1) * size]
'''
ROWS_IN_ORDER = '''
def rows_in_order(step, batch_size, since):
    """The rows of a step: every epoch goes through all of them as they stand."""
    size = min(batch_size, len(X))
    position = (step - since - 1) % -(-len(X) // size)
    return np.arange(len(X))[position * size : (position + 1) * size]
'''
HELPERS = (UNPACKED, ROWS_OF, ROWS_IN_ORDER)
END = """
if len(sys.argv) > 1:
    np.savez(sys.argv[1], **parameters)
else:
    for name, values in parameters.items():
        print(f"{name} =\\n{values + 0.0}")
"""


def framed(course: Course, taken: int, needs: str, imports: Iterable[str], body: Iterable[str]) -> str:
    """A whole script; `body` ends with the name -> array of the parameters, called parameters.

    Parameters
    ----------
    needs : what has to be installed, for people.
    imports : of packages that have to be installed.
    """
    text = "\n".join(body)
    units = "-".join(str(size) for size in course.origin.model.units)
    helpers = [helper for helper in HELPERS if helper.split("(")[0].removeprefix("\ndef ") + "(" in text]
    standard = ["import base64", "import sys", "import zlib"] if UNPACKED in helpers else ["import sys"]
    return "\n".join(
        [
            f'"""A {units} network after {taken} steps of training, written by the backprop playground.',
            "",
            f"It runs by itself with {needs} and prints the parameters, or stores them where a file name is given:",
            "python network.py parameters.npz",
            '"""',
            "",
            *standard,
            "",
            *imports,
            *(f"\n{helper.rstrip()}\n" for helper in helpers),
            text,
            END,
        ]
    )
