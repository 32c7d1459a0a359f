/**
 * A table as its owner gave it, and what the owner chose about it.
 *
 * @typedef {{text: string}} Pasted
 * @typedef {import("../../core/brought-file.js").BroughtFile} BroughtFile
 * @typedef {"feature" | "label" | "target" | "left_out"} Role
 *
 * @typedef {object} Choices what is absent is for the server to find out
 * @property {Record<string, Role>} columns by name
 * @property {"leave_out" | "mean"} [missing] what becomes of rows with missing cells
 * @property {string} [encoding]
 * @property {string} [separator]
 * @property {string} [decimal]
 * @property {boolean} [header]
 * @property {true} [part] go on with as much as is allowed
 */

/** @type {Readonly<Choices>} */
export const NO_CHOICES = Object.freeze({ columns: {} });

/** @type {readonly Role[]} */
export const ROLES = ["feature", "label", "target", "left_out"];

/** Columns have other names once one of these has changed. */
const NAMING = ["encoding", "separator", "header"];

/** @param {string} role */
const isAim = (role) => role === "label" || role === "target";

/** Choices with others: what was chosen for columns goes with their names. @param {Choices} choices @param {Partial<Choices>} change undefined: not chosen any more @returns {Choices} */
export function withChoice(choices, change) {
  const columns = NAMING.some((name) => name in change) ? {} : choices.columns;
  const all = Object.entries({ ...choices, ...change, columns });
  return /** @type {Choices} */ (Object.fromEntries(all.filter(([, value]) => value !== undefined)));
}

/**
 * Choices with another role of a column: one column at most is chosen to be learned.
 * @param {Choices} choices @param {string} name @param {Role | ""} role "": not chosen any more @returns {Choices}
 */
export function withRole(choices, name, role) {
  const others = Object.entries(choices.columns).filter(([other, its]) => other !== name && !(isAim(role) && isAim(its)));
  return { ...choices, columns: Object.fromEntries(role === "" ? others : [...others, [name, role]]) };
}

/** @param {Choices} choices */
const isUnguided = (choices) => Object.keys(choices).every((name) => name === "columns") && Object.keys(choices.columns).length === 0;

/**
 * The body of POST /datasets: a file goes as its bytes, whatever they mean.
 * @param {Pasted | BroughtFile} source
 * @param {Choices} choices
 * @returns {Uint8Array<ArrayBuffer> | Record<string, unknown>} bytes, or what becomes JSON
 */
export function requestOf(source, choices) {
  if ("text" in source) return { csv: source.text, ...choices };
  return isUnguided(choices) ? source.bytes : { base64: base64Of(source.bytes), ...choices };
}

/** `String.fromCharCode` takes so many arguments in every browser. */
const AT_ONCE = 8192;

/** @param {Uint8Array} bytes */
export function base64Of(bytes) {
  let letters = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) letters += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(letters);
}
