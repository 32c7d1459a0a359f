import { shownOn } from "./line.js";

/**
 * The instrument of a scene as it begins: pure.
 *
 * @typedef {import("../state.js").LabScene} LabScene
 */

/** @type {Record<string, (scene: LabScene) => Record<string, unknown>>} */
const BEGINNINGS = {
  // What is compared factor by factor stands there from the beginning.
  factors: ({ show: { with: { gradient = "W1", twin = null, others = [] } = {} } }) => ({ gradient, other: twin, others, twin: false, opened: twin || others.length > 0 ? Infinity : 0 }),
  code: ({ show: { with: { switches = {}, trace, line } = {} } }) => {
    const choice = Object.fromEntries(Object.entries(switches).map(([name, positions]) => [name, positions[0]]));
    return { choice, trace: Object.keys(choice).length > 0 ? Object.values(choice).join("_") : trace, line: line ?? undefined };
  },
  check: ({ show: { with: start }, ask }) => ({ trace: ask?.rounds?.[0].trace ?? start?.trace }),
  line: ({ show: { with: start }, grids }) => shownOn(grids, start),
  depth: () => ({ choice: {}, progress: null, problem: null }),
  bars: () => ({ choice: {}, progress: null, problem: null }),
};

/** What an instrument shows first. @param {LabScene} scene @returns {{name: string} & Record<string, any>} */
export function stageAtFirst(scene) {
  const name = scene.show.stage ?? "";
  return { name, ...scene.show.with, ...BEGINNINGS[name]?.(scene) };
}
