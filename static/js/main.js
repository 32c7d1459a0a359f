import { Address, languageOfAddress } from "./address.js";
import { StoreElement } from "./core/element.js";
import { addressOf } from "./core/files.js";
import { firstView } from "./core/first-view.js";
import { loadLanguage, t, withAllTexts } from "./core/i18n.js";
import { languageFor } from "./core/languages.js";
import { remembered } from "./core/memory.js";
import { mistakeOf, modesOf } from "./core/modes.js";
import { brought, whyMissing } from "./core/version.js";
import { endAtAnyPress, openAlive, opensAlive } from "./opening.js";
import { Labs } from "./labs.js";
import { offerLabs, offersLabs } from "./offering.js";
import { Playground } from "./playground.js";
import { startPresenting } from "./presenting.js";
import { Sharing } from "./sharing.js";
import { followUpdates } from "./updating.js";

/** @type {import("./labs.js").FetchLab} */
const fetchLab = () => brought(withAllTexts(() => import("./views/lab.js")));

/** Brings the page to life: language, first lesson, the drawing, then what stands beside it. */
async function start() {
  const playground = new Playground();
  StoreElement.playground = playground;
  const language = languageFor([await languageOfAddress(), remembered("language"), ...navigator.languages]);
  const [lesson] = await Promise.all([
    fetch(addressOf("lessons/01-first-minute/lesson.json")).then((answer) => answer.json()),
    loadLanguage(language),
  ]);
  const came = firstView();
  if (came) playground.model.know(came.programs);
  StoreElement.sharing = new Sharing(playground, lesson, came);
  const labs = (StoreElement.labs = new Labs(playground, StoreElement.sharing, fetchLab));
  const address = new Address(StoreElement.sharing, labs);
  const modes = modesOf(location.search);
  document.documentElement.dataset.hide = modes.hidden.join(" ");
  document.documentElement.toggleAttribute("data-embedded", modes.isEmbedded);
  const isFramed = window !== window.parent;
  document.documentElement.toggleAttribute("data-framed", isFramed);
  playground.store.set({ goal: modes.goal });
  Object.assign(playground.player.captions, { all: lesson.captions, recipe: lesson.recipe });
  playground.player.opensAt = lesson.opensAt;
  followUpdates(playground);
  endAtAnyPress(playground);
  playground.player.opening.isDue = opensAlive();
  if (offersLabs()) offerLabs(playground);
  const opened = address.open();
  // Its keys, and the room for its strip, must be there when the drawing is.
  if (modes.isPresenting) await import("./views/bp-present.js");
  // Without them there is a page all the same, which says what is missing and asks for them again.
  if (modes.lab) await fetchLab().catch(() => {});
  await import("./views/index.js");
  const beside = new Promise((drawn) => playground.player.clock.afterNextFrame(() => drawn(null))).then(() => import("./views/beside.js"));
  // The first view is there before its session is; where none came with the page, it waits for one.
  if (!playground.state.isOpening) await opened;
  openAlive(playground);
  await beside;
  await opened;
  const mistake = mistakeOf(location.search);
  if (mistake && !playground.state.problem) playground.store.set({ problem: t(mistake.key, mistake.params) });
  if (modes.isPresenting) startPresenting(playground);
  address.follow();
  if (isFramed) await brought(import("./framing.js")).then(({ beFramed }) => beFramed(playground, modes.lab?.id ?? null), () => playground.store.set({ problem: whyMissing() }));
}

void start();
