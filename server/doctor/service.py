"""The use cases behind POST /diagnose/cases and POST /diagnose."""

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

from engine.doctor.bench import Bench
from engine.doctor.case import Answer, answer_of, case_of
from engine.doctor.conventions import Conventions
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.next_case import cases_to_ask
from engine.doctor.probes import STANDARD, probes
from engine.doctor.suspects import Suspects
from engine.doctor.verdict import Examination, examine
from engine.kept import Kept
from engine.layout import layout_of
from engine.spec import ModelSpec
from engine.vocabulary import Vocabulary
from server.doctor.documents import cases_document, diagnosis_document
from server.doctor.reading import canonical_results
from server.doctor.schemas import AnsweredCase, CasesRequest, ConventionsRequest, DiagnoseRequest
from server.http.pieces import numbers_in
from server.limits import at_most, check_model, check_rows
from server.memory import DIAGNOSES
from server.problems import Problem
from server.scheduling import MANY, Slices
from server.settings import Settings
from server.waiting.shares import Shares

# Reading a number, which may be a text, costs about a hundred times as much as computing with it.
VALUES_PER_NUMBER_SENT = 100
# A diagnosis holds each as it was sent, as it was read, and with what is computed of it.
BYTES_AT_LEAST, BYTES_PER_NUMBER_SENT = 60_000, 64


class Doctor:
    """Says what is wrong with a learner's gradients; nothing of them is stored, and no code of theirs runs here.

    Parameters
    ----------
    kept : where what is computed lies between two diagnoses, beside whatever else is kept.
    room : for diagnoses that go on.
    """

    def __init__(self, settings: Settings, slices: Slices, vocabulary: Vocabulary, kept: Kept, room: Shares) -> None:
        self._room = room
        self._settings = settings
        self._vocabulary = vocabulary
        self._slices = slices
        self._kept = kept
        self._suspects = Suspects(vocabulary.mistakes)

    async def cases(self, request: CasesRequest) -> dict[str, Any]:
        """Cases that tell mistakes apart, in the learner's layout.

        Raises
        ------
        EngineError, Problem : a model that has no meaning, or is larger than the settings allow.
        """
        model = STANDARD if request.model is None else request.model.spec(self._vocabulary)
        conventions = _conventions(request.conventions, None if request.model is None else model)
        check_model(model, self._settings)
        # In a thread: many candidates are tried until no number lies near a corner.
        work = partial(probes, model, conventions, request.seed)
        cases = await self._slices.run(MANY, work)
        numbers = sum(value.size for case in cases for value in (case.batch.x, *case.parameters.values()))
        at_most("numbers of the cases", numbers, self._settings.max_diagnosis_values, "max_diagnosis_values")
        return cases_document(cases[0].model, conventions, cases)

    async def diagnose(self, request: DiagnoseRequest) -> dict[str, Any]:
        """The verdict on what was sent, computed slice by slice.

        Raises
        ------
        EngineError, Problem : cases that have no meaning, or are larger than the settings allow.
        """
        at_most("cases of a diagnosis", len(request.cases), self._settings.max_diagnosis_cases, "max_diagnosis_cases")
        async with self._room.place(BYTES_AT_LEAST + BYTES_PER_NUMBER_SENT * sum(map(_numbers_of, request.cases))):
            return await self._diagnosed(request)

    async def _diagnosed(self, request: DiagnoseRequest) -> dict[str, Any]:
        model = None if request.model is None else request.model.spec(self._vocabulary)
        conventions = _conventions(request.conventions, model)
        answers: list[Answer] = []
        values = 0
        for case in request.cases:
            work = partial(self._answer, case, conventions, model)
            answer = await self._slices.run_slice(VALUES_PER_NUMBER_SENT * _numbers_of(case), work)
            values += layout_of(answer.case.program, answer.case.batch.m).size
            at_most("numbers of a diagnosis", values, self._settings.max_diagnosis_values, "max_diagnosis_values")
            answers.append(answer)
        # In a thread, as above; the next diagnosis of the same model has them ready.
        asked = answers[0].case.model
        tries = partial(cases_to_ask, replace(asked, l2=0.0), conventions)
        cases = await self._slices.run(MANY, tries)
        # Many suspects and the next learner have most of it in common.
        bench: Bench = self._kept.take(DIAGNOSES, Bench) or Bench()
        try:
            diagnosis = await self._drained(examine(answers, cases, bench, self._suspects), values)
        finally:
            self._kept.put(DIAGNOSES, Bench, bench, bench.nbytes)
        return diagnosis_document(diagnosis, conventions, [] if model else ["model"])

    def _answer(self, request: AnsweredCase, conventions: Conventions, model: ModelSpec | None) -> Answer:
        case = case_of(
            request.name, request.parameters, request.batch.x, request.batch.y, conventions, model, request.l2
        )
        check_model(case.model, self._settings)
        check_rows(case.batch.m, self._settings)
        layout = "columns" if case.orientation.weights else "rows"
        results = canonical_results(request.results or {}, case.model, layout)
        after = request.inputs_after
        answer = answer_of(
            case,
            results,
            request.raised,
            None if after is None else after.parameters,
            None if after is None else after.x,
        )
        if not answer.results and request.raised is None:
            wanted = [node.output for node in case.program.nodes if node.phase == "backward"]
            raise Problem(
                422,
                "no_results",
                f"The case {request.name!r} has no result that this model has a tensor for. Send at least one of "
                f"{', '.join(wanted)}, or the message of the call that failed as raised.",
                field="results",
                case=request.name,
                found=list(request.results or {}),
                wanted=wanted,
            )
        return answer

    async def _drained(self, examination: Examination, values: int) -> Diagnosis:
        while True:
            diagnosis = await self._slices.run_slice(values, partial(self._advanced, examination))
            if diagnosis is not None:
                return diagnosis

    def _advanced(self, examination: Examination) -> Diagnosis | None:
        """The diagnosis, if it is found within a slice."""
        end = perf_counter() + self._settings.train_slice_ms / 1000
        while True:
            try:
                next(examination)
            except StopIteration as stopped:
                diagnosis: Diagnosis = stopped.value
                return diagnosis
            if perf_counter() >= end:
                return None


def _numbers_of(case: AnsweredCase) -> int:
    """About how many numbers were sent, whatever they are to be."""
    after = case.inputs_after
    sent = [case.parameters, case.batch.x, case.batch.y, case.results or {}]
    return numbers_in(sent if after is None else [*sent, after.parameters, after.x])


def _conventions(request: ConventionsRequest, model: ModelSpec | None) -> Conventions:
    return Conventions(request.layout, request.reduction or (model.reduction if model else "mean"))
