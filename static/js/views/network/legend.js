import { html, svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { written } from "../../core/notation.js";

/** @param {unknown} drawing */
const sign = (drawing) => svg`<svg viewBox="0 0 28 16" aria-hidden="true">${drawing}</svg>`;

/** How to read the drawing: until the first play, then it folds away. @param {import("./scene.js").Scene} scene */
export function legendTemplate({ state, geometry }) {
  if (state.hasPlayed || state.isGuided || state.caption || state.outcome || state.isTraining || geometry.detail !== "full") return "";
  return html`<ul class="drawing-legend" aria-label=${t("legend.label")}>
    <li>${sign(svg`<path class="edge positive" d="M1 8h26" stroke-width="4"></path>`)}${t("legend.positive")}</li>
    <li>${sign(svg`<path class="edge negative" d="M1 8h26" stroke-width="4"></path>`)}${t("legend.negative")}</li>
    <li>${sign(svg`<g class="gate open"><rect x="0" y="1.5" width="13" height="13" rx="3"></rect></g><g class="gate shut"><rect x="15" y="1.5" width="13" height="13" rx="3"></rect></g>`)}${t("legend.gate")}</li>
    <li class="gradient-word">${written(t("legend.gradient"))}</li>
    <li>${t("legend.bias")}</li>
  </ul>`;
}
