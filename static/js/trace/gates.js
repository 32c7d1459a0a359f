/**
 * The gates of a batch: for every hidden unit and every sample the local derivative that multiplies the gradient.
 *
 * @typedef {"open" | "part" | "shut"} Mark
 * @typedef {"some" | "off" | "dead"} Fate off: shut for every sample of the batch; dead: for all training rows
 * @typedef {{unit: number, values: number[], open: number, fate: Fate, asked: number | null}} GateRow asked: the sample whose
 *   value is to be predicted; it is NaN, and the fate of the row, which would tell it, is not told
 * @typedef {{layer: number, rows: GateRow[]}} GateLayer
 */

/** @param {number} value @returns {Mark} */
export const markOf = (value) => (value === 0 ? "shut" : value === 1 ? "open" : "part");

/** How dark a gate is: 0 shut, 1 wide open. @param {number} value */
export const shadeOf = (value) => (Number.isNaN(value) ? 0 : Math.min(1, Math.abs(value)));

/**
 * @param {import("./trace.js").Trace} trace in batch scope
 * @param {{layer: number | null, unit: number, sample: number} | null} [asked] the gate that is to be predicted
 * @returns {GateLayer[]} the layers that have gates, from the input upwards
 */
export function gatesOf(trace, asked = null) {
  /** @type {GateLayer[]} */
  const layers = [];
  for (let layer = 1; layer <= trace.program.depth; layer++) {
    const mask = trace.named("mask", layer);
    if (!mask || !trace.program.hasGate(layer)) continue;
    const cells = trace.cells(mask.name);
    const units = trace.program.units(layer);
    const rows = Array.from({ length: units }, (_, unit) => {
      const values = Array.from({ length: trace.m }, (_, sample) => cells[sample * units + unit]);
      const hidden = asked?.layer === layer && asked.unit === unit ? asked.sample : null;
      if (hidden !== null) values[hidden] = NaN;
      const open = values.filter((value) => value !== 0).length;
      return { unit, values, open, fate: hidden === null ? fateOf(trace, layer, unit) : "some", asked: hidden };
    });
    layers.push({ layer, rows });
  }
  return layers;
}

/** As the server says. @param {import("./trace.js").Trace} trace @param {number} layer @param {number} unit @returns {Fate} */
function fateOf({ header }, layer, unit) {
  const gates = header.gates?.layers.find((one) => one.layer === layer);
  return gates?.is_dead[unit] ? "dead" : gates?.is_shut[unit] ? "off" : "some";
}

/**
 * How often the gates of the step on show are open on all rows to train on, where its batch is only a part of them.
 * @param {import("../state.js").State} state
 */
export const gatesOfAllRows = ({ session, batch, live }) => (session?.steps_per_epoch === 1 ? [] : ((live ?? batch)?.header.gates?.layers ?? []));
