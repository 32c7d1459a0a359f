/**
 * A name as far as there is room: without its unit in brackets, and then with an ellipsis; "" where too little is left.
 * @param {string} name
 * @param {number} room in px
 * @param {(text: string) => number} widthOf
 */
export function cut(name, room, widthOf) {
  if (widthOf(name) <= room) return name;
  const bare = withoutUnit(name);
  if (bare && widthOf(bare) <= room) return bare;
  const letters = [...bare];
  const cutOff = () => `${letters.join("").trimEnd()}…`;
  while (letters.length > 0 && widthOf(cutOff()) > room) letters.pop();
  return letters.length > 1 ? cutOff() : "";
}

/**
 * A name on one line, or on two where it must be broken; what still has no room is cut.
 * @param {string} name
 * @param {number} room in px
 * @param {(text: string) => number} widthOf
 * @returns {string[]}
 */
export function wrapped(name, room, widthOf) {
  const bare = withoutUnit(name) || name;
  const words = bare.split(/\s+/);
  if (widthOf(bare) <= room || words.length < 2) return [cut(name, room, widthOf)].filter(Boolean);
  let first = 1;
  while (first < words.length - 1 && widthOf(words.slice(0, first + 1).join(" ")) <= room) first++;
  return [words.slice(0, first), words.slice(first)].map((line) => cut(line.join(" "), room, widthOf)).filter(Boolean);
}

/** @param {string} name as "sepal length (cm)" */
const withoutUnit = (name) => name.replace(/\s*[([].*$/, "");
