/**
 * The instrument of a scene as it begins: pure.
 *
 * @typedef {import("../state.js").LabScene} LabScene
 */

/** Where each instrument stands. @type {Record<string, "drawing" | "card">} */
const PLACES = { line: "drawing", depth: "drawing", bars: "drawing", factors: "card", code: "card", check: "card" };

/** Whose place an instrument takes. @param {string | undefined} name @returns {"drawing" | "card" | null} */
export const placeOfStage = (name) => PLACES[name ?? ""] ?? null;

/** @type {Record<string, (scene: LabScene) => Record<string, unknown>>} */
const BEGINNINGS = {
  // A twin is compared factor by factor, so all of them stand there.
  factors: ({ show: { with: { gradient = "W1", twin = null } = {} } }) => ({ gradient, other: twin, twin: false, opened: twin ? Infinity : 0 }),
  code: ({ show: { with: { switches = {}, trace, line } = {} } }) => {
    const choice = Object.fromEntries(Object.entries(switches).map(([name, positions]) => [name, positions[0]]));
    return { choice, trace: Object.keys(choice).length > 0 ? Object.values(choice).join("_") : trace, line: line ?? undefined };
  },
  check: ({ show: { with: start }, ask }) => ({ trace: ask?.rounds?.[0].trace ?? start?.trace }),
  depth: () => ({ choice: {}, progress: null, problem: null }),
  bars: () => ({ choice: {}, progress: null, problem: null }),
};

/** What an instrument shows first. @param {LabScene} scene @returns {{name: string} & Record<string, any>} */
export function stageAtFirst(scene) {
  const name = scene.show.stage ?? "";
  return { name, ...scene.show.with, ...BEGINNINGS[name]?.(scene) };
}

/** Whether an instrument may be used: before the answer it would give it away. @param {import("../state.js").LabState} lab */
export const isOpen = ({ lab, at, beat }) => beat !== "ask" || !lab.scenes[at]?.ask;
