import { html, nothing } from "../../vendor/lit.js";
import { decimals, grouped, number } from "../../core/format.js";
import { firstText, nameOf, t } from "../../core/i18n.js";
import { barsOf, partOf, scaleOf, stepsOf } from "../../draw/bars-plot.js";
import { controlsTemplate, valueName, whyEmpty } from "./controls.js";
import { gripTemplate } from "./grip.js";
import { Instrument } from "./instrument.js";

/**
 * @typedef {import("../../draw/bars-plot.js").Bar} Bar
 * @typedef {import("../../draw/bars-plot.js").Scale} Scale
 * @typedef {import("../../state.js").LabState} LabState
 */

/** Ticks of an axis, at most. */
const MOST_TICKS = 5;

/** @param {number} share */
const percent = (share) => t("lab.bars.percent", { share: decimals(100 * share, share > 0 && share < 0.0995 ? 1 : 0) });

/** What a bar is called that is no variant of the scene, by the family of its id. @type {Record<string, (value: string) => string>} */
const NAMES = {
  slope: (value) => t("lab.bars.slope", { slope: number(Number(value)) }),
  bias: (value) => t("lab.bars.bias", { bias: number(Number(value)) }),
  width: (value) => t("lab.bars.units", { count: Number(value) }),
  weights: (value) => valueName("initializers", value),
};

/** @param {string} id @param {LabState} now */
function nameOfBar(id, { lab, at }) {
  const scene = lab.scenes[at];
  const variant = lab.words.scenes[scene.id]?.variants?.[id];
  const [family, value] = id.split(":");
  return variant || NAMES[family]?.(value) || (id === "only" ? firstText(["lab.bars.mean"]) : nameOf("dtype", id));
}

/** A number of the axis. @param {number} value @param {Scale} scale @param {Bar | undefined} bar */
const tickText = (value, { kind }, bar) => (kind === "share" ? percent(value) : kind === "count" ? grouped(Math.round(value * (bar?.share?.of ?? 1))) : number(value));

/** @param {import("../../draw/bars-plot.js").Share} share */
const ofAll = ({ count, of }) => t("lab.bars.of", { count: grouped(count), total: grouped(of) });

/** What a bar says, and how sure that is. @param {Bar} bar @param {Scale} scale */
function said(bar, { kind }) {
  const { share, value, low, high } = bar;
  if (!share) return { value: number(value), range: number(low) === number(high) || !Number.isFinite(value) ? "" : t("lab.bars.range", { low: number(low), high: number(high) }) };
  return kind === "count" ? { value: grouped(share.count), range: t("lab.bars.of_all", { total: grouped(share.of) }) } : { value: percent(value), range: ofAll(share) };
}

/** A bar for each variant of an experiment, with its interval. */
export class BarsInstrument extends Instrument {
  /** Which of the steps is read; the last one until the reader chooses one. @type {number | null} */
  step = null;
  /** @type {unknown} */
  read = null;

  /** @override @param {import("../../state.js").State} state */
  template({ lab }) {
    if (!lab) return nothing;
    const { experiment, stage } = lab;
    const run = lab.lab.scenes[lab.at]?.run;
    if (this.read !== experiment) [this.read, this.step] = [experiment, null];
    const steps = stepsOf(experiment);
    const place = steps ? (this.step ?? steps.length - 1) : -1;
    const known = new Map(barsOf(experiment, place).map((bar) => [bar.id, bar]));
    const ids = Object.keys(run?.variants ?? {});
    const rows = (ids.length > 0 ? ids : [...known.keys()]).map((id) => ({ id, bar: known.get(id) ?? null }));
    // Along the steps the scale stays as it is at the first one, which is the highest of most.
    const scale = scaleOf(steps ? [...known.values(), ...barsOf(experiment, 0)] : [...known.values()], MOST_TICKS);
    const title = firstText([`lab.bars.title.${run?.experiment ?? ""}`]) || t("lab.bars.title");
    return this.frame(title, {
      picture: rows.length > 0 ? this.picture(rows, scale, lab, steps, place) : html`<p class="empty">${whyEmpty(lab)}</p>`,
      table: this.table(rows, scale, lab),
      beside: this.key(rows, scale, steps, place),
      controls: controlsTemplate(lab, this.instruments.runs),
      kind: `is-bars ${stage.progress !== null ? "is-old" : ""}`,
    });
  }

  /** What is drawn how. @param {{bar: Bar | null}[]} rows @param {Scale} scale @param {number[] | null} steps @param {number} place */
  key(rows, { kind }, steps, place) {
    const bars = rows.flatMap(({ bar }) => bar ?? []);
    if (bars.length === 0) return nothing;
    return html`<ul class="key">
      ${steps ? html`<li><b>${t("lab.bars.step", { step: number(steps[place]) })}</b></li>` : nothing}
      ${kind === "loss" ? html`<li><span class="swatch amount"></span>${t("lab.bars.loss")}</li>` : nothing}
      <li><span class="swatch whisker"></span>${t("lab.bars.interval.key")}</li>
      ${bars.some(({ dots }) => dots.length > 1) ? html`<li><span class="swatch one"></span>${t("lab.bars.each")}</li>` : nothing}
      ${bars.some(({ expected }) => expected !== null) ? html`<li><span class="swatch dashed"></span>${t("lab.depth.theory.key")}</li>` : nothing}
    </ul>`;
  }

