import { html, nothing } from "../../vendor/lit.js";
import { listMark } from "../../core/format.js";
import { firstText, t } from "../../core/i18n.js";
import { chipTemplate } from "./chip.js";
import { ROLES } from "./request.js";

/** @typedef {import("./columns.js").ShownColumn} ShownColumn @typedef {import("./request.js").Role} Role */

/**
 * The first rows of a table; above each column its role and why it has it.
 * @param {ShownColumn[]} columns
 * @param {number} count of all rows
 * @param {Record<string, Role>} chosen roles, which may still be on their way
 * @param {(name: string, role: Role) => void} onRole
 */
export function gridTemplate(columns, count, chosen, onRole) {
  // A table may have a thousand columns beyond those that can be features: these are counted, not drawn.
  const drawn = columns.filter(({ why }) => why !== "part");
  const beyond = columns.length - drawn.length;
  const rows = columns[0]?.cells.length ?? 0;
  const note = rows < count ? t("data.first_rows", { shown: rows, count }) : t("data.all_rows", { count });
  return html`<div class="preview" tabindex="0" role="region" aria-label=${note}><table>
      <thead><tr>${drawn.map((column, place) => headTemplate(column, chosenOf(chosen, column.name), place, onRole))}</tr></thead>
      <tbody>${Array.from({ length: rows }, (_, row) => html`<tr>${drawn.map(({ role, cells }) => html`<td class=${role}>${cells[row]}</td>`)}</tr>`)}</tbody>
    </table></div>
    <p class="quiet">${note}${beyond > 0 ? ` ${t("data.columns_beyond", { count: beyond })}` : ""}</p>`;
}

/**
 * The columns of a table that was refused, since another role of one may be all it needs.
 * @param {string[]} names
 * @param {Record<string, Role>} chosen
 * @param {(name: string, role: Role | "") => void} onRole
 */
export const namesTemplate = (names, chosen, onRole) => html`<ul class="refused-columns">${names.map((name, place) => {
  const label = t("data.role_of", { name });
  const value = chosenOf(chosen, name) ?? "";
  const choices = [{ value: /** @type {Role | ""} */ (""), text: t("data.automatic") }, ...roleChoices()];
  return html`<li><span class="column-name">${name}</span>
    ${chipTemplate({ id: `table-role-${place}`, label, value, choices, isGuess: false, look: value, onChoose: (to) => onRole(name, to) })}</li>`;
})}</ul>`;

/** A column may be called as a property of every object. @param {Record<string, Role>} chosen @param {string} name */
const chosenOf = (chosen, name) => (Object.hasOwn(chosen, name) ? chosen[name] : undefined);

const roleChoices = () => ROLES.map((value) => ({ value, text: t(`data.role.${value}`), about: t(`data.role.${value}.about`) }));

/** @param {ShownColumn} column @param {Role | undefined} chosen @param {number} place @param {(name: string, role: Role) => void} onRole */
function headTemplate({ name, role, why, guessed, features }, chosen, place, onRole) {
  const made = role === "feature" && (features.length !== 1 || features[0] !== name) ? features : [];
  return html`<th scope="col" class=${role}>
    ${chipTemplate({ id: `table-role-${place}`, label: t("data.role_of", { name }), value: chosen ?? role, choices: roleChoices(), isGuess: guessed && !chosen, look: chosen ?? role, onChoose: (to) => onRole(name, to) })}
    <span class="column-name">${name}</span>
    <small>${firstText([`data.why.${why}`])}</small>
    ${made.length ? html`<small class="made">${t("data.made", { names: made.join(`${listMark()} `) })}</small>` : nothing}
  </th>`;
}
