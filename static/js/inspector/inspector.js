import { Predicting } from "./predicting.js";

/** What is looked at: a sample, a cell, the long way, another activation, another step; and what is asked about it. */
export class Inspector {
  /** @param {import("../playground.js").Playground} playground */
  constructor(playground) {
    this.playground = playground;
    this.store = playground.store;
    this.predicting = new Predicting(playground);
  }

  /** @param {number} sample row of the batch, counted from 0 */
  async showSample(sample) {
    const { changing, model, player } = this.playground;
    if (this.store.state.isTraining) return this.store.set({ sample });
    await this.playground.move(async () => {
      if (!this.store.state.samples.has(sample)) {
        await changing.findOut();
        if (model.isTaken) return player.showNext({ sample });
        model.look(await model.fetch({ sample }));
      }
      // A lab asks about a place: one looks there in each sample.
      const { lab, focus } = this.store.state;
      this.store.set({ sample, focus: lab ? focus : null });
      player.redraw();
    });
  }

  /**
   * Open how the first gradient comes about, through dL/dp and the Jacobian, or close it again. The numbers are the same.
   * @param {boolean} isTheLongWay
   */
  async goTheLongWay(isTheLongWay) {
    const { changing, model, player } = this.playground;
    await this.playground.move(async () => {
      await changing.findOut();
      if (model.isTaken) return player.showNext({ isTheLongWay });
      model.look(await model.fetch({ isTheLongWay }), isTheLongWay);
      player.retime();
    });
  }

  /** @param {import("../state.js").Cell | null} focus */
  explain(focus) {
    this.store.set({ focus });
  }

  /** @param {import("../state.js").Cell | null} hover */
  point(hover) {
    this.store.set({ hover });
  }

  /** @param {"step" | "values" | "gradients"} thumbnails */
  showThumbnails(thumbnails) {
    this.store.set({ thumbnails });
  }

  /** @param {string} tab of the panel; "" closes it */
  showTab(tab) {
    this.store.set({ tab });
  }

  /** @param {import("../state.js").State["layers"]} layers */
  showLayers(layers) {
    this.store.set({ layers });
  }

  /** See the map, or the explanation, while nothing moves. @param {"map" | "why"} place */
  showPlace(place) {
    this.store.set({ place, tab: "", ...(place === "map" ? { focus: null } : {}) });
  }

  /** Try another activation in a hidden layer, seen from one of its units. @param {import("../state.js").Exchange | null} exchange */
  exchange(exchange) {
    this.store.set({ exchange });
  }

  /** Open what can be changed about a hidden layer. @param {import("../state.js").State["layerMenu"]} layerMenu null closes it */
  openLayer(layerMenu) {
    this.store.set({ layerMenu });
  }

  /** Have the card move the number that it is about, and the next one then too. @param {boolean} isNudging */
  showNudge(isNudging) {
    this.store.set({ isNudging });
  }

  /** A number was moved to both sides, and this came of it. @param {import("../state.js").Nudged} nudged */
  nudge(nudged) {
    this.store.set({ nudged });
  }

  /** Show the data sets as pictures, to choose another one. @param {boolean} isChoosingData */
  chooseData(isChoosingData) {
    this.store.set({ isChoosingData });
  }

  /** Keep the step after so many updates, to compare others with it. @param {number | null} update */
  compareWith(update) {
    this.store.set({ compared: update === null ? null : { session: this.playground.model.session.id, update } });
  }

  /** Have views bring a map, or none. @param {readonly (number | "")[] | null} mapped features across and up, and the resolution */
  map(mapped) {
    if (mapped?.join() !== this.store.state.mapped?.join()) this.store.set({ mapped });
  }

  /** Have the map of a step: the current one, or the one that comes after those that were taken. @param {number} step */
  async loadMap(step) {
    const { model } = this.playground;
    model.look(await model.fetch(step > model.session.step ? {} : { step }));
  }
}
