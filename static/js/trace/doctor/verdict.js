/**
 * What a diagnosis says in its largest letters, and which tensors it speaks of.
 *
 * @typedef {import("./paper.js").Diagnosis} Diagnosis
 * @typedef {import("./paper.js").Finding} Finding
 * @typedef {import("./paper.js").Judged} Judged
 * @typedef {{key: string, params: Record<string, string | number>, mistakes: Finding[][]}} Headline key of the sentence before the mistakes, or of the whole; mistakes: those together that only together explain the numbers
 */

/** @param {Diagnosis} diagnosis @returns {Headline} */
export function headlineOf({ verdict, mistakes, candidates, alternatives, pattern, cases }) {
  const found = verdict === "undecided" ? candidates : mistakes;
  const names = [...new Set(found.flatMap(({ where }) => where))];
  if (verdict === "incomplete") return { key: "doctor.verdict.incomplete", params: listed(pattern?.params.tensors ?? missing(cases)), mistakes: [] };
  if (pattern?.code === "raised") return { key: "doctor.verdict.failed", params: {}, mistakes: [] };
  const wrong = names.length > 0 ? names : wrongNames(cases);
  const key = `doctor.verdict.${verdict}`;
  if (verdict !== "undecided") return { key, params: listed(wrong), mistakes: [mistakes] };
  return { key, params: { count: alternatives.length }, mistakes: alternatives.map((ids) => candidates.filter(({ id }) => ids.includes(id))) };
}

/** @param {string[]} names */
const listed = (names) => ({ count: names.length, names: names.join(", ") });

/** @param {Diagnosis["cases"]} cases @param {(judged: Judged) => boolean} is @returns {string[]} */
const namesWhere = (cases, is) => [...new Set(cases.flatMap(({ tensors }) => Object.keys(tensors).filter((name) => is(tensors[name]))))];

/** Wrong by themselves, in any case. @param {Diagnosis["cases"]} cases */
export const wrongNames = (cases) => namesWhere(cases, ({ status }) => status === "wrong" || status === "shape" || status === "not_finite");

/** @param {Diagnosis["cases"]} cases */
export const missing = (cases) => namesWhere(cases, ({ status }) => status === "missing");
