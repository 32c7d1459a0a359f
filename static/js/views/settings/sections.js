import { html, live, nothing } from "../../vendor/lit.js";
import { firstText, t } from "../../core/i18n.js";
import { activationPicture } from "../activation-picture.js";
import { datasetName } from "../dataset-name.js";
import { datasetPicture, pictureOfRows } from "../dataset-picture.js";
import { choiceOf, settingsWith } from "./choices.js";
import { GIVEN, hiddenLayer } from "./draft.js";
import { choiceField, named, numberField, numberFields, switchField } from "./fields.js";

/**
 * The sections of the settings form. Each shows a part of the draft and calls back with its change.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("./choices.js").Choices} Choices
 * @typedef {(change: Partial<Draft>) => void} Change
 */

const FRESH_UNITS = 4;

/**
 * @param {Draft} draft @param {Choices} choices @param {import("./draft.js").DatasetInfo[]} datasets
 * @param {import("./cut.js").Cut | null} cut of the chosen set, where it is known @param {Change} change @param {unknown} ownData
 */
export function dataSection(draft, choices, datasets, cut, change, ownData) {
  const info = datasets.find(({ name }) => name === draft.dataset);
  const given = draft.batch ? [{ value: GIVEN, text: t("settings.given_rows"), picture: pictureOfRows(draft.batch) }] : [];
  const sets = [...given, ...datasets.map(({ name, title, picture }) => ({ value: name, text: datasetName(name, title), picture }))];
  return html`<fieldset><legend>${t("settings.data")}</legend>
    ${datasetField(draft.dataset, sets, (dataset) => change({ dataset, options: {} }))}
    ${info ? html`<p class="quiet wide">${info.target_name === null
        ? t("settings.shape", { rows: info.rows, features: info.features, classes: info.classes })
        : t("settings.shape_target", { rows: info.rows, features: info.features, target: info.target_name })}
      ${firstText([`data.${info.name}.about`])} ${cutSentence(draft, info, cut)}</p>` : nothing}
    ${info?.options.map((option) => {
      const label = firstText([`data.option.${option.name}`]) || option.name;
      const value = draft.options[option.name] ?? option.default;
      /** @param {number | string} chosen */
      const set = (chosen) => change({ options: { ...draft.options, [option.name]: chosen } });
      if (option.choices.length) return choiceField(label, String(value), option.choices.map((choice) => ({ value: choice, text: firstText([`data.choice.${choice}`]) || choice })), set);
      const isWhole = Number.isInteger(option.default) && Number(option.maximum) > 2;
      return numberField(label, Number(value), set, { min: option.minimum, max: option.maximum, isWhole });
    })}
    ${info ? cutFields(draft, choices, info, change) : nothing}
    ${numberField(t("settings.batch_size"), draft.batchSize, (batchSize) => change({ batchSize }), {
      min: 1, isWhole: true, placeholder: t("settings.all_rows"), hint: t("settings.batch_size_hint"),
    })}
    ${draft.batchSize === null ? nothing : orderField(draft, change)}
    ${ownData}
  </fieldset>`;
}

/** The data sets, each as a picture. @param {string} value @param {{value: string, text: string, picture: import("../dataset-picture.js").Picture | null}[]} sets @param {(value: string) => void} onChange */
const datasetField = (value, sets, onChange) => html`<div class="wide datasets" role="radiogroup" aria-label=${t("settings.dataset")}>
  ${sets.map((set) => html`<label class="dataset"><input type="radio" name="dataset" value=${set.value} .checked=${live(set.value === value)} @change=${() => onChange(set.value)}>
    ${set.picture ? datasetPicture(set.picture) : nothing}<span>${set.text}</span></label>`)}</div>`;

