"""Programs bound to arrays, kept from case to case: binding costs ten times what a run does."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from engine.doctor.case import Case
from engine.model import scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.workspace import Workspace


class Bench:
    """Runs programs on cases.

    Parameters
    ----------
    most_values : how many numbers the workspaces that are kept hold together.
    """

    def __init__(self, most_values: int = 2_000_000) -> None:
        self._most_values = most_values
        self._values = 0
        self._workspaces: OrderedDict[tuple[Program, int, str], Workspace] = OrderedDict()

    def run(
        self,
        program: Program,
        case: Case,
        names: Iterable[str],
        given: Mapping[str, object] | None = None,
        dtype: str = "float64",
    ) -> dict[str, Array]:
        """Copies of these tensors after a run on a case.

        Parameters
        ----------
        given : values in the place of the case's.
        """
        return _values(self._workspace(program, case.batch.m, dtype), case, names, given)

    def _workspace(self, program: Program, m: int, dtype: str) -> Workspace:
        key = (program, m, dtype)
        known = self._workspaces.get(key)
        if known is not None:
            self._workspaces.move_to_end(key)
            return known
        workspace = Workspace(program, m, dtype)
        self._workspaces[key] = workspace
        self._values += workspace.vector.size
        while self._values > self._most_values and len(self._workspaces) > 1:
            _, oldest = self._workspaces.popitem(last=False)
            self._values -= oldest.vector.size
        return workspace


def _values(
    workspace: Workspace, case: Case, names: Iterable[str], given: Mapping[str, object] | None
) -> dict[str, Array]:
    workspace.load({"x": case.batch.x, "y": case.batch.y, **case.parameters})
    workspace.load(scalars_of(case.model, None, case.batch.m))
    workspace.load(given or {})
    workspace.run()
    return {name: workspace[name].copy() for name in names}
