import { number, numbers, signed } from "../../core/format.js";
import { firstText, nameOf, t } from "../../core/i18n.js";
import { isNumber, written } from "../../core/notation.js";
import { targetOf } from "../program/measured.js";
import { areProbabilities, classOfOutput, isPickedByTarget, labelOf, reductionOf } from "../program/outcome.js";
import { SAMPLE_AXIS } from "../program/program.js";
import { isKeptBack } from "../program/reveal.js";
import { sampleName } from "../program/sample-name.js";
import { isComputed } from "./subject.js";
import { causeOfZero } from "./why-zero.js";

/**
 * The sentences of the card. Keys are tried from the most special to the most general, so that an operation without a
 * text of its own still gets a sensible line.
 *
 * @typedef {import("./subject.js").Subject} Subject
 * @typedef {import("../../state.js").State} State
 */

/**
 * The name of a segment of the step; the gradients of a batch meet in their mean or in their sum.
 * @param {State} state @param {import("../program/timeline.js").Segment} name
 */
export const segmentName = ({ session }, name) => firstText([`segment.${name}.${session?.model?.reduction}`, `segment.${name}`]);

/**
 * Where we are: "Backward · hidden layer 1 · ReLU gate · unit 2".
 * @param {State} state
 * @param {Subject} subject
 */
export function where(state, subject) {
  const { operation, trace, target } = subject;
  const segment = segmentName(state, subject.node || subject.target === operation.output ? operation.segment : "given");
  const { layer } = trace.program.tensor(target);
  const layerName = layer === null ? "" : layer === trace.program.depth ? t("card.layer.output") : t("card.layer.hidden", { layer });
  const isWhole = !subject.node && !state.focus;
  const parts = [segment, layerName, operationName(subject), isWhole ? "" : placeName(state, subject)];
  // A line breaks between the parts only.
  return parts.filter((part) => part !== "").map((part) => part.replaceAll(" ", "\u00a0"));
}

/** @param {Subject} subject */
export function operationName({ trace, node, target }) {
  const { program } = trace;
  const { role, layer } = program.tensor(target);
  if (!node) return firstText([`role.${role}`]) || target;
  const keys = [`role.${role}`, ...[...node.group].reverse().map((group) => `op.${group}`), `op.${node.op}`];
  const usesMask = [node.output, ...node.inputs].some((name) => program.tensor(name).role === "mask");
  const activation = usesMask || node.group.includes("activation") ? program.maker.get(program.named("a", layer)?.name ?? "") : undefined;
  const memory = memoryOf(program, target);
  if (memory) return [firstText(keys.slice(1)), nameOf("memory", memory)].filter(Boolean).join(": ");
  return firstText(activation ? [`op.${activation.op}`, ...keys] : keys) || node.op.replaceAll("_", " ");
}

/**
 * The name of what an optimizer remembers: "velocity" for W1_velocity and W1_velocity_next; "" for anything else.
 * @param {import("../program/program.js").Program} program @param {string} name @returns {string}
 */
function memoryOf(program, name) {
  const { role, of } = program.tensor(name);
  if (role === "state") return name.slice(String(of).length + 1);
  return role === "state_next" && of ? memoryOf(program, of) : "";
}

/** @param {State} state @param {Subject} subject */
function placeName(state, { trace, target, place }) {
  const { program } = trace;
  const { axes: all, role } = program.tensor(target);
  const axes = all.filter((axis) => axis !== SAMPLE_AXIS);
  if (axes.length === 0) return role === "sample_loss" ? pickedName(state, trace) : "";
  if (role === "a" && axes[0] === String(program.depth)) return probabilityName(state, program, place[0]);
  const [from, to] = axes.map((axis, at) => unitName(state, program, axis, place[at]));
  return axes.length === 1 ? from : t("card.place.weight", { from, to });
}

/** The output of a class that is a number: p(“8”). @param {string} name of the class @param {string} other what it is else */
export const probabilityOf = (name, other) => (isNumber(name) ? `p(\u201c${name}\u201d)` : other);

/**
 * "p₂ (class B)", or p(“8”).
 * @param {State} state @param {import("../program/program.js").Program} program @param {number} unit
 */
