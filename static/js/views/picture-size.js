import { placeBeside } from "../inspector/place.js";

/**
 * Room for the picture above the explanation in px: beside the margins, and the sides that panel.css gives it, while it has
 * the place and while somebody asks.
 * @typedef {{width: number, large: number, small: number}} PictureRoom
 */

/** Makes the browser lay out the page. @param {HTMLElement} element @returns {PictureRoom} */
export function pictureRoom(element) {
  const styles = getComputedStyle(element);
  const [large, small] = ["--picture", "--picture-asked"].map((name) => parseFloat(styles.getPropertyValue(name)));
  return { width: element.clientWidth, large, small };
}

/** @param {PictureRoom} one @param {PictureRoom | null} other */
export const isSameRoom = (one, other) => other !== null && one.width === other.width && one.large === other.large && one.small === other.small;

/** The side of the picture. @param {import("../state.js").State} state @param {PictureRoom} room */
export const pictureSize = (state, { width, large, small }) => (placeBeside(state) === "map" ? Math.min(large, width) : Math.min(small, width));
