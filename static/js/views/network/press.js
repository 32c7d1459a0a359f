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
