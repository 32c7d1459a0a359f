import { html } from "../../../vendor/lit-html/lit-html.js";
/** The layout of wide networks. @param {import("./scene.js").Scene} _scene @param {unknown} _onSelect */
export const rowsTemplate = (_scene, _onSelect) => html``;
