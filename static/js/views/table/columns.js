import { exactly } from "../../core/format.js";

/**
 * What the server read of a table, as the page shows it.
 *
 * @typedef {import("./request.js").Role} Role
 * @typedef {"whole" | "decimal" | "words" | "dates" | "empty"} Kind
 * @typedef {{name: string, role: Role, kind: Kind, why: string, guessed: boolean, features: string[], missing: number}} Column
 * @typedef {Column & {cells: string[]}} ShownColumn cells of the first rows
 */

/** Rows of the preview. */
export const PREVIEW = 5;

/**
 * Each column with its first cells: numbers as they were understood, words and what is left out as they stand in the table.
 * @param {any} stored answer of POST /datasets
 * @returns {ShownColumn[]}
 */
export function shownColumns(stored) {
  const { columns, preview_x: x, preview_y: y, preview_cells: written, feature_names: features, class_names: classes } = stored;
  const rows = written.slice(0, PREVIEW);
  // Where each class has a column of its own, a column is not the label by itself.
  const isBlock = columns.filter((/** @type {Column} */ { role }) => role === "label").length > 1;
  return columns.map((/** @type {Column} */ column, /** @type {number} */ place) => {
    const feature = column.features.length === 1 ? features.indexOf(column.features[0]) : -1;
    /** @param {string[]} cells @param {number} row */
    const cell = (cells, row) => {
      if (column.role === "label" && !isBlock) return classes[y[row]];
      if (column.role === "target") return exactly(y[row]);
      return feature < 0 ? cells[place] : exactly(x[row][feature]);
    };
    return { ...column, cells: rows.map(cell) };
  });
}

/** What is to be learned: one column, or one a class. @param {Column[]} columns */
export const aimsOf = (columns) => columns.filter(({ role }) => role === "label" || role === "target");

/**
 * The column that is most likely meant where what is to be learned was not: the first feature of words or whole numbers. A guess has
 * one of decimals beside it too, where there is no such feature; nothing stands beside a choice.
 * @param {Column[]} columns
 * @returns {{name: string, role: Role} | undefined} with the role that it would have
 */
export function otherAim(columns) {
  const [aim] = aimsOf(columns);
  const features = columns.filter(({ role }) => role === "feature");
  const far = aim === columns[columns.length - 1] ? features[0] : features[features.length - 1];
  const other = features.find(({ kind }) => kind !== "decimal") ?? (aim?.guessed ? far : undefined);
  if (!aim || !other || aim.why === "asked") return undefined;
  const roles = /** @type {Partial<Record<Kind, Role>>} */ ({ decimal: "target", words: "label" });
  return { name: other.name, role: roles[other.kind] ?? aim.role };
}
