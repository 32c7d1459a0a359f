import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { inOwnUnit, targetOf, targetText } from "../program/measured.js";
import { SAMPLE_AXIS } from "../program/program.js";
import { isComputed } from "./subject.js";
import { arrayName } from "../formula/symbol.js";

/**
 * The sentences that lead a regression back to the unit of its target.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("./subject.js").Subject} Subject
 */

/**
 * One sentence for every number of the card that has this unit: the target, the network's answer, and their difference.
 * @param {State} state
 * @param {Subject} subject
 * @returns {string[]} none where classes are learned
 */
export function ownUnitLines(state, subject) {
  const target = targetOf(state);
  if (!target) return [];
  const { trace, operation, aliases } = subject;
  const { program } = trace;
  // The sample as a whole is shown with what it should give.
  const isWhole = program.tensor(subject.target).role === "x" && !state.focus;
  const inPlay = operation.nodes.flatMap((node) => [...node.inputs, node.output]);
  const names = isWhole ? [program.named("y")?.name ?? "y"] : [...new Set([...(subject.node ? inPlay : []), subject.target])];
  return names.flatMap((name) => {
    const { role, layer, axes } = program.tensor(name);
    const index = axes.map((axis) => (axis === SAMPLE_AXIS && trace.m > 1 ? state.sample : 0));
    if (!isComputed(state, subject, name, index)) return [];
    const value = trace.at(name, index);
    if (role === "y") return [targetText(state, value)];
    const said = { symbol: arrayName(program, aliases.get(name) ?? name), value: number(value) };
    if (role === "a" && layer === program.depth) return [t("card.own_unit", { ...said, measured: `${target.name} = ${inOwnUnit(target, value)}` })];
    if (role === "error") return [t("card.own_difference", { ...said, difference: inOwnUnit({ ...target, mean: 0 }, value), name: target.name })];
    return [];
  });
}
