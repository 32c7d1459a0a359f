import { html } from "../../vendor/lit.js";
import { number, numbers } from "../../core/format.js";
import { firstText, t } from "../../core/i18n.js";
import { reductionOf } from "../../trace/program/outcome.js";
import { placeInData } from "../../trace/program/sample-name.js";
import "../bp-number.js";

/** Rows that are offered as buttons; more are chosen by number. */
const MAX_BUTTONS = 8;

/** The class of the sample, or the number that the output should be. @param {import("./scene.js").Scene} scene */
function truthOf({ label, classNames, program, depth, trace, row }) {
  if (label !== null) return t("network.class", { name: String(classNames[label] ?? label) });
  const outputs = program.units(depth);
  const y = program.named("y")?.name;
  return y && outputs <= 4 ? t("network.target", { target: numbers(Array.from({ length: outputs }, (_, unit) => trace.at(y, [row, unit]))) }) : "";
}

/** The loss of the batch, and whether it is from before this update or after it. @param {import("./scene.js").Scene} scene */
function lossText({ state, batch }) {
  return t(`loss.${reductionOf(state)}.${state.outcome ? "after" : "before"}`, { value: number(batch.header.loss) });
}

/**
 * Which of all samples to train on this is, where a step sees only some: it keeps that number from step to step.
 * @param {import("./scene.js").Scene} scene
 */
function rowText({ state }) {
  const place = placeInData(state, state.sample);
  return place === null ? "" : t("scope.place", { place: number(place), rows: number(state.session?.dataset?.rows ?? 0) });
}

/**
 * Names the scope, sample or batch, and chooses the sample.
 * @param {import("./scene.js").Scene} scene
 * @param {import("../../playground.js").Playground} playground
 */
export function headerTemplate(scene, playground) {
  const { state, batch } = scene;
  const isBatch = scene.scope === "batch";
  const title = isBatch
    ? t("scope.batch", { count: batch.m, m: number(batch.m) })
    : t(scene.isLive ? "scope.live" : "scope.sample", { sample: number(state.sample + 1), m: number(batch.m), step: number(scene.trace.header.step) });
  const inputs = scene.program.units(0);
  const x = inputs <= 4 ? `x = (${numbers(Array.from({ length: inputs }, (_, i) => scene.trace.at("x", [scene.row, i])))})` : "";
  const parts = [
    { kind: "step", text: scene.isLive ? "" : state.outcome ? t("scope.after", { step: number(batch.header.step - 1) }) : t("scope.step", { step: number(batch.header.step) }) },
    { kind: "place", text: isBatch ? "" : rowText(scene) },
    { kind: "now", text: isBatch ? firstText([`scope.batch_${scene.operation.segment}.${state.session?.model?.reduction}`, `scope.batch_${scene.operation.segment}`]) : [x, truthOf(scene)].filter(Boolean).join(", ") },
    { kind: "note", text: scene.isLive ? "" : isBatch || state.outcome ? lossText(scene) : scene.operation.segment === "backward" ? t("scope.sample_note") : "" },
  ];
  return html`<header class="scope">
    <h2>${title}</h2>
    ${batch.m > MAX_BUTTONS
      ? html`<bp-number class="sample-number" .field=${{
          label: html`<span class="visually-hidden">${t("scope.choose")}</span>`,
          value: isBatch ? null : state.sample + 1, placeholder: `1\u2013${number(batch.m)}`, min: 1, max: batch.m, isWhole: true,
          onDone: (/** @type {number} */ sample) => playground.inspector.showSample(sample - 1),
        }}></bp-number>`
      : batch.m > 1
        ? html`<div class="samples" role="group" aria-label=${t("scope.choose")}>
            ${Array.from({ length: batch.m }, (_, row) => html`<button class="sample" aria-pressed=${!isBatch && row === state.sample}
              aria-label=${t("scope.sample_number", { sample: number(row + 1) })} @click=${() => playground.inspector.showSample(row)}>${number(row + 1)}</button>`)}
          </div>`
        : ""}
    <p class="quiet">${parts.filter(({ text }) => text).map(({ kind, text }) => html`<span class="scope-${kind}">${text}</span>`)}</p>
  </header>`;
}
