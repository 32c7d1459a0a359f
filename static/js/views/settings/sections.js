import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { firstText, t } from "../../core/i18n.js";
import { datasetName } from "../dataset-name.js";
import { ACTIVATIONS, GIVEN, INITIALIZERS, hasCorner } from "./draft.js";
import { choiceField, named, numberField, switchField } from "./fields.js";

/**
 * The sections of the settings form. Each shows a part of the draft and calls back with its change.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {(change: Partial<Draft>) => void} Change
 */

/** The server's limits are wider or narrower by its settings; a refusal is said in its words. */
const MOST_LAYERS = 8;
const FRESH_LAYER = { units: 4, activation: "relu", derivative_at_zero: 0 };

/** @param {Draft} draft @param {import("./draft.js").DatasetInfo[]} datasets @param {Change} change @param {unknown} ownData */
export function dataSection(draft, datasets, change, ownData) {
  const info = datasets.find(({ name }) => name === draft.dataset);
  const choices = datasets.map(({ name, title }) => ({ value: name, text: datasetName(name, title) }));
  return html`<fieldset><legend>${t("settings.data")}</legend>
    ${choiceField(t("settings.dataset"), draft.dataset, choices, (dataset) => change({ dataset, options: {} }))}
    ${info ? html`<p class="quiet wide">${t("settings.shape", { rows: info.rows, features: info.features, classes: info.classes })}
      ${firstText([`data.${info.name}.about`])}</p>` : nothing}
    ${info?.options.map((option) => {
      const label = firstText([`data.option.${option.name}`]) || option.name;
      const value = draft.options[option.name] ?? option.default;
      /** @param {number | string} chosen */
      const set = (chosen) => change({ options: { ...draft.options, [option.name]: chosen } });
      if (option.choices.length) return choiceField(label, String(value), option.choices.map((choice) => ({ value: choice, text: firstText([`data.choice.${choice}`]) || choice })), set);
      const step = Number.isInteger(option.default) && Number(option.maximum) > 2 ? 1 : "any";
      return numberField(label, Number(value), set, { min: option.minimum, max: option.maximum, step });
    })}
    ${numberField(t("settings.batch_size"), draft.batchSize, (rows) => change({ batchSize: Number.isNaN(rows) ? null : rows }), {
      min: 1, step: 1, placeholder: t("settings.all_rows"), hint: t("settings.batch_size_hint"),
    })}
    ${ownData}
  </fieldset>`;
}

/** @param {Draft} draft @param {Change} change */
export function networkSection({ hidden, bias }, change) {
  /** @param {number} place @param {Partial<import("./draft.js").HiddenLayer>} part */
  const set = (place, part) => change({ hidden: hidden.map((layer, at) => (at === place ? { ...layer, ...part } : layer)) });
  return html`<fieldset><legend>${t("settings.network")}</legend>
    <ol class="layer-list wide">${hidden.map((layer, place) => html`<li>
      ${numberField(t("settings.units", { layer: place + 1 }), layer.units, (units) => set(place, { units }), { min: 1, step: 1 })}
      ${choiceField(t("settings.activation"), layer.activation, named(Object.keys(ACTIVATIONS), "activation"), (activation) => set(place, { activation }))}
      ${hasCorner(layer.activation)
        ? numberField(t("settings.derivative_at_zero"), layer.derivative_at_zero, (value) => set(place, { derivative_at_zero: value }), { min: 0, max: 1 })
        : html`<span></span>`}
      <button type="button" class="icon" aria-label=${t("settings.remove_layer", { layer: place + 1 })} title=${t("settings.remove_layer", { layer: place + 1 })}
        @click=${() => change({ hidden: hidden.filter((_, at) => at !== place) })}>✕</button>
    </li>`)}</ol>
    <button type="button" class="wide add" ?disabled=${hidden.length >= MOST_LAYERS} @click=${() => change({ hidden: [...hidden, FRESH_LAYER] })}
      >${t("settings.add_layer")}</button>
    ${switchField(t("settings.bias"), bias, (value) => change({ bias: value }))}
  </fieldset>`;
}

/** @param {Draft} draft @param {Change} change */
export function startSection({ initializer, parameters, std, seed }, change) {
  const names = parameters ? [GIVEN, ...INITIALIZERS] : INITIALIZERS;
  return html`<fieldset><legend>${t("settings.start")}</legend>
    ${choiceField(t("settings.initializer"), initializer, named(names), (name) => change({ initializer: name }))}
    ${initializer === "normal" ? numberField(t("settings.std"), std, (value) => change({ std: value }), { min: 0 }) : nothing}
    <div class="with-button">
      ${numberField(t("settings.seed"), seed, (value) => change({ seed: value }), { min: 0, step: 1 })}
      <button type="button" class="icon" aria-label=${t("settings.dice")} title=${t("settings.dice")} @click=${() => change({ seed: Math.floor(Math.random() * 10_000) })}>
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><rect x="2.5" y="2.5" width="15" height="15" rx="3.5"/><circle cx="7" cy="7" r="1.1"/><circle cx="13" cy="7" r="1.1"/><circle cx="10" cy="10" r="1.1"/><circle cx="7" cy="13" r="1.1"/><circle cx="13" cy="13" r="1.1"/></svg>
      </button>
    </div>
  </fieldset>`;
}

/** @param {Draft} draft @param {Change} change */
export function learningSection({ rate, l2, reduction }, change) {
  return html`<fieldset><legend>${t("settings.learning")}</legend>
    ${numberField(t("settings.rate"), rate, (value) => change({ rate: value }), { min: 0, hint: t("settings.sgd") })}
    ${numberField(t("settings.l2"), l2, (value) => change({ l2: value }), { min: 0 })}
    ${choiceField(t("settings.reduction"), reduction, named(["mean", "sum"]), (value) => change({ reduction: /** @type {"mean" | "sum"} */ (value) }))}
  </fieldset>`;
}
