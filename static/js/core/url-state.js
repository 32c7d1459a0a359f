/**
 * What a link and a file hold, and how it becomes text: JSON, deflated, as base64url behind a version.
 *
 * @typedef {{scope: "sample" | "batch", output: string, progress: number}} Bookmark a place in a step
 * @typedef {{title: string, csv: string, columns?: Record<string, string>}} OwnTable own data with the roles of the columns, which links of old do not have
 * @typedef {object} Shared all that makes another browser show the same
 * @property {any} recipe body of POST /sessions
 * @property {{step: number, patch: any}[]} edits changes in mid-run, in order
 * @property {number} step steps taken before the one shown
 * @property {number} sample row shown, counted from 0
 * @property {Bookmark | null} at null: the step as it was computed, before anybody played it
 * @property {{tensor: string, index: number[]} | null} focus what the card explains
 * @property {string} granularity
 * @property {string} tab
 * @property {string} thumbnails
 * @property {boolean} isTheLongWay
 * @property {string | null} language null: the reader's own
 * @property {import("./notation.js").Notation | null} notation null: the reader's own
 * @property {OwnTable | null} table own data, which another server does not have
 *
 * @typedef {{shared: Shared, leftOut: string[]}} Opened a state, and the names of what in it had no sense
 */

/** What can stand in the place of the explanation. */
export const PANELS = /** @type {const} */ (["layers", "table", "compare"]);
/** A link may have this many characters after the "#". */
export const MOST_CHARACTERS = 8192;
/** More steps than these are not computed for a link. */
const MOST_STEPS = 1_000_000;
/** A small link must not unfold into more than this. */
const MOST_BYTES = 4_000_000;
/** Lists and objects inside each other. */
const MOST_LEVELS = 20;
const VERSION = "v1";
const FILE_FORMAT = "backprop-playground-state/1";

/** @returns {Omit<Shared, "recipe">} what is left out of a link because it goes without saying */
export const defaults = () => ({
  edits: [],
  step: 0,
  sample: 0,
  at: null,
  focus: null,
  granularity: "operation",
  tab: "",
  thumbnails: "step",
  isTheLongWay: false,
  language: null,
  notation: null,
  table: null,
});

/** A link or a file that cannot be opened. `code` is "broken", "version" or "foreign". */
export class BadLink extends Error {
  /** @param {"broken" | "version" | "foreign"} code */
  constructor(code) {
    super(`This link cannot be opened: ${code}.`);
    this.code = code;
  }
}

/** @param {Shared} shared @returns {Partial<Shared>} */
export function compact(shared) {
  const { recipe, ...others } = /** @type {Record<string, unknown>} */ (shared);
  const usual = Object.entries(defaults()).map(([name, value]) => [name, JSON.stringify(value)]);
  const told = usual.filter(([name, value]) => JSON.stringify(others[name]) !== value).map(([name]) => [name, others[name]]);
  return { recipe, ...Object.fromEntries(told) };
}

/**
 * @param {Shared} shared
 * @returns {Promise<string | null>} with its "#"; null where it is too large for a link
 */
