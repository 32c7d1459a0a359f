import { html } from "../../vendor/lit.js";
import { exactly, number } from "../../core/format.js";

/** A small matrix. @param {number[][]} rows */
export const matrixTemplate = (rows) => html`<span class="matrix">${rows.map((row) => html`<span class="matrix-row">${row.map((value) => html`<span title=${exactly(value)}>${number(value)} </span>`)}</span>`)}</span>`;
