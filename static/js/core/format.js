import { currentLanguage } from "./i18n.js";
import { LANGUAGES } from "./languages.js";

/** The first Intl formatter takes the browser as long as a drawing, so numbers in a drawing are written without one. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {Intl.NumberFormatOptions} options */
function formatter(options) {
  const key = currentLanguage() + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(currentLanguage(), { useGrouping: false, signDisplay: "negative", ...options })));
  return format;
}

/** A proper minus sign in place of the hyphen. @param {string} text */
const withMinus = (text) => text.replace(/-/g, "\u2212");

/** A large count as texts have it, "100,000". @param {number} value */
export const grouped = (value) => withMinus(formatter({ useGrouping: true }).format(value));

/** Numbers as they were written last, for a drawing says most of them again whenever something else changes. @type {Map<number, string>} */
const written = new Map();
const MOST_WRITTEN = 4000;
let writtenIn = "";

/**
 * A number as the page shows it: exact when three significant digits say it exactly ("0.75"), else rounded to three
 * ("0.760"); tiny and huge ones as "3.1e-9"; never "-0".
 * @param {number} value
 */
export function number(value) {
  if (writtenIn !== currentLanguage() || written.size >= MOST_WRITTEN) {
    writtenIn = currentLanguage();
    written.clear();
  }
  let text = written.get(value);
  if (text === undefined) written.set(value, (text = rounded(value)));
  return text;
}

/** @param {number} value */
function rounded(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "\u221e" : "\u2212\u221e";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) return withExponent(value, 2);
  const isExact = Number(value.toPrecision(3)) === value;
  const text = isExact ? String(size) : size >= 1000 ? String(Math.round(size)) : withThreeDigits(size);
  return withDecimalMark(value < 0 ? `\u2212${text}` : text);
}

/** Rounded as it is written: 0.1235 to 0.124, though the number that the machine has for it is a little less. @param {number} size from 0.001 to 1000 */
function withThreeDigits(size) {
  const places = 2 - Number(size.toExponential().split("e")[1]);
  const whole = Math.round(Number(`${size}e${places}`));
  return (whole / 10 ** places).toFixed(Math.max(0, whole < 1000 ? places : places - 1));
}

/** "3.1e\u22129". @param {number} value @param {number} count of digits before the e */
function withExponent(value, count) {
  const [digits, exponent] = value.toExponential(count - 1).split("e");
  return withDecimalMark(withMinus(`${Number(digits)}e${Number(exponent)}`));
}

/** With up to so many digits that count. @param {number} value @param {number} count */
export function precisely(value, count) {
  const size = Math.abs(value);
  if (size !== 0 && Number.isFinite(value) && (size < 1e-3 || size >= 1e5)) return withExponent(value, count);
  return Number.isFinite(value) ? withMinus(formatter({ maximumSignificantDigits: count }).format(value)) : number(value);
}

/** With so many digits after the point, for numbers that are nearly equal. @param {number} value @param {number} places */
export const decimals = (value, places) =>
  Number.isFinite(value) ? withMinus(formatter({ minimumFractionDigits: places, maximumFractionDigits: places }).format(value)) : number(value);

/** With an explicit plus. @param {number} value */
export const signed = (value) => (value > 0 ? "+" : "") + number(value);

/** What stands between whole and broken parts: a point or a comma. */
const decimalMark = () => LANGUAGES.find(({ tag }) => tag === currentLanguage())?.decimalMark ?? ".";

/** A number as JavaScript spells it, with the language's own decimal mark. @param {string} text */
export const withDecimalMark = (text) => text.replace(".", decimalMark());

/** Every digit, for focus and hover. @param {number} value */
export const exactly = (value) => (value === 0 ? "0" : withDecimalMark(withMinus(String(value))));

/** What stands between the numbers of a list: where decimals have a comma, a comma cannot. */
export const listMark = () => (decimalMark() === "," ? ";" : ",");

/** Numbers side by side, "0.5, 1". @param {Iterable<number>} values */
export const numbers = (values) => Array.from(values, number).join(`${listMark()} `);

/** Things one after the other, "2 and 4". @param {string[]} things */
export const listed = (things) => new Intl.ListFormat(currentLanguage()).format(things);

/** The number that a reader of `number(value)` sees. @param {number} value */
export function shown(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0) return value;
  if (size < 1e-3 || size >= 1e5) return Number(value.toExponential(1));
  return Number(value.toPrecision(Math.max(3, String(Math.trunc(size)).length)));
}

/** The size of a file, "1.2 kB". @param {number} bytes */
export const fileSize = (bytes) =>
  bytes < 1000 ? formatter({ style: "unit", unit: "byte", unitDisplay: "long" }).format(bytes) : formatter({ style: "unit", unit: "kilobyte", maximumSignificantDigits: 3 }).format(bytes / 1000);

/** So many layers of one size are counted. */
const SAME_SIZES = 3;

/** The sizes of layers in one line: "2 – 8 – 8 – 3", and of many alike "2 – 3 – 4 × 6 – 2". @param {number[]} units */
export function sizes(units) {
  const runs = units.reduce((found, size, layer) => {
    const last = found.at(-1);
    // Input and output stay by themselves.
    if (last && last.size === size && layer > 1 && layer < units.length - 1) last.count++;
    else found.push({ size, count: 1 });
    return found;
  }, /** @type {{size: number, count: number}[]} */ ([]));
  return runs.flatMap(({ size, count }) => (count >= SAME_SIZES ? [`${size} × ${count}`] : Array(count).fill(String(size)))).join(" – ");
}
