import { placeOf } from "../inspector/place.js";

/** Sides of the picture above the explanation in px, as panel.css has them: while it has the place, and while somebody asks. */
const LARGE = 280;
const SMALL = 120;

/** @param {import("../state.js").State} state @param {() => number} width room beside the margins, asked for only where it matters */
export const pictureSize = (state, width) => (placeOf(state) === "map" ? Math.min(LARGE, width()) : SMALL);
