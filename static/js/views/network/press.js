/**
 * Lets the keyboard do what a click does, for a drawn thing that has the focus.
 * @param {KeyboardEvent} event
 * @param {() => void} action
 */
export function pressed(event, action) {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  action();
}

/**
 * For a thing drawn over another one that can be pressed: it alone answers.
 * @param {() => void} action
 */
export const onPress = (action) => (/** @type {Event} */ event) => {
  event.stopPropagation();
  action();
};

/**
 * Where a pointer is, in the drawing's own lengths.
 * @param {MouseEvent} event
 * @param {Element} ground what begins where the drawing does
 * @param {number} scale px of the screen for one of the drawing's
 * @returns {import("../../draw/geometry.js").Point}
 */
export function pointOn({ clientX, clientY }, ground, scale) {
  const { x, y } = ground.getBoundingClientRect();
  return { x: (clientX - x) / scale, y: (clientY - y) / scale };
}