/** Only batches have an order: a step of all rows takes them as they stand. @param {Draft} draft @param {Change} change */
function orderField({ isShuffled }, change) {
  const orders = ["shuffled", "file"].map((value) => ({ value, text: t(`settings.row_order.${value}`) }));
  return choiceField(t("settings.row_order"), isShuffled ? "shuffled" : "file", orders, (order) => change({ isShuffled: order === "shuffled" }), "wide");
}

/**
 * How the rows are cut and scaled.
 * @param {Draft} draft @param {import("./draft.js").DatasetInfo} info @param {import("./cut.js").Cut | null} cut
 */
function cutSentence({ options }, info, cut) {
  const isScaled = info.fixed_scale === null && options.scaling !== "none";
  return [cut ? t("settings.split", cut) : "", isScaled ? t(info.task === "regression" ? "settings.scaled_target" : "settings.scaled") : ""].join(" ");
}

/** @param {Draft} draft @param {Choices} choices @param {import("./draft.js").DatasetInfo} info @param {Change} change */
function cutFields({ options }, { defaults }, { held_out: mayHoldOut, fixed_scale: fixedScale, task }, change) {
  const usual = defaults.dataset;
  const percent = Math.round(1e4 * Number(options.held_out_fraction ?? usual.held_out_fraction)) / 100;
  const scalings = ["usual", "none"].map((value) => ({ value, text: t(`settings.scaling.${value}`) }));
  return [
    mayHoldOut
      ? numberField(t("settings.held_out"), percent, (value) => change({ options: { ...options, held_out_fraction: value / 100 } }), { min: 0, max: 99, hint: t(task === "regression" ? "settings.held_out_hint_rows" : "settings.held_out_hint") })
      : nothing,
    fixedScale === null ? choiceField(t("settings.scaling"), String(options.scaling ?? usual.scaling), scalings, (scaling) => change({ options: { ...options, scaling } })) : nothing,
  ];
}

/** @param {Draft} draft @param {Choices} choices @param {Change} change */
export function networkSection({ hidden, bias, dtype }, choices, change) {
  /** @param {number} place @param {Partial<import("./draft.js").HiddenLayer>} part */
  const set = (place, part) => change({ hidden: hidden.map((layer, at) => (at === place ? { ...layer, ...part } : layer)) });
  // The output layer is one of them.
  const most = choices.most_layers - 1;
  const isFull = hidden.length >= most;
  return html`<fieldset data-part="network"><legend>${t("settings.network")}</legend>
    <ol class="layer-list wide">${hidden.map((layer, place) => html`<li>
      ${numberField(t("settings.units", { layer: place + 1 }), layer.units, (units) => set(place, { units }), { min: 1, isWhole: true })}
      ${choiceOf(choices.activations, layer.activation) ? activationPicture(/** @type {any} */ (choiceOf(choices.activations, layer.activation)).curve) : nothing}
      ${choiceField(t("settings.activation"), layer.activation, named(choices.activations.map(({ name }) => name), "activation"), (activation) => set(place, { activation, numbers: {} }))}
      <button type="button" class="icon" aria-label=${t("settings.remove_layer", { layer: place + 1 })} title=${t("settings.remove_layer", { layer: place + 1 })}
        @click=${() => change({ hidden: hidden.filter((_, at) => at !== place) })}>✕</button>
      ${numberFields(layer.activation, choiceOf(choices.activations, layer.activation)?.settings ?? [], layer.numbers, (numbers) => set(place, { numbers }))}
    </li>`)}</ol>
    <button type="button" class="wide add" ?disabled=${isFull} @click=${() => change({ hidden: [...hidden, hiddenLayer({ units: FRESH_UNITS }, choices.defaults)] })}
      >${isFull ? t("settings.most_layers", { count: most }) : t("settings.add_layer")}</button>
    ${switchField(t("settings.bias"), bias, (value) => change({ bias: value }))}
    ${choiceField(t("settings.dtype"), dtype, named(choices.dtypes, "dtype"), (value) => change({ dtype: value }), "wide")}
  </fieldset>`;
}