function probabilityName(state, program, unit) {
  const name = unitName(state, program, String(program.depth), unit);
  const label = classOfOutput(unit, program.units(program.depth), classNames(state).length);
  return areProbabilities(program) && label !== null ? probabilityOf(String(classNames(state)[label] ?? label), `p${subscript(unit + 1)} (${name})`) : name;
}

/** The probability that the loss of this sample reads; "" where it reads others too. @param {State} state @param {import("../program/trace.js").Trace} trace */
function pickedName(state, trace) {
  const { program, m } = trace;
  if (m > 1 || program.units(program.depth) === 1 || !isPickedByTarget(program)) return "";
  const label = labelOf([...trace.cells(trace.named("y")?.name ?? "y")], classNames(state).length);
  return label === null ? "" : probabilityName(state, program, label);
}

/** @param {number} value */
const subscript = (value) => [...String(value)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");

/** "input 1", "unit 2", "class B" or "output 1". @param {State} state @param {import("../program/program.js").Program} program @param {string} axis @param {number} unit */
export function unitName(state, program, axis, unit) {
  if (axis === "0") return t("card.place.input", { unit: unit + 1 });
  if (axis === String(program.depth)) {
    const label = classOfOutput(unit, program.units(program.depth), classNames(state).length);
    const target = targetOf(state);
    if (target) return `${t("card.place.output", { unit: unit + 1 })} (${target.name})`;
    return label === null ? t("card.place.output", { unit: unit + 1 }) : t("card.place.class", { name: className(state, label) });
  }
  return t("card.place.unit", { unit: unit + 1 });
}

/** @param {State} state @returns {string[]} */
const classNames = (state) => state.session?.dataset?.class_names ?? [];

/** @param {State} state @param {number} label */
const className = (state, label) => String(classNames(state)[label] ?? String.fromCharCode(65 + (label % 26)));

/**
 * What the current sample should give: its class, or a number.
 * @param {State} state
 * @param {import("../program/trace.js").Trace} trace in sample scope
 */
export function givenTarget(state, trace) {
  const targets = [...trace.cells(trace.named("y")?.name ?? "y")];
  const label = labelOf(targets, classNames(state).length);
  const sample = sampleName(state, state.sample);
  return label === null ? t("card.target", { sample, target: numbers(targets) }) : t("card.class", { sample, name: className(state, label) });
}

/** "unit 2 = index 1"; "W1[0, 1]" for a matrix; "" for a single number. @param {State} state @param {Subject} subject */
export function indexNote(state, { trace, target, place }) {
  const axes = trace.program.tensor(target).axes.filter((axis) => axis !== SAMPLE_AXIS);
  if (axes.length === 0) return "";
  if (axes.length > 1) return `${target}[${place.join(", ")}]`;
  return t("card.index", { name: unitName(state, trace.program, axes[0], place[0]), index: place[0] });
}

/**
 * What happens, as the card, the narrator and the caption for a class say it: by what the numbers are, as far as they may be told.
 * @param {State} state
 * @param {Pick<import("./explain.js").Explanation, "subject" | "areInputsKnown" | "isKnown">} explanation
 */
export const told = (state, { subject, areInputsKnown, isKnown }) =>
  sentence(subject, areInputsKnown && !isKeptBack(state), isKnown && isGateKnown(state, subject), reductionOf(state));

/** Whether the gate that a gradient comes to next may be told of. @param {State} state @param {Subject} subject */
function isGateKnown(state, subject) {
  const { trace, target, index } = subject;
  const mask = trace.named("mask", trace.program.tensor(target).layer);
  return !mask || mask.axes.length !== index.length || isComputed(state, subject, mask.name, index);
}

/**
 * The one sentence, chosen by what the numbers are.
 * @param {Subject} subject
 * @param {boolean} isKnown whether the numbers that it speaks of are there at the playhead
 * @param {boolean} [isNextKnown] whether it may say what becomes of the result
 * @param {"mean" | "sum"} [reduction] what a batch makes of its samples
 */
export function sentence(subject, isKnown, isNextKnown = true, reduction = "mean") {
  const { trace, operation, node, target, index } = subject;
  const { role, layer } = trace.program.tensor(target);
  const [a, da] = [trace.named("a", layer), trace.named("da", layer)];
  const values = {
    output: target,
    inputs: node ? node.inputs.join(", ") : "",
    value: number(trace.at(target, index)),
    a: a && a.axes.length === index.length ? number(trace.at(a.name, index)) : "",
    arrives: da && da.axes.length === index.length ? signed(trace.at(da.name, index)) : "",
  };
  if (operation.segment === "average" && role !== "loss") return firstText([`card.say.average.${reduction}`, "card.say.average"], values);
  const known = node && isKnown ? storyOf(subject) : "";
  const story = known === "shut_next" && !isNextKnown ? "" : known;
  const groups = node ? [...node.group].reverse() : [];
  const memory = memoryOf(trace.program, target);
  const names = [...(memory ? [`memory.${memory}`] : []), ...groups.map((group) => `${group}.${role}`), role, ...groups, ...(node ? [node.op] : [])];
  const keys = names.flatMap((name) => (story ? [`card.say.${name}.${story}`] : [])).concat(names.map((name) => `card.say.${name}`));
  return firstText([...keys, node ? "card.say.any" : "card.say.given"], values);
}

/** What the values tell: a word that picks the sentence. @param {Subject} subject */
function storyOf({ trace, node, target, index }) {
  if (!node) return "";
  const { role, layer, of } = trace.program.tensor(target);
  const value = trace.at(target, index);
  /** @param {string} other */
  const beside = (other) => {
    const tensor = trace.named(other, layer);
    return tensor && tensor.axes.join() === trace.program.tensor(target).axes.join() ? trace.at(tensor.name, index) : NaN;
  };
  const gate = node.inputs.findIndex((name) => trace.program.tensor(name).role === "mask");
  if (gate >= 0) {
    const slope = trace.at(node.inputs[gate], index);
    const upstream = node.inputs.filter((_, operand) => operand !== gate).every((name) => trace.at(name, index) === 0);
    if (slope !== 0) return upstream ? "nothing" : slope === 1 ? "pass" : "part";
    return upstream ? "idle" : beside("z") === 0 ? "corner" : "blocked";
  }
  if (role === "next" && of) return moveOf(trace, of, value, index);
  if (role === "mask") return beside("z") === 0 ? "corner" : value === 0 ? "shut" : value === 1 ? "open" : "";
  if (role === "a" && node.phase === "forward") return value === 0 ? "zero" : value === beside("z") ? "same" : "";
  const cause = node.phase === "backward" ? causeOfZero(trace, node, index) : null;
  if (cause) return `zero_${cause.role}`;
  return role === "da" && beside("mask") === 0 && value !== 0 ? "shut_next" : "";
}

/**
 * Where a parameter goes; an optimizer that remembers may go against the gradient, or without one.
 * @param {import("../program/trace.js").Trace} trace @param {string} name @param {number} after @param {number[]} index
 */
function moveOf(trace, name, after, index) {
  const before = trace.at(name, index);
  if (after === before) return "stay";
  const gradient = `d${name}`;
  const slope = trace.program.byName.has(gradient) ? trace.at(gradient, index) : NaN;
  if (slope === 0) return "carried";
  const isDown = after < before;
  return (isDown ? slope < 0 : slope > 0) ? "against" : isDown ? "down" : "up";
}

/**
 * The last line of a parameter's card: what its gradient means and where it goes.
 * @param {Subject} subject
 * @param {string} numbers the right side of the update with numbers
 * @param {boolean} isExact
 * @returns {string} "" for anything but a next value
 */
export function consequence({ trace, target, index }, numbers, isExact) {
  const { role, of } = trace.program.tensor(target);
  const gradient = `d${of}`;
  if (role !== "next" || !of || !trace.program.byName.has(gradient)) return "";
  const slope = trace.at(gradient, index);
  const value = trace.at(target, index);
  const moved = value < trace.at(of, index) ? "down" : value > trace.at(of, index) ? "up" : "stay";
  const story = slope === 0 ? "flat" : slope > 0 ? "rising" : "falling";
  const sign = slope > 0 ? "+" : "";
  const name = trace.program.tensor(of).role.toLowerCase();
  const sum = `${numbers.replaceAll("\u00b7", "\u00d7")} ${isExact ? "=" : "\u2248"} ${number(value)}`;
  const isItsOwn = ["against", "carried"].includes(moveOf(trace, of, value, index));
  return [written(t(`card.slope.${story}`, { name, slope: sign + number(slope) })), t(`card.move.${isItsOwn ? "yet_" : ""}${moved}`, { name, sum, value: number(value) })].join(" ");
}
