"""From a request to an experiment, and who runs it."""

from engine.experiments import Replicas
from engine.vocabulary import Vocabulary
from server.datasets import Datasets
from server.experiments.runner import Runner
from server.experiments.schemas import ReplicasRequest
from server.limits import check_model
from server.scheduling import Slices
from server.sessions.creating import rows_of
from server.settings import Settings


class Experiments:
    """Experiments that a request describes."""

    def __init__(
        self, settings: Settings, slices: Slices, runner: Runner, datasets: Datasets, vocabulary: Vocabulary
    ) -> None:
        self.slices = slices
        self.runner = runner
        self._settings = settings
        self._datasets = datasets
        self._vocabulary = vocabulary

    async def replicas(self, request: ReplicasRequest) -> Replicas:
        """The same training from many seeds, with its rows.

        Raises
        ------
        EngineError, Problem : something does not fit, is unknown, or is larger than the settings allow.
        """
        model = request.model.spec(self._vocabulary)
        check_model(model, self._settings)
        train, _, _ = await rows_of(request.dataset, request.batch, model, self._datasets, self._settings, self.slices)
        start = request.initializer
        return Replicas(
            model,
            train,
            tuple(range(request.seed, request.seed + request.seeds)),
            request.steps,
            request.optimizer.spec(self._vocabulary),
            start.name,
            start.__pydantic_extra__,
            start.bias,
            request.batch_size,
            request.points,
            request.shuffle,
        )
