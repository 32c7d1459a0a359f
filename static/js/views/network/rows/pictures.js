import { guard, html, svg } from "../../../vendor/lit.js";
import { exactly, number } from "../../../core/format.js";
import { t } from "../../../core/i18n.js";
import { cellsOf, gradientOf, pictureOf, scaleOf } from "./thumbnails.js";

/**
 * The two large pictures: the input, and the weights into one unit.
 *
 * @typedef {import("../scene.js").Scene} Scene
 * @typedef {import("../../../draw/rows-geometry.js").RowsGeometry} RowsGeometry
 * @typedef {import("../../../draw/rows-geometry.js").Box} Box
 * @typedef {import("../../../state.js").Cell} Cell
 * @typedef {import("./thumbnails.js").Picture} Picture
 */

/**
 * The input, or what is known of the gradient that reaches it.
 * @param {Scene} scene
 * @returns {Picture & {offset: number}} offset of the first cell of the current sample
 */
export function inputPicture(scene) {
  const x = /** @type {import("../../../trace/program/program.js").Tensor} */ (scene.program.named("x", null)).name;
  const gradient = scene.isLive || scene.state.thumbnails === "values" ? undefined : gradientOf(scene, x);
  const isArriving = gradient !== undefined && scene.operation.output === gradient && scene.scope === "sample";
  const picture = isArriving ? pictureOf(scene, x, scene.program.units(0) - 1) : null;
  if (picture?.kind === "gradient") return { ...picture, offset: 0 };
  const scale = scaleOf(cellsOf(scene.batch, x));
  if (scene.scope === "batch") return { tensor: x, kind: "value", cells: cellsOf(scene.batch, x), scale, offset: 0 };
  return { tensor: x, kind: "value", cells: cellsOf(scene.trace, x), scale, offset: scene.row * scene.program.units(0) };
}

/**
 * Cells that can be pointed at and chosen, over the pixels of the canvas.
 * @param {Box} box @param {number} columns @param {number} rows
 * @param {{count: number, title: (cell: number) => string, chosen: number | null, onChoose: (cell: number) => void, label: string, kind: string,
 *   looks: unknown[]}} what looks: what the titles depend on
 */
function cellsTemplate(box, columns, rows, { count, title, chosen, onChoose, label, kind, looks }) {
  const [width, height] = [box.width / columns, box.height / rows];
  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    const to = chosen === null ? 0 : chosen + (step ?? 0);
    if (to >= 0 && to < count) onChoose(to);
  };
  return svg`<g class="picture ${kind}" tabindex="0" role="application" aria-label=${label} @keydown=${move}>
    <rect class="picture-frame" x=${box.x - 1.5} y=${box.y - 1.5} width=${box.width + 3} height=${box.height + 3} rx="3"></rect>
    ${guard([...looks, count, chosen], () => Array.from({ length: count }, (_, cell) => svg`<rect class="pixel ${cell === chosen ? "chosen" : ""}" x=${box.x + (cell % columns) * width} y=${box.y + Math.floor(cell / columns) * height}
      width=${width} height=${height} @click=${() => onChoose(cell)}><title>${title(cell)}</title></rect>`))}
  </g>`;
}

/** @param {Scene} scene @param {import("./selection.js").Selected | null} selected @param {(cell: Cell) => void} onSelect */
export function inputTemplate(scene, selected, onSelect) {
  const geometry = /** @type {RowsGeometry} */ (scene.geometry);
  const { box, columns, rows } = geometry.image;
  const picture = inputPicture(scene);
  const names = scene.state.session?.dataset?.feature_names ?? [];
  const chosen = selected ? (selected.layer === 0 ? selected.unit : selected.layer === 1 ? selected.from : null) : null;
  const isBatch = scene.scope === "batch";
  return svg`<text class="subtitle ${picture.kind === "gradient" ? "gradient" : ""}" x=${box.x + box.width / 2} y=${box.y - geometry.margins.letter}>${picture.kind === "gradient" ? picture.tensor : "x"}</text>
    ${cellsTemplate(box, columns, rows, {
      count: isBatch ? 0 : scene.program.units(0),
      title: (cell) => `${names[cell] ?? `x${cell + 1}`}: ${picture.tensor}[${cell}]${picture.cells ? ` = ${exactly(picture.cells[picture.offset + cell])}` : ""}`,
      chosen,
      onChoose: (cell) => onSelect({ tensor: picture.tensor, index: [cell] }),
      label: t("rows.input_label", { columns: number(columns), rows: number(rows) }),
      kind: picture.kind,
      looks: [...scene.look, picture.tensor, picture.cells, picture.offset],
    })}`;
}

/** How the lens lays out its cells: as the input for the first layer, else nearly square. @param {Scene} scene @param {number} layer */
export function lensGrid(scene, layer) {
  const { image, lens } = /** @type {RowsGeometry} */ (scene.geometry);
  const count = scene.program.units(layer - 1);
  if (layer === 1) return { columns: image.columns, rows: image.rows, box: { ...lens, height: (lens.width / image.columns) * image.rows } };
  const columns = Math.ceil(Math.sqrt(count));
  return { columns, rows: Math.ceil(count / columns), box: { ...lens, height: (lens.width / columns) * Math.ceil(count / columns) } };
}

/**
 * @param {Scene} scene @param {import("./selection.js").Selected} lens @param {(cell: Cell) => void} onSelect
 * @param {import("../../../playground.js").Playground} playground
 */
export function lensTemplate(scene, lens, onSelect, playground) {
  const { layer, unit, from } = lens;
  const W = /** @type {import("../../../trace/program/program.js").Tensor} */ (scene.program.named("W", layer)).name;
  const picture = pictureOf(scene, W, unit);
  const units = scene.program.units(layer);
  const { columns, rows, box } = lensGrid(scene, layer);
  const geometry = /** @type {RowsGeometry} */ (scene.geometry);
  const title = t(picture.kind === "value" ? "rows.weights_of" : "rows.gradients_of", { tensor: picture.tensor.replace(/_next$/, ""), unit: number(unit + 1) });
  return svg`<text class="lens-title ${picture.kind === "value" ? "" : "gradient"}" x=${box.x + box.width / 2} y=${geometry.lensTitle.y}>${title}</text>
    ${cellsTemplate(box, columns, rows, {
      count: scene.program.units(layer - 1),
      title: (cell) => `${picture.tensor}[${cell}, ${unit}]${picture.cells ? ` = ${exactly(picture.cells[cell * units + unit])}` : ""}`,
      chosen: from,
      onChoose: (cell) => onSelect({ tensor: picture.tensor, index: [cell, unit] }),
      label: title,
      kind: picture.kind,
      looks: [...scene.look, picture.tensor, picture.cells, layer, unit],
    })}
    <foreignObject x=${geometry.switchBox.x} y=${geometry.switchBox.y} width=${geometry.switchBox.width} height="40">
      ${switchTemplate(scene, W, playground)}
    </foreignObject>`;
}

/** @type {("step" | "values" | "gradients")[]} */
const CHOICES = ["step", "values", "gradients"];

/** Whether pictures follow the step, or stay. @param {Scene} scene @param {string} W @param {import("../../../playground.js").Playground} playground */
function switchTemplate(scene, W, playground) {
  return html`<div class="thumbnail-switch" role="group" aria-label=${t("rows.switch")}>
    ${CHOICES.map((choice) => html`<button aria-pressed=${scene.state.thumbnails === choice} title=${t(`rows.switch_${choice}_title`)}
      @click=${() => playground.inspector.showThumbnails(choice)}>${t(`rows.switch_${choice}`, { tensor: W })}</button>`)}
  </div>`;
}
