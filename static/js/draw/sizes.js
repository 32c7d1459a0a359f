// Lengths of the drawing in px: what has room where.

/**
 * Room above and below the rows, and where the titles over the columns stand; below a gate what its words take, and
 * above and below a unit its name and its gradient.
 */
export const MARGINS = {
  full: { top: 44, bottom: 12, title: 22, subtitle: 42, words: 24, above: 34, below: 28 },
  compact: { top: 48, bottom: 8, title: 18, subtitle: 37, words: 16, above: 16, below: 20 },
  tiny: { top: 34, bottom: 5, title: 15, subtitle: 29, words: 0, above: 2, below: 2 },
};
/** Where titles and letters end that stand over the columns. */
export const UNDER_TITLES = 52;
/** Half of the least size that a finger can hit. */
export const REACH = 13;
/** The largest gate, and what a row has beside it above and below. */
export const LARGEST_GATE = 46;
export const ROUND_GATE = 6;
/** Half of the cross at which a gradient has stopped, and how much of a gate it takes at most. */
export const CROSS = 12;
export const CROSS_PART = 0.55;
/** The bracket of a gap, and how far from its bar it is. */
export const BRACKET = 6;
/** From a gate down to its words. */
export const GATE_WORDS = { full: 18, compact: 12, tiny: 0 };
/** From a unit down to the words for a gradient that has stopped, below its own gradient, and from there to what the next row has. */
export const STOP_WORDS = 33;
export const AFTER_STOP = 6;
/** Between a thing and its ring, which cuts no number below it. */
export const RING = { full: 5, compact: 2, tiny: 2 };
/** Above a unit that has its name there, where words have no room. */
export const NAMED = 32;
/** Lines in the box of the loss, from its middle: its formula and its value; how far they make room for a third one, and by how much the box grows for it where there is height. */
export const MORE_LINES = 8;
export const LOSS_LINES = { name: -8, value: 14, shift: 8 };
/** Half the height of a bias's tab. */
export const TAB = 10;
/** Left and right of the whole, at least; and by how much it may stand aside. */
export const LEAST_SIDE = 4;
export const ASIDE = 6;
/** A row that is lower could not be read: the drawing is scrolled. */
export const LEAST_PITCH = 17;
/** What a row of numbers alone needs for the names of its units. */
export const NAMED_PITCH = 80;
export const MAX_PITCH = 190;
/** The least that edges need between two columns, and at a pinch, so that nothing is scrolled for a few px; and what they need for numbers on them, with and without words beside the units. */
export const MIN_GAP = 24;
export const PINCHED_GAP = 21;
export const NUMBERED_GAP = { full: 80, compact: 60, tiny: Infinity };
/** Units in words are no flatter than this for its sake. */
export const LEAST_FULL = 23;
/** What names and words need for each layer. */
export const FULL_WIDTH = 280;
/** What they get as long as units are higher than LEGIBLE, and what they keep where gates take what is left. */
export const GOOD_GAP = 40;
export const WIDE_GAP = 70;
export const LEGIBLE = 17;

/** The width alone makes units no flatter than this: after that the drawing is scrolled. */
export const LEAST_TIGHT = 13;
/** Up to this radius a tab stands above its circle, so that it does not cover the number. */
export const SMALL = 17;
/** Less height than this is little. */
export const LOW_ROOM = 300;
/** How high a label over a bar is, in its letters. */
export const LABEL = 10;
/** From a bar whose class is in its label to the next one: that label, and air for the ticks at both ends. */
export const LABELLED = 32;
/** From a bar whose class stands below it: nearer to it than to the label of the next one. */
export const NAMED_BAR = 54;
/** Where the gradient of a z takes the place of its gap's number: from the z down to the line of its class and up to the label of its bar; and from that line to the next label. */
export const UNDER_Z = 32;
export const OVER_Z = 14;
export const NEXT = 30;
/** Where the label of the next bar stands alone: from there up to that gradient. */
export const UNDER_GRADIENT = 26;
/** What a bar with its two labels needs, so that its height can be read. */
export const LABELLED_BAR = 72;
/** What it needs for a gradient below it too. */
export const ROOMY_BAR = 100;
/** What the label over the first bar takes, where no line below the last one balances it. */
export const LABEL_ABOVE = 12;
/** How near to the corners of the loss's box its way may come. */
export const BESIDE_BOX = 14;
