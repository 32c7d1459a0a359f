import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";

/** @typedef {{sentence: string, code: string, columns: string[]}} Refusal with the names of the columns, where it got so far */

/** Refusals of which a part of the table is free. */
const TOO_MUCH = ["csv_too_many_rows", "csv_too_many_columns", "csv_too_many_classes"];

/**
 * Why a table cannot be used, and what can be done about it with one press.
 * @param {Refusal} refusal
 * @param {{part: (() => void) | null, back: (() => void) | null}} actions go on with a part; take the last choice back
 */
export const refusalTemplate = ({ sentence, code }, { part, back }) => html`<div class="form-problem">
  <p>${sentence}</p>
  ${part && TOO_MUCH.includes(code) ? html`<button type="button" @click=${part}>${t("data.part")}</button>` : nothing}
  ${back ? html`<button type="button" @click=${back}>${t("data.take_back")}</button>` : nothing}
</div>`;
