"""What a view is asked to hold, in a query and on a socket alike."""

from typing import Annotated

from pydantic import BaseModel, Field

from server.settings import Settings
from server.steps.views import MapRequest, ViewRequest

LARGEST = 2**53
Step = Annotated[int, Field(ge=1, le=LARGEST)]


class ViewQuery(BaseModel):
    """What a view holds besides the step of the batch."""

    sample: int = Field(
        0, ge=0, le=LARGEST, description="The sample to show: a row of the batch; beyond it: the last one."
    )
    long_way: bool = Field(False, description="Samples go the long way, through dL/dp and the Jacobian.")
    history_from: Step = Field(1, description="Points of the learning curve from this step on.")
    map: str | None = Field(
        None,
        pattern=r"^(\d{1,6},\d{0,6}|,),([2-9]|[1-9]\d{1,5})$",
        description="x_feature,y_feature,resolution of a map, such as 0,1,40; without y_feature (0,,40) the second "
        "one, where there is one, and without both (,,40) the two that tell the classes apart best.",
        examples=["0,1,40"],
    )

    def request(self, settings: Settings) -> ViewRequest:
        """The same as the view understands it."""
        return ViewRequest(self.sample, self.long_way, self.history_from, self._map, settings.max_view_bytes)

    @property
    def _map(self) -> MapRequest | None:
        if self.map is None:
            return None
        x, y, resolution = self.map.split(",")
        return MapRequest(int(x) if x else None, int(y) if y else None, int(resolution))


class ViewOfStepQuery(ViewQuery):
    """The same of any step."""

    step: Step | None = Field(
        None, description="The step of this number instead of the next one, up to furthest_step + 1."
    )
