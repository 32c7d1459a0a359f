import { html, nothing } from "../../vendor/lit.js";
import { nameOf, t } from "../../core/i18n.js";
import { among, choiceOf, settingsWith } from "../settings/choices.js";
import { choiceField, named, numberField, numberFields } from "../settings/fields.js";

/**
 * What kind of network it is, which its numbers do not say: activations, loss, how the samples' losses become one, and
 * how the arrays lie.
 *
 * @typedef {import("../../trace/doctor/paper.js").Kinds} Kinds
 * @typedef {import("../settings/choices.js").Choices} Choices
 */

/** Hidden layers of the network whose case a notebook gets. */
const DEPTHS = ["1", "2", "3"];

/**
 * @param {Kinds} kinds @param {Choices} choices @param {(part: Partial<Kinds>) => void} choose
 * @param {boolean} isForCode whether the case is ours, so that its layers and its y can be chosen too
 */
export function kindsTemplate(kinds, choices, choose, isForCode) {
  const { hidden, output, loss, reduction, layout, l2, depth, targets } = kinds;
  const losses = choiceOf(choices.outputs, output.activation)?.losses ?? [];
  const names = (/** @type {{name: string}[]} */ all) => named(all.map(({ name }) => name), "activation");
  const chooseOutput = (/** @type {string} */ activation, /** @type {string} */ wanted) => {
    const fitting = choiceOf(choices.outputs, activation)?.losses ?? [];
    const found = fitting.includes(wanted) ? wanted : fitting[0];
    choose({ output: { activation, numbers: among(output.numbers, settingsWith(choices, activation, found)) }, loss: found });
  };
  const ways = (/** @type {string} */ of, /** @type {string[]} */ all) => all.map((value) => ({ value, text: t(`doctor.${of}.${value}`) }));
  const said = [nameOf("activation", hidden.activation), nameOf("activation", output.activation), nameOf("loss", loss), nameOf("reduction", reduction), ...(isForCode ? [t(`doctor.layout.${layout}.short`)] : [])];
  return html`<details class="doctor-kinds"><summary><b>${t("doctor.kinds")}</b> <span class="quiet">${said.join(" · ")}</span></summary>
    <fieldset><legend class="visually-hidden">${t("doctor.kinds")}</legend>
      ${choiceField(t("doctor.hidden"), hidden.activation, names(choices.activations), (activation) => choose({ hidden: { activation, numbers: {} } }))}
      ${choiceField(t("doctor.output"), output.activation, names(choices.outputs), (activation) => chooseOutput(activation, loss))}
      ${choiceField(t("settings.loss"), loss, named(losses, "loss"), (name) => chooseOutput(output.activation, name), "wide")}
      ${choiceField(t("settings.reduction"), reduction, named(choices.reductions, "reduction"), (name) => choose({ reduction: name }))}
      ${isForCode ? choiceField(t("doctor.layout"), layout, ways("layout", ["rows", "columns"]), (name) => choose({ layout: /** @type {Kinds["layout"]} */ (name) })) : nothing}
      ${isForCode ? choiceField(t("doctor.depth"), String(depth), DEPTHS.map((value) => ({ value, text: value })), (value) => choose({ depth: Number(value) })) : nothing}
      ${isForCode ? choiceField(t("doctor.targets"), targets, ways("targets", ["labels", "rows"]), (name) => choose({ targets: /** @type {Kinds["targets"]} */ (name) })) : nothing}
      ${numberField(t("doctor.l2"), l2, (value) => choose({ l2: Number.isFinite(value) ? value : 0 }), { min: 0, placeholder: "0" })}
      ${numberFields(hidden.activation, choiceOf(choices.activations, hidden.activation)?.settings ?? [], hidden.numbers, (numbers) => choose({ hidden: { ...hidden, numbers } }))}
      ${numberFields(output.activation, settingsWith(choices, output.activation, loss), output.numbers, (numbers) => choose({ output: { ...output, numbers } }))}
    </fieldset></details>`;
}
