import { html } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { doorsTemplate } from "./doors.js";
import { lookAtTheDrawing } from "./phone.js";

/**
 * It runs but does not learn: what gradients cannot show, in order, each with the moment of the step at which it is seen
 * in the drawing.
 *
 * @typedef {import("../../trace/program/timeline.js").Operation} Operation
 */

/** What to look at, and the operation that shows it. @type {Record<string, (operations: Operation[]) => Operation | undefined>} */
export const SIGHTS = {
  activation: (operations) => operations.findLast(({ segment, layer, scope }) => segment === "forward" && layer === 1 && scope === "sample"),
  output: (operations) => operations.find(({ segment }) => segment === "loss"),
  weights: (operations) => operations.find(({ segment, nodes }) => segment === "forward" && nodes.length > 0),
  rate: (operations) => operations.find(({ segment }) => segment === "update"),
};

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../playground.js").Playground} playground
 * @param {(door: import("../../state.js").Door) => void} enter
 */
export function stillTemplate({ timeline }, playground, enter) {
  const look = (/** @type {string} */ sight) => {
    const operation = timeline && SIGHTS[sight](timeline.operations);
    if (operation) void playground.player.seek(operation.start + operation.duration);
    lookAtTheDrawing(playground);
  };
  return html`<p>${t("doctor.still")}</p>
    <ol class="doctor-sights">${Object.keys(SIGHTS).map((sight) => html`<li><b>${t(`doctor.still.${sight}`)}</b>
      <p>${t(`doctor.still.${sight}.about`)}</p>
      <button type="button" @click=${() => look(sight)}>${t(`doctor.still.${sight}.look`)}</button></li>`)}</ol>
    <h3>${t("doctor.still.then")}</h3>
    ${doorsTemplate(enter, ["hand", "notebook"])}`;
}