/** @param {Draft} draft @param {Choices} choices @param {import("./draft.js").Needs | undefined} info @param {Change} change */
export function outputSection({ output, loss, reduction }, choices, info, change) {
  const classes = info?.classes ?? 0;
  // A probability says nothing about a number.
  const outputs = choices.outputs.filter((choice) => info?.task !== "regression" || !choice.is_probability);
  const chosen = choiceOf(choices.outputs, output.activation);
  /** @param {Partial<Draft["output"]>} part */
  const set = (part) => change({ output: { ...output, ...part } });
  const units = [{ value: "each", text: t("settings.output_each", { count: classes }) }, { value: "single", text: t("settings.output_single") }];
  return html`<fieldset><legend>${t("settings.output")}</legend>
    ${choiceField(t("settings.activation"), output.activation, named(outputs.map(({ name }) => name), "activation"), (activation) => set({ activation }))}
    ${choiceField(t("settings.loss"), loss, named(chosen?.losses ?? [], "loss"), (value) => change({ loss: value }), "wide")}
    ${numberFields(output.activation, settingsWith(choices, output.activation, loss), output.numbers, (numbers) => set({ numbers }))}
    ${classes === 2 && chosen?.least_units === 1
      ? choiceField(t("settings.output_units"), output.isSingle ? "single" : "each", units, (value) => set({ isSingle: value === "single" }))
      : nothing}
    ${choiceField(t("settings.reduction"), reduction, named(choices.reductions, "reduction"), (value) => change({ reduction: value }))}
    <p class="quiet wide">${firstText([`loss.${loss}.about`])}</p>
  </fieldset>`;
}

/** @param {Draft} draft @param {Choices} choices @param {Change} change */
export function startSection({ initializer, initializerNumbers, parameters, seed }, choices, change) {
  const names = named(choices.initializers.map(({ name }) => name), "initializer");
  const all = parameters ? [{ value: GIVEN, text: t("settings.given") }, ...names] : names;
  return html`<fieldset><legend>${t("settings.start")}</legend>
    ${choiceField(t("settings.initializer"), initializer, all, (name) => change({ initializer: name, initializerNumbers: {} }), "wide")}
    ${numberFields(initializer, choiceOf(choices.initializers, initializer)?.settings ?? [], initializerNumbers, (numbers) => change({ initializerNumbers: numbers }))}
    <div class="with-button">
      ${numberField(t("settings.seed"), seed, (value) => change({ seed: value }), { min: 0, isWhole: true })}
      <button type="button" class="icon" aria-label=${t("settings.dice")} title=${t("settings.dice")} @click=${() => change({ seed: Math.floor(Math.random() * 10_000) })}>
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><rect x="2.5" y="2.5" width="15" height="15" rx="3.5"/><circle cx="7" cy="7" r="1.1"/><circle cx="13" cy="7" r="1.1"/><circle cx="10" cy="10" r="1.1"/><circle cx="7" cy="13" r="1.1"/><circle cx="13" cy="13" r="1.1"/></svg>
      </button>
    </div>
  </fieldset>`;
}

/** @param {Draft} draft @param {Choices} choices @param {Change} change */
export function learningSection({ optimizer, optimizerNumbers, l2 }, choices, change) {
  return html`<fieldset data-part="learning"><legend>${t("settings.learning")}</legend>
    ${choiceField(t("settings.optimizer"), optimizer, named(choices.optimizers.map(({ name }) => name), "optimizer"), (name) => change({ optimizer: name, optimizerNumbers: {} }))}
    ${numberFields(optimizer, choiceOf(choices.optimizers, optimizer)?.settings ?? [], optimizerNumbers, (numbers) => change({ optimizerNumbers: numbers }))}
    ${numberField(t("settings.l2"), l2, (value) => change({ l2: value }), { min: 0 })}
    <p class="quiet wide">${firstText([`optimizer.${optimizer}.about`])}</p>
  </fieldset>`;
}
