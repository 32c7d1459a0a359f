import { html, nothing } from "../../vendor/lit.js";
import { listMark } from "../../core/format.js";
import { firstText, t } from "../../core/i18n.js";
import { chipTemplate } from "./chip.js";
import { aimsOf, otherAim } from "./columns.js";

/** @typedef {import("./columns.js").Column} Column @typedef {import("./request.js").Choices} Choices */

/** More classes than these are not listed. */
const MOST_LISTED = 6;

/** How much was read, and what of each class. @param {any} stored */
export function summaryOf({ rows, class_names: classes, rows_of_class: counts }) {
  const listed = classes.slice(0, MOST_LISTED).map((/** @type {string} */ name, /** @type {number} */ label) => `${name}: ${counts[label]}`);
  const more = classes.length > MOST_LISTED ? [t("data.more_classes", { count: classes.length - MOST_LISTED })] : [];
  return `${t("data.read", { count: rows })} ${[...listed, ...more].join(`${listMark()} `)}`;
}

/**
 * What is to be learned, and why, as long as nobody has said it: what else it could be is one press away.
 * @param {Column[]} columns @param {(name: string, role: import("./request.js").Role) => void} onRole
 */
export function aimTemplate(columns, onRole) {
  const aims = aimsOf(columns);
  if (aims.length === 0 || aims[0].why === "asked") return nothing;
  const [{ role, why, guessed }] = aims;
  const other = otherAim(columns);
  return html`<p class="aim"><span>${t(`data.${guessed ? "guessed" : "named"}.${role}`, { name: aims.map(({ name }) => name).join(`${listMark()} `), why: firstText([`data.why.${why}`]) })}</span>
    ${other ? html`<button type="button" class="chip" @click=${() => onRole(other.name, other.role)}>${t("data.use_instead", { name: other.name })}</button>` : nothing}</p>`;
}

/**
 * How many rows are not used, and what becomes of missing cells where there are any or may be.
 * @param {{read: import("./understood.js").Read, columns: Column[]} | null} stored null: the table was refused
 * @param {Choices} choices @param {(missing: "leave_out" | "mean") => void} onChoose
 */
export function missingTemplate(stored, { missing = "leave_out" }, onChoose) {
  const gaps = (stored?.columns ?? []).filter((column) => column.role !== "left_out" && column.missing > 0);
  const count = stored?.read.rows_left_out ?? 0;
  const hasChoice = gaps.length > 0 || stored === null || missing !== "leave_out";
  if (count === 0 && !hasChoice) return nothing;
  const options = /** @type {const} */ (["leave_out", "mean"]).map((value) => ({ value, text: t(`data.missing.${value}`), about: t(`data.missing.${value}.about`) }));
  const counts = gaps.map((column) => `${column.name} ${column.missing}`).join(`${listMark()} `);
  return html`<p class="missing">${count > 0 ? html`<span>${t("data.rows_left_out", { count })}</span>` : nothing}
    ${hasChoice
      ? html`<span>${gaps.length > 0 ? t("data.gaps", { counts }) : t("data.missing")}</span>
        ${chipTemplate({ id: "table-missing", label: t("data.missing"), value: missing, choices: options, isGuess: false, onChoose })}`
      : nothing}</p>`;
}
