/** Latin letters for which a text needs room; others are twice as wide. @param {string} text */
const lettersOf = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);

/**
 * A name as far as there is room: without its unit in brackets, and then with an ellipsis; "" where too little is left.
 * @param {string} name
 * @param {number} room in letters
 */
export function cut(name, room) {
  if (lettersOf(name) <= room) return name;
  const bare = name.replace(/\s*[([].*$/, "");
  if (bare && lettersOf(bare) <= room) return bare;
  const letters = [...bare];
  while (letters.length > 0 && lettersOf(letters.join("")) > room - 1) letters.pop();
  return letters.length > 1 ? `${letters.join("").trimEnd()}…` : "";
}
