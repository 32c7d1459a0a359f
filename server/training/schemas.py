"""What a client may say on a session's socket."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.models.numbers import Count, Number
from server.steps.view_schemas import ViewQuery


class Message(BaseModel):
    """One JSON object, told from the others by its type."""

    model_config = ConfigDict(extra="forbid")


class Train(Message):
    """Train; a training that runs already is replaced by this one."""

    type: Literal["train"]
    steps: Annotated[Count, Field(ge=1)] | None = Field(None, description="null: until it is paused.")
    steps_per_second: Annotated[Number, Field(gt=0)] | None = Field(None, description="null: all the engine gives.")
    frames_per_second: Annotated[Number, Field(ge=0)] | None = Field(
        None, description="Most views a second while it trains; 0: only the last one; null: the server's most."
    )
    version: Count | None = Field(None, description="Refuse to start unless the session has this version.")


class Pause(Message):
    """Stop after the current slice and wait."""

    type: Literal["pause"]


class Resume(Message):
    """Go on after a pause."""

    type: Literal["resume"]


class Seen(Message):
    """A view has been looked at: from the first time on that this is said, no more than three are on their way."""

    type: Literal["seen"]


class Show(ViewQuery):
    """Choose what the views of this socket hold from now on, in the words of a query, and send one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["show"]


SocketMessage = Annotated[Show | Seen | Train | Pause | Resume, Field(discriminator="type")]