  /** @param {{id: string, bar: Bar | null}[]} rows @param {Scale} scale @param {LabState} now @param {number[] | null} steps @param {number} place */
  picture(rows, scale, now, steps, place) {
    const [first] = rows.flatMap(({ bar }) => bar ?? []);
    return html`<div class="bars" role="list">
      ${rows.map(({ id, bar }) => html`<div class="bar-row" role="listitem">
        <span class="bar-name">${nameOfBar(id, now)}</span>
        <span class="track" aria-hidden="true">${bar ? mark(bar, scale) : nothing}</span>
        ${bar ? numberOf(bar, scale) : html`<span class="bar-number is-waiting">\u2013</span>`}
      </div>`)}
      ${first
        ? html`<div class="bar-row is-axis" aria-hidden="true"><span></span><span class="track">${scale.ticks.map((tick) => html`<span class="tick" .style=${`left: ${partOf(tick, scale)}%`}>${tickText(tick, scale, first)}</span>`)}</span><span></span></div>`
        : nothing}
      ${steps && steps.length > 1 ? this.steps(steps, place) : nothing}
    </div>`;
  }

  /** Reads the bars at another step of the training. @param {number[]} steps @param {number} place */
  steps(steps, place) {
    const last = steps.length - 1;
    const move = (/** @type {number} */ value) => {
      this.step = Math.round(value);
      this.update();
    };
    return html`<div class="bar-row is-steps"><span class="bar-name">${t("lab.bars.at_step")}</span><span class="track">
      ${gripTemplate({
        kind: "is-step", label: t("lab.bars.at_step"), value: place, low: 0, high: last, step: 1, leap: Math.max(1, Math.round(last / 10)), text: t("lab.bars.step", { step: number(steps[place]) }),
        style: `left: calc(${(100 * place) / last}% - 22px)`,
        valueAt: (x, width) => Math.round((x / width) * last),
        move,
      })}</span><span class="bar-number">${number(steps[place])}</span></div>`;
  }

  /** @param {{id: string, bar: Bar | null}[]} rows @param {Scale} scale @param {LabState} now */
  table(rows, scale, now) {
    const isShare = scale.kind !== "loss";
    return html`<table class="numbers">
      <thead><tr><th scope="col">${t("lab.bars.variant")}</th><th scope="col">${t(isShare ? "lab.bars.counted" : "lab.bars.loss")}</th>${isShare ? html`<th scope="col">${t("lab.bars.share")}</th>` : nothing}
        <th scope="col">${t("lab.bars.interval")}</th>${rows.some(({ bar }) => bar?.expected != null) ? html`<th scope="col">${t("lab.depth.theory")}</th>` : nothing}</tr></thead>
      <tbody>${rows.map(({ id, bar }) => html`<tr><th scope="row">${nameOfBar(id, now)}</th>${bar ? cells(bar) : html`<td>\u2013</td>`}</tr>`)}</tbody>
    </table>`;
  }
}

/** A bar, its interval over it, each replica as a dot, what theory says as a tick. @param {Bar} bar @param {Scale} scale */
function mark({ value, low, high, dots, expected }, scale) {
  const at = (/** @type {number} */ place) => partOf(place, scale);
  return html`<i class="amount ${Number.isFinite(value) ? "" : "is-lost"}" .style=${`width: ${at(value)}%`}></i>
    ${dots.length > 1 ? dots.map((dot) => html`<i class="one" .style=${`left: ${at(dot)}%`}></i>`) : nothing}
    ${high > low ? html`<i class="whisker" .style=${`left: ${at(low)}%; width: ${at(high) - at(low)}%`}></i>` : nothing}
    ${expected === null ? nothing : html`<i class="expected" .style=${`left: ${at(expected)}%`}></i>`}`;
}

/** @param {Bar} bar @param {Scale} scale */
function numberOf(bar, scale) {
  const { value, range } = said(bar, scale);
  return html`<span class="bar-number"><b>${value}</b> <small>${range}</small></span>`;
}

/** @param {Bar} bar */
function cells({ share, value, low, high, expected }) {
  const [one, other] = share ? [percent(low), percent(high)] : [number(low), number(high)];
  return html`<td><b>${share ? ofAll(share) : number(value)}</b></td>${share ? html`<td>${sharply(share.share)}</td>` : nothing}
    <td>${share && high < 0.001 ? `${sharply(low)} … ${sharply(high)}` : `${one} … ${other}`}</td>${expected === null ? nothing : html`<td>${sharply(expected)}</td>`}`;
}

/** A share, also one that would be 0 %. @param {number} share */
const sharply = (share) => (share !== 0 && share < 0.001 ? number(share) : percent(share));

customElements.define("bp-bars", BarsInstrument);
