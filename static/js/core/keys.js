/** Keys of a handle. */

/** Where keys bring a value; undefined: the key means nothing here. @param {{key: string, shiftKey: boolean}} event @param {{value: number, low: number, high: number, step: number, leap: number}} handle leap: with Shift */
export function movedByKey({ key, shiftKey }, { value, low, high, step, leap }) {
  const by = shiftKey ? leap : step;
  /** @type {Record<string, number>} */
  const goals = { ArrowRight: value + by, ArrowUp: value + by, ArrowLeft: value - by, ArrowDown: value - by, PageUp: value + leap, PageDown: value - leap, Home: low, End: high };
  return key in goals ? Math.min(high, Math.max(low, goals[key])) : undefined;
}
