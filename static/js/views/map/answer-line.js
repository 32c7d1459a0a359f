import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { drawAnswerLine, rangeOf } from "../../draw/answer-line.js";
import { colour } from "../../core/theme.js";
import { sharp } from "../palette.js";
import { numberIn } from "./map-data.js";
import { heldOutMark } from "./sidebar.js";

/**
 * The map of a regression with one feature: the data, and the network's answer along the feature.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../state.js").Session} Session
 * @typedef {import("./map-data.js").MapData} MapData
 */

const WIDEST = 320;

/** @param {Session} session @param {MapData} data */
export function answerTemplate({ dataset }, data) {
  const [across, up] = [dataset.feature_names[0], dataset.target?.name];
  return html`<div class="map">
    <canvas role="img" aria-label=${t("map.curve_label", { across, up })}></canvas>
    <div class="key">
      <div class="axes"><span class="quiet axis"><span aria-hidden="true">→</span> <b>${across}</b></span><span class="quiet axis"><span aria-hidden="true">↑</span> <b>${up}</b></span></div>
      <ul class="legend">
        <li><svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true" class="class-0"><circle r="5"/></svg>${t("map.training")}</li>
        ${data.rows?.held_out ? heldOutMark() : nothing}
        <li><span class="line" aria-hidden="true"></span>${t("map.answer")}</li>
      </ul>
    </div>
  </div>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} room
 * @param {State & {session: Session}} state
 * @param {MapData} data
 * @param {number} mostPoints
 */
export function paintAnswer(canvas, room, { session, batch, live, sample }, { grid, rows }, mostPoints) {
  if (!grid || !rows) return;
  const { x_mean: [xMean], x_scale: [xScale], target } = session.dataset;
  const line = grid.x.map((x, at) => ({ x, y: Number(grid.probabilities[0][at][0]) }));
  /** @param {import("./map-data.js").Rows | null} some @param {boolean} isHeldOut */
  const points = (some, isHeldOut) => (some?.x ?? []).slice(0, mostPoints).map(([x], at) => ({ x, y: numberIn(/** @type {any} */ (some).y[at]), isHeldOut }));
  const all = [...points(rows.train, false), ...points(rows.held_out, true)];
  const range = rangeOf({ line, points: all });
  const [x, y] = ["x", "y"].map((role) => batch?.named(role)?.name);
  const width = Math.min(WIDEST, room.width);
  drawAnswerLine(sharp(canvas, width, room.height), {
    line,
    points: all,
    sample: batch && x && y && !live ? { x: batch.at(x, [sample, 0]), y: batch.at(y, [sample, 0]) } : null,
    width,
    height: room.height,
    ends: {
      x: [number(range.x.low * xScale + xMean), number(range.x.high * xScale + xMean)],
      y: [number(range.y.low * target.scale + target.mean), number(range.y.high * target.scale + target.mean)],
    },
    colours: { axis: colour("line-strong"), point: colour("class-0"), line: colour("ink"), gap: colour("backward"), surface: colour("surface"), ink: colour("ink") },
  });
}
