import { shapeOf } from "./network.js";

/**
 * One cell for a notebook: a case in the learner's own names, room for the own lines, what they found with all its
 * digits, and the learner's variables back in their places.
 *
 * @typedef {import("./paper.js").Case} Case
 * @typedef {import("./paper.js").Values} Values
 * @typedef {{x: string, y: string, W: string, b: string, dW: string, db: string}} Names how the learner calls them; those of a layer with its number 1
 * @typedef {{given: string, yours: string, found: string, back: string, after: string, absent: string}} Words for its comments
 */

/** Before what a call has changed of its inputs: a comment for a reader of the print-out, JSON for us. */
const AFTER = "# after: ";

/**
 * The inputs that the learner's code has changed, as the cell prints them.
 * @param {string} printed
 * @returns {{parameters: Record<string, Values>, x?: Values} | null}
 */
export function changedInputs(printed) {
  const line = printed.split("\n").findLast((one) => one.startsWith(AFTER));
  if (!line) return null;
  try {
    const { x, ...parameters } = JSON.parse(line.slice(AFTER.length).replace(/-?\b(NaN|Infinity)\b/g, '"$&"'));
    return x === undefined ? { parameters } : { parameters, x };
  } catch {
    return null;
  }
}

/** A variable, or an entry of a dictionary. */
const NAME = /^([A-Za-z_]\w*)(\[(?:"\w+"|'\w+')\])?$/;
/** Those that every layer has one of. @type {(keyof Names)[]} */
const OF_LAYERS = ["W", "b", "dW", "db"];

/** Names that cannot be written into a cell. @param {Names} names @returns {(keyof Names)[]} */
export function unusableNames(names) {
  const keys = /** @type {(keyof Names)[]} */ (Object.keys(names));
  const isTwice = (/** @type {string} */ name) => keys.filter((key) => names[key] === name).length > 1;
  return keys.filter((key) => !NAME.test(names[key]) || isTwice(names[key]) || (OF_LAYERS.includes(key) && !names[key].includes("1")));
}

/** @param {string} name of the first layer @param {number} layer */
const inLayer = (name, layer) => name.replace(/1(?!.*1)/, String(layer));

/** The variable that holds it. @param {string} name */
const rootOf = (name) => /** @type {RegExpExecArray} */ (NAME.exec(name))[1];

/** Labels stay whole; everything else is float, whatever its numbers are. @param {Values} value @param {boolean} areLabels */
const arrayOf = (value, areLabels) => `_np.array(${JSON.stringify(value)}${areLabels ? "" : ", dtype=float"})`;

/**
 * @param {Case} asked
 * @param {Names} names
 * @param {Words} words
 * @returns {string}
 */
export function notebookCell({ parameters, batch }, names, words) {
  const depth = Object.keys(parameters).filter((name) => name.startsWith("W")).length;
  const layers = Array.from({ length: depth }, (_, above) => above + 1);
  /** @type {[string, Values][]} */
  const given = [
    [names.x, batch.x],
    [names.y, batch.y],
    ...layers.flatMap((layer) => (/** @type {const} */ (["W", "b"])).filter((kind) => `${kind}${layer}` in parameters).map((kind) => /** @type {[string, Values]} */ ([inLayer(names[kind], layer), parameters[`${kind}${layer}`]]))),
  ];
  /** By the playground's names: all but the targets. @type {[string, string][]} */
  const kept = [["x", names.x], ...Object.keys(parameters).map((name) => /** @type {[string, string]} */ ([name, inLayer(names[/** @type {"W" | "b"} */ (name[0])], Number(name.slice(1)))]))];
  const found = layers.flatMap((layer) => (/** @type {const} */ (["dW", "db"])).filter((kind) => `${kind.slice(1)}${layer}` in parameters).map((kind) => [`${kind}${layer}`, inLayer(names[kind], layer)]));
  const variables = [...new Set([...given.map(([name]) => rootOf(name)), ...found.map(([, name]) => rootOf(name))])];
  const dictionaries = new Set([...given.map(([name]) => name), ...found.map(([, name]) => name)].filter((name) => name.includes("[")).map(rootOf));
  return [
    `# --- ${words.given} ---`,
    "import numpy as _np",
    `_names = ${JSON.stringify(variables)}`,
    `if "_yours" not in globals():`,
    `    _yours = {_name: globals()[_name] for _name in _names if _name in globals()}`,
    `for _name in _names:`,
    `    globals().pop(_name, None)`,
    ...[...dictionaries].map((name) => `${name} = {}`),
    ...given.map(([name, value]) => `${name} = ${arrayOf(value, value === batch.y && shapeOf(value).length === 1)}`),
    `_given = {${kept.map(([name, own]) => `"${name}": ${own}`).join(", ")}}`,
    "_before = {_name: _value.copy() for _name, _value in _given.items()}",
    "",
    `# --- ${words.yours} ---`,
    "",
    "",
    `# --- ${words.found} ---`,
    `for _name, _get in [${found.map(([name, own]) => `("${name}", lambda: ${own})`).join(", ")}]:`,
    `    try:`,
    `        print(_name, "=", _np.asarray(_get(), dtype=float).tolist())`,
    `    except (NameError, KeyError):`,
    `        print("#", _name, "${words.absent}")`,
    "",
    `# --- ${words.after} ---`,
    "import json as _json",
    "_after = {_name: _value.tolist() for _name, _value in _given.items() if not _np.array_equal(_value, _before[_name])}",
    "if _after:",
    `    print("${AFTER}" + _json.dumps(_after))`,
    "",
    `# --- ${words.back} ---`,
    `for _name in _names:`,
    `    globals().pop(_name, None)`,
    `globals().update(_yours)`,
    `del _yours`,
  ].join("\n");
}

/** The same case as plain lines, for a calculation by hand or in a spreadsheet. @param {Case} asked */
export const plainCase = ({ parameters, batch }) =>
  [["x", batch.x], ["y", batch.y], ...Object.entries(parameters)].map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join("\n");
