"""The words of a lab in one language: <language>.json."""

from typing import Annotated

from pydantic import Field

from server.lessons.format.parts import Id, OptionId, Part

Text = Annotated[str, Field(min_length=1)]


class SceneWords(Part):
    """What a scene says, beat by beat."""

    title: Text | None = Field(None, description="Heading of the scene; needed where it is a question of its own.")
    bet: Text | None = Field(
        None, description="Said before a learner has bet on a line; left out: which one would you bet is wrong?"
    )
    ask: Text | None = Field(None, description="The question. Needed where the scene asks.")
    do: Text | None = Field(None, description="One act, at most 25 words. Needed unless the answer alone is the act.")
    options: dict[OptionId, Text] = Field(
        {}, description="Id of an answer -> what it says; of typed numbers the labels of their fields."
    )
    switch: dict[OptionId, Text] = Field(
        {},
        description="Id of a chip -> what it says; left out: the number, or the name of the activation. Of `code`: id "
        "of a switch or of a position -> what it says, for each of them.",
    )
    variants: dict[Id, Text] = Field({}, description="Id of a variant of the run -> what its bar is called.")
    lines: dict[Id, Text] = Field(
        {}, description="Id of a line -> what it does: told first, where a learner has bet on it."
    )
    right: Text = Field(description="Told after the right answer, and where nothing was asked.")
    wrong: dict[OptionId, Text] = Field(
        {},
        description="Id of a wrong answer -> what is told: first what is true in it, then what decides. Of `many` "
        "for every option: it was chosen, or left out, wrongly. Of `numbers` for every field. Of `number` for each "
        "of the ask's options, and `any` for all others. With `rounds` for every option.",
    )


class Words(Part):
    """All words of a lab. `{fact}` in any of them is the number of that fact, as in {trace.dz1[0][1]}."""

    title: Text = Field(description="The lab's name, a few words.")
    question: Text = Field(description="The question that brings people to it.")
    scenes: dict[Id, SceneWords] = Field(description="Id of a scene -> its words.")
    say: Annotated[list[Text], Field(max_length=3)] = Field(
        [], description="Said at the end: up to three sentences that the learner can say now."
    )
    limit: Text | None = Field(
        None,
        description="Said at the end: something that the lab does not show. `[words](lab/scene)` leads to a scene, and "
        "`[words](doctor)` to the instrument for numbers of one's own.",
    )
