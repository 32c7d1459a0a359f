import { html } from "../../../vendor/lit-html/lit-html.js";
import { t } from "../../core/i18n.js";
import { choiceOf } from "../settings/choices.js";
import { choiceField, named, numberFields } from "../settings/fields.js";

/**
 * What kind of network it is, which its numbers do not say: activations, loss, and how the rows' losses become one.
 *
 * @typedef {import("../../trace/own/network.js").Kinds} Kinds
 */

/** @param {Kinds} kinds @param {import("../settings/choices.js").Choices} choices @param {(part: Partial<Kinds>) => void} choose */
export function kindsTemplate({ hidden, output, loss, reduction }, choices, choose) {
  const losses = choiceOf(choices.outputs, output.activation)?.losses ?? [];
  const names = (/** @type {{name: string}[]} */ all) => named(all.map(({ name }) => name), "activation");
  const chooseOutput = (/** @type {string} */ activation) => {
    const fitting = choiceOf(choices.outputs, activation)?.losses ?? [];
    choose({ output: { activation, numbers: {} }, loss: fitting.includes(loss) ? loss : fitting[0] });
  };
  return html`<fieldset class="own-kinds"><legend class="visually-hidden">${t("own.kinds")}</legend>
    ${choiceField(t("own.hidden"), hidden.activation, names(choices.activations), (activation) => choose({ hidden: { activation, numbers: {} } }))}
    ${choiceField(t("own.output"), output.activation, names(choices.outputs), chooseOutput)}
    ${choiceField(t("settings.loss"), loss, named(losses, "loss"), (name) => choose({ loss: name }), "wide")}
    ${choiceField(t("settings.reduction"), reduction, named(choices.reductions, "reduction"), (name) => choose({ reduction: name }))}
    ${numberFields(hidden.activation, choiceOf(choices.activations, hidden.activation)?.settings ?? [], hidden.numbers, (numbers) => choose({ hidden: { ...hidden, numbers } }))}
  </fieldset>`;
}