export async function toFragment(shared) {
  const bytes = await through(new CompressionStream("deflate"), new TextEncoder().encode(JSON.stringify(compact(shared))));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const fragment = `#${VERSION}.${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
  return fragment.length <= MOST_CHARACTERS ? fragment : null;
}

/**
 * @param {string} fragment as in location.hash
 * @returns {Promise<Opened | null>} null where the address holds no state
 * @throws {BadLink}
 */
export async function fromFragment(fragment) {
  if (fragment.length < 2) return null;
  const [, version, text] = /^#(v\d+)\.(.*)$/.exec(fragment) ?? [];
  if (version === undefined) throw new BadLink("broken");
  if (version !== VERSION) throw new BadLink("version");
  let document;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    document = JSON.parse(new TextDecoder().decode(await through(new DecompressionStream("deflate"), bytes)));
  } catch {
    throw new BadLink("broken");
  }
  return read(document);
}

/** @param {Shared} shared @returns {string} JSON */
export const toFile = (shared) => JSON.stringify({ format: FILE_FORMAT, ...compact(shared) }, null, 1);

/** @param {string} text @returns {Opened} @throws {BadLink} */
export function fromFile(text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    throw new BadLink("foreign");
  }
  const format = String(document?.format);
  if (format === FILE_FORMAT) return read(document);
  throw new BadLink(/^backprop-playground-state\//.test(format) ? "version" : "foreign");
}

/**
 * The parts of a state that have the right form; the others are left out. The server checks what a recipe means.
 * @param {any} document
 * @returns {Opened}
 * @throws {BadLink} where it holds no network
 */
export function read(document) {
  if (!isShallow(document) || !isObject(document) || !isObject(document.recipe) || !isModel(document.recipe.model)) throw new BadLink("broken");
  const misfits = misfitsOf(document, KINDS);
  const parts = misfitsOf(document.recipe, RECIPE);
  const known = Object.fromEntries(Object.keys(KINDS).filter((name) => Object.hasOwn(document, name) && !misfits.includes(name)).map((name) => [name, document[name]]));
  const recipe = Object.fromEntries(Object.entries(document.recipe).filter(([name]) => !parts.includes(name)));
  return { shared: { ...defaults(), ...known, recipe }, leftOut: [...misfits, ...parts] };
}

/** @param {Record<string, any>} document @param {Record<string, (value: any) => boolean>} kinds */
const misfitsOf = (document, kinds) => Object.keys(kinds).filter((name) => Object.hasOwn(document, name) && !kinds[name](document[name]));

const isObject = (/** @type {any} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** A value that is nested deeper than any state can be parsed, but not written again. @param {any} value @returns {boolean} */
const isShallow = (value, left = MOST_LEVELS) => typeof value !== "object" || value === null || (left > 0 && Object.values(value).every((part) => isShallow(part, left - 1)));
const isString = (/** @type {any} */ value) => typeof value === "string";
const isNumber = (/** @type {any} */ value) => typeof value === "number";
const isCount = (/** @type {any} */ value) => Number.isInteger(value) && value >= 0 && value <= MOST_STEPS;
const isOne = (/** @type {readonly unknown[]} */ ...names) => (/** @type {any} */ value) => names.includes(value);
const orNull = (/** @type {(value: any) => boolean} */ fits) => (/** @type {any} */ value) => value === null || fits(value);
/** By name, with numbers. @param {any} value */
const isChoice = (value) => isObject(value) && (value.name === undefined || isString(value.name));
/** @param {any} layer */
const isLayer = (layer) => isObject(layer) && isCount(layer.units) && (layer.activation === undefined || isString(layer.activation));
/** @param {any} model */
const isModel = (model) => isObject(model) && isCount(model.inputs) && Array.isArray(model.hidden) && model.hidden.every(isLayer) && isLayer(model.output);

/** @type {Record<Exclude<keyof Shared, "recipe">, (value: any) => boolean>} */
const KINDS = {
  edits: (value) => Array.isArray(value) && value.every((edit) => isObject(edit) && isCount(edit.step) && isObject(edit.patch)),
  step: isCount,
  sample: isCount,
  at: orNull((value) => isOne("sample", "batch")(value.scope) && isString(value.output) && isNumber(value.progress) && value.progress >= 0 && value.progress <= 1),
  focus: orNull((value) => isString(value.tensor) && Array.isArray(value.index) && value.index.every(isCount)),
  granularity: isOne("pass", "layer", "operation", "neuron"),
  tab: isOne("", ...PANELS),
  thumbnails: isOne("step", "values", "gradients"),
  isTheLongWay: isOne(true, false),
  language: orNull(isString),
  notation: orNull(isOne("code", "textbook")),
  table: orNull((value) => isString(value.title) && isString(value.csv) && (value.columns === undefined || (isObject(value.columns) && Object.values(value.columns).every(isString)))),
};

/** What of a recipe the page reads itself, beside the model. @type {Record<string, (value: any) => boolean>} */
const RECIPE = {
  optimizer: isChoice,
  initializer: orNull(isChoice),
  dataset: orNull((value) => isObject(value) && isString(value.name)),
  batch: orNull((value) => isObject(value) && Array.isArray(value.x) && Array.isArray(value.y)),
  batch_size: orNull(isCount),
  shuffle: isOne(true, false),
  seed: isNumber,
  parameters: orNull((value) => isObject(value) && Object.values(value).every(Array.isArray)),
};

/**
 * @param {CompressionStream | DecompressionStream} stream
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function through(stream, bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let length = 0;
  for (;;) {
    const { value } = await reader.read();
    if (!value) return new Uint8Array(await new Blob(parts).arrayBuffer());
    length += value.length;
    if (length > MOST_BYTES) throw new RangeError("too large");
    parts.push(value);
  }
}
