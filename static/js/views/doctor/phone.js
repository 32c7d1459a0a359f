/** On a phone the drawer covers the drawing; where one is to look there, it closes. @param {import("../../playground.js").Playground} playground */
export function lookAtTheDrawing(playground) {
  if (matchMedia("(max-width: 720px), (max-height: 560px)").matches) playground.showDoctor(false);
}
