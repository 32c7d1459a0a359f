import assert from "node:assert/strict";
import { test } from "node:test";
import { placeBeside } from "../../static/js/inspector/place.js";
import { idle, opened } from "./page.js";

/** A page that asks first. */
async function asking() {
  const { playground } = await opened();
  const { player, inspector: { predicting } } = playground;
  player.setGranularity("operation");
  // Of what is given nothing is asked.
  await player.seek(player.timeline.operations[1].start);
  predicting.turn(true);
  /** @param {() => Promise<void>} press */
  const press = async (press) => {
    await press();
    await idle();
  };
  return { playground, player, predicting, press };
}

for (const [name, move] of /** @type {const} */ ([["Next", "later"], ["Play", "toggle"]])) {
  test(`after an answer the operation plays to its end beside its explanation: ${name}`, async () => {
    const { playground, player, predicting, press } = await asking();
    await press(() => player[move]());
    const { question } = playground.state;
    assert.ok(question);
    assert.equal(placeBeside(playground.state), "why");
    predicting.answer("0");
    const { operations } = player.timeline;
    const { start, duration } = operations[question.operation];
    assert.deepEqual([player.clock.isRunning, player.clock.goal], [true, start + duration]);
    player.redraw();
    assert.deepEqual([playground.state.isPlaying, playground.state.focus, placeBeside(playground.state)], [true, question.cell, "why"]);
    await idle();
    // As the clock does where it is to stop.
    Object.assign(player.clock, { position: player.clock.goal, isRunning: false });
    player.onTick(player.clock.goal, false);
    await idle();
    assert.equal(playground.state.question !== null, move === "toggle", "Play asks of the next operation");
  });
}

test("a whole step gives the place to the map again when nothing is asked any more", async () => {
  const { playground, player, predicting, press } = await asking();
  await press(() => player.later());
  predicting.turn(false);
  await press(() => player.toggle());
  player.redraw();
  assert.deepEqual([playground.state.isPlaying, placeBeside(playground.state)], [true, "map"]);
});
