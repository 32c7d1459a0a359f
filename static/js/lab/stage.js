/** The instrument of a scene: where it stands, and whether it may be used. Pure. */

/** Where each instrument stands. @type {Record<string, "drawing" | "card">} */
const PLACES = { line: "drawing", depth: "drawing", bars: "drawing", factors: "card", code: "card", check: "card" };

/** Whose place an instrument takes. @param {string | undefined} name @returns {"drawing" | "card" | null} */
export const placeOfStage = (name) => PLACES[name ?? ""] ?? null;

/** Whether an instrument may be used: before the answer it would give it away. @param {import("../state.js").LabState} lab */
export const isOpen = ({ lab, at, beat }) => beat !== "ask" || !lab.scenes[at]?.ask;
