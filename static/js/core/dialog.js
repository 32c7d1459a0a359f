/**
 * What a dialog does on both its events, `cancel` and `close`. The first comes with the key, so that the state is told before
 * another key opens the dialog again; the second comes later, and may find it open.
 * @param {() => void} shut say in the state that it is closed
 * @returns {(event: Event) => void}
 */
export const whenClosed = (shut) => (event) => {
  const dialog = /** @type {HTMLDialogElement} */ (event.currentTarget);
  // A file that was not chosen says "cancel" too.
  if (event.target !== dialog || (event.type === "close" && dialog.open)) return;
  event.preventDefault();
  shut();
};
