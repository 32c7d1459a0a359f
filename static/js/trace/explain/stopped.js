/**
 * Where the gradient of a sample is stopped: at a shut gate to which one comes.
 *
 * @typedef {{layer: number, unit: number}} Stop layer from 1, unit from 0
 */

/**
 * All such places, those nearest to the loss first.
 * @param {import("../program/trace.js").Trace} trace in sample scope
 * @returns {Stop[]}
 */
export function stopsOf(trace) {
  const { program } = trace;
  const layers = Array.from({ length: program.depth }, (_, below) => program.depth - below).filter((layer) => program.hasGate(layer));
  return layers.flatMap((layer) => {
    const [mask, da] = ["mask", "da"].map((role) => trace.cells(/** @type {any} */ (trace.named(role, layer)).name));
    return Array.from({ length: program.units(layer) }, (_, unit) => ({ layer, unit })).filter(({ unit }) => mask[unit] === 0 && da[unit] !== 0);
  });
}

/**
 * The gradient of z behind the first of them: what a step is about as long as nobody asks for something else.
 * @param {import("../program/trace.js").Trace} trace in sample scope
 * @returns {import("../../state.js").Cell | null}
 */
export function stoppedCell(trace) {
  const [stop] = stopsOf(trace);
  const tensor = stop && trace.named("dz", stop.layer)?.name;
  return tensor ? { tensor, index: [stop.unit] } : null;
}
