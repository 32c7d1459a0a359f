/**
 * Which cells feed which, read off the einsum letters of a primitive.
 *
 * An *index* is a list of numbers, one an axis. An *assignment* gives every letter its number ("..." a list of them).
 *
 * @typedef {import("./program.js").Program} Program
 * @typedef {import("./program.js").Node} Node
 * @typedef {Record<string, number | number[]>} Assignment
 */

/** The letters of an operand, one an axis, or ["..."]. @param {string} letters */
const split = (letters) => (letters === "..." ? ["..."] : [...letters]);

/** Letters that were split. @type {Map<string, {inputs: string[][], output: string[]}>} */
const known = new Map();

/**
 * @param {Program} program
 * @param {Node} node
 */
export function lettersOf(program, node) {
  const { indices } = program.primitives[node.op];
  let letters = known.get(indices);
  if (!letters) {
    const [inputs, output] = indices.split("->");
    known.set(indices, (letters = { inputs: inputs.split(",").map(split), output: split(output) }));
  }
  return letters;
}

/**
 * The assignment that an index of the output means.
 * @param {string[]} letters
 * @param {readonly number[]} index
 * @returns {Assignment}
 */
export function assign(letters, index) {
  if (letters[0] === "...") return { "...": [...index] };
  return Object.fromEntries(letters.map((letter, axis) => [letter, index[axis]]));
}

/**
 * The index of an operand under an assignment.
 * @param {string[]} letters
 * @param {Assignment} assignment
 * @returns {number[]}
 */
export function indexUnder(letters, assignment) {
  return letters.flatMap((letter) => assignment[letter]);
}

/**
 * Letters that are summed over, with their sizes ("..." gets the shape of the operand).
 * @param {Program} program
 * @param {Node} node
 * @param {number} m
 * @returns {Map<string, number[]>}
 */
function summedLetters(program, node, m) {
  const { inputs, output } = lettersOf(program, node);
  /** @type {Map<string, number[]>} */
  const summed = new Map();
  inputs.forEach((letters, operand) => {
    const shape = program.shape(program.tensor(node.inputs[operand]), m);
    letters.forEach((letter, axis) => {
      if (!output.includes(letter)) summed.set(letter, letter === "..." ? shape : [shape[axis]]);
    });
  });
  return summed;
}

/** Every index of a shape, in order. @param {number[]} shape @returns {number[][]} */
export function indices(shape) {
  return shape.reduce(
    (/** @type {number[][]} */ found, size) => found.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

/**
 * Every assignment that takes part in one output cell: the output's own letters with all values of the summed ones.
 * @param {Program} program
 * @param {Node} node
 * @param {readonly number[]} outputIndex
 * @param {number} m
 * @returns {Assignment[]}
 */
export function assignments(program, node, outputIndex, m) {
  const own = assign(lettersOf(program, node).output, outputIndex);
  let found = [own];
  for (const [letter, shape] of summedLetters(program, node, m)) {
    found = found.flatMap((assignment) =>
      indices(shape).map((index) => ({ ...assignment, [letter]: letter === "..." ? index : index[0] })),
    );
  }
  return found;
}

/**
 * The cells of every input that feed one output cell.
 * @param {Program} program
 * @param {Node} node
 * @param {readonly number[]} outputIndex
 * @param {number} m
 * @returns {{tensor: string, cells: number[][]}[]}
 */
export function feeders(program, node, outputIndex, m) {
  const { inputs } = lettersOf(program, node);
  const all = assignments(program, node, outputIndex, m);
  return node.inputs.map((tensor, operand) => {
    const cells = new Map(all.map((assignment) => indexUnder(inputs[operand], assignment)).map((index) => [index.join(), index]));
    return { tensor, cells: [...cells.values()] };
  });
}
