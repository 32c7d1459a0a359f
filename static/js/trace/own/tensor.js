/**
 * Numbers as somebody wrote them: nested lists with a shape, each number with the digits that it was written with.
 *
 * @typedef {{value: number, decimals: number}} Digits decimals: digits after the point; fractions have many
 * @typedef {Digits | Nested[]} Nested
 * @typedef {object} Own
 * @property {string} name as the playground calls it
 * @property {number} line of the text, from 1
 * @property {number[]} shape
 * @property {Digits[]} cells row by row
 */

/** What somebody wrote cannot be used: a key of the language file with what it says. */
export class Unusable extends Error {
  /**
   * @param {string} key
   * @param {Record<string, string | number>} params
   */
  constructor(key, params) {
    super(key);
    this.key = key;
    this.params = params;
  }
}

/** Sizes of the axes; null: rows of different lengths. @param {Nested} nested @returns {number[] | null} */
export function shapeOf(nested) {
  if (!Array.isArray(nested)) return [];
  const inner = nested.map(shapeOf);
  if (inner.some((shape) => shape === null || shape.join() !== inner[0]?.join())) return null;
  return [nested.length, ...(inner[0] ?? [])];
}

/** @param {Nested} nested @returns {Digits[]} */
export const cellsOf = (nested) => (Array.isArray(nested) ? nested.flatMap(cellsOf) : [nested]);

/** "2 × 3", "3" or, without axes, "1". @param {number[]} shape */
export const shapeText = (shape) => shape.join(" × ") || "1";

/** Numbers of a shape as nested lists. @template T @param {T[]} cells @param {number[]} shape @returns {any} */
export function nested(cells, shape) {
  if (shape.length === 0) return cells[0];
  const size = cells.length / shape[0];
  return Array.from({ length: shape[0] }, (_, row) => nested(cells.slice(row * size, (row + 1) * size), shape.slice(1)));
}

/** A matrix turned over its diagonal. @template T @param {T[]} cells @param {number[]} shape of the cells, two axes @returns {T[]} */
export const turned = (cells, [rows, columns]) => cells.map((_, at) => cells[(at % rows) * columns + Math.floor(at / rows)]);

/** What was written with samples as columns, with samples as rows. @param {Own} own @returns {Own} */
export const upright = (own) => (own.shape.length === 2 ? { ...own, cells: turned(own.cells, own.shape), shape: [own.shape[1], own.shape[0]] } : own);
