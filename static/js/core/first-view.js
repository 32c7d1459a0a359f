/**
 * The first lesson's view, which the server has put into the page so that it is drawn before any session has answered.
 * Its session has no id yet: one that is made of the recipe has the same numbers.
 *
 * @typedef {{recipe: any, sample: number, view: ArrayBuffer, programs: Record<string, any>}} FirstView
 */

/** @returns {FirstView | null} null where none came with the page */
export function firstView() {
  const text = document.querySelector("#first-view")?.textContent;
  if (!text) return null;
  const { view, ...rest } = JSON.parse(text);
  return { ...rest, view: Uint8Array.from(atob(view), (letter) => letter.charCodeAt(0)).buffer };
}
