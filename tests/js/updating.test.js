import assert from "node:assert/strict";
import { test } from "node:test";

import { initialState } from "../../static/js/state.js";
import { hasMoreThanItsAddress } from "../../static/js/updating.js";

const state = initialState();
const { papers } = state.doctor;
const written = { ...papers.hand, runs: [{ ...papers.hand.runs[0], text: "dW1 = [[1]]" }] };

test("a page as it opens is whole in its address", () => {
  assert.equal(hasMoreThanItsAddress(state), false);
});

for (const more of [
  { isPlaying: true },
  { isTraining: true },
  { isSettingsOpen: true },
  { undoable: 1 },
  { redoable: 2 },
  { compared: { session: "s", update: 3 } },
  { score: { right: 0, asked: 1, last: null } },
  { doctor: { ...state.doctor, papers: { ...papers, notebook: written } } },
]) {
  test(`${Object.keys(more)[0]} would be lost`, () => {
    assert.equal(hasMoreThanItsAddress({ ...state, ...more }), true);
  });
}
