import { listMark, number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { written } from "../../core/notation.js";
import { explain } from "./explain.js";
import { indices } from "../program/influence.js";
import { ownUnitLines } from "./own-unit.js";
import { isComputed } from "./subject.js";
import { arrayName } from "../formula/symbol.js";
import { told, where } from "./words.js";

/** More numbers than these would take longer to hear than anybody listens. */
const MOST_NUMBERS = 8;

/** The short name of a number, as it is spoken: "dz", "W". @param {import("../program/program.js").Tensor} tensor @param {import("../program/program.js").Program} program */
const nameOf = ({ role, of }, program) => (role === "next" && of ? program.tensor(of).role : role.replaceAll("_", " "));

/**
 * What happened in a micro-step, for ears: "Backward, hidden layer 1, ReLU gate, unit 2: dz1 = 0. The gradient stops
 * here. dz1: 1.06, 0, −0.152." "" while nothing has been computed.
 * @param {import("../../state.js").State} state
 */
export function narration(state) {
  const explanation = explain(state, null);
  if (!explanation || !explanation.isKnown) return "";
  const { subject } = explanation;
  const { trace, target, index, operation } = subject;
  const said = t("narrator.value", {
    where: where(state, subject).join(", ").replaceAll("\u00a0", " "),
    name: written(nameOf(trace.program.tensor(target), trace.program)),
    value: number(trace.at(target, index)),
    sentence: told(state, explanation),
  });
  const output = operation.output;
  const count = trace.program.tensor(output).axes.length ? trace.cells(output).length : 0;
  const spoken = [said, ...ownUnitLines(state, subject).map((line) => `${line}.`)].join(" ");
  if (count < 2 || count > MOST_NUMBERS || state.arrived < operation.units) return spoken;
  // A number that is kept back is named as such: else nobody could tell which of the others is which.
  const cellSaid = (/** @type {number[]} */ at) => (isComputed(state, subject, output, at) ? number(trace.at(output, at)) : t("card.not_computed"));
  return `${spoken} ${t("narrator.values", { name: arrayName(trace.program, output), values: indices(trace.shape(output)).map(cellSaid).join(`${listMark()} `) })}`;
}
