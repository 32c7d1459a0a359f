import { emptyRun, USUAL_KINDS, USUAL_NAMES } from "./trace/doctor/usual.js";

/**
 * What the page knows. One object, replaced in parts; views read it and call `Playground`'s methods.
 *
 * @typedef {import("./trace/program/trace.js").Trace} Trace
 * @typedef {import("./trace/program/timeline.js").Timeline} Timeline
 * @typedef {import("./trace/program/timeline.js").Granularity} Granularity
 * @typedef {{step: number[], loss: number[], accuracy: (number | null)[], held_out_loss: (number | null)[]}} HistoryColumns
 * @typedef {{tensor: string, index: number[]}} Cell a cell of a tensor; index without the sample axis
 *
 * @typedef {object} Session what the server answers about a session
 * @property {string} id "" while it is on its way and only its first view is there
 * @property {number} step
 * @property {number} version counts its changes
 * @property {number} furthest_step updates that were done before a rewind
 * @property {number} batch_rows rows that the next step will see
 * @property {string} program fingerprint of its program
 * @property {number} steps_per_epoch 1: every batch is all there is to train on
 * @property {any} model
 * @property {"classes" | "probabilities" | "numbers"} targets what y means to the loss
 * @property {any} optimizer
 * @property {number | null} batch_size null: all rows, in order
 * @property {boolean} shuffle whether every epoch goes through its batches in an order of its own
 * @property {any} dataset
 * @property {string | null} expires_at
 *
 * @typedef {"hand" | "notebook" | "still"} Door of the doctor: numbers by hand, code in a notebook, it runs but does not learn
 * @typedef {object} Paper what was brought to a door, and what came of it
 * @property {import("./trace/doctor/paper.js").Run[]} runs at least one
 * @property {import("./trace/doctor/paper.js").Diagnosis | null} diagnosis of these texts
 * @property {{text: string, run: number, line: number | null} | null} problem said at a run
 * @property {string[]} lacks names without which nothing can be compared
 *
 * @typedef {object} Doctor
 * @property {Door | null} door null: the question stands
 * @property {Record<"hand" | "notebook", Paper>} papers
 * @property {import("./trace/doctor/paper.js").Kinds} kinds
 * @property {import("./trace/doctor/notebook.js").Names} names of the learner's variables
 * @property {import("./trace/doctor/paper.js").Case[]} cases that can be asked for, in their order
 * @property {any} choices what the engine offers; null: not known yet
 * @property {boolean} isBusy
 *
 * @typedef {{layer: number, unit: number, activation?: string, changed?: number}} Exchange activation: the one that is tried; changed: lines of the step that are other with it
 * @typedef {{tensor: string, index: number[], sample: number | null, slice: import("./trace/measure/nudge.js").Slice}} Nudged
 *
 * @typedef {{id: string, minutes: number, scenes: number, is_list: boolean, title: string, question: string}} LabName scenes counts them; is_list: its questions stand alone
 * @typedef {{tensor: string, index: number[] | null}} HiddenCell without an index the whole tensor, "*" for all results
 * @typedef {object} LabScene
 * @property {string} id
 * @property {any} recipe body of POST /sessions
 * @property {{sample: number, at: {scope: "sample" | "batch", output: string} | null, focus: HiddenCell | null, tab: string, view: "map" | "why" | null, stage: string | null, with: any}} show
 * @property {import("./lab/asking.js").Ask | null} ask
 * @property {HiddenCell[]} hide
 * @property {{id: string, recipe: any}[]} switch
 * @property {{experiment: string, body: any, variants: Record<string, any>, controls: Record<string, any[]>} | null} run
 * @property {Record<string, any>} traces bodies of POST /trace
 * @property {{f: string, slope: number | null, x: number[], a: number[], mask: number[]}[]} grids all that the instrument `line` can show
 * @property {{body: any, cases: import("./lab/another.js").Case[]} | null} another the step in which *Another one* makes a mistake, and the mistakes
 * @property {string[]} may
 * @property {import("./lab/expression.js").Expression} checkpoint
 * @property {HiddenCell | null} look what the card explains once the scene is told
 *
 * @typedef {object} Lab as the server answers it
 * @property {string} id
 * @property {number} minutes
 * @property {string | null} next
 * @property {Record<string, any[]>} listings
 * @property {LabScene[]} scenes
 * @property {Record<string, any>} programs of all steps that it can show, by their fingerprint
 * @property {string} language of its words
 * @property {{title: string, question: string, scenes: Record<string, import("./lab/asking.js").Words>, say: string[], limit: string | null}} words
 *
 * @typedef {"ask" | "do" | "told"} Beat
 * @typedef {object} LabState
 * @property {Lab} lab
 * @property {number} at index of the scene; the number of all scenes: its end
 * @property {Beat} beat
 * @property {{given?: import("./lab/asking.js").Given, is_right?: boolean, line?: string, named?: number}} answer
 * @property {import("./lab/asking.js").Given | null} told the answer whose feedback is shown; null: what is right
 * @property {readonly boolean[]} parts which of several things to do are done; none where it is one
 * @property {boolean} isDone whether the checkpoint of the scene has held
 * @property {readonly string[]} done scenes whose checkpoint has held, at any visit
 * @property {boolean} isWandering whether something was changed that does not belong to the scene
 * @property {boolean} isFolded whether something else altogether is shown
 * @property {boolean} isSpeaking whether a feedback is being read
 * @property {readonly HiddenCell[]} concealed what nobody sees before the answer
 * @property {import("./lab/another.js").Case | null} another the mistake of the catalogue that is asked about, when all rounds are named
 * @property {readonly string[]} hunted the mistakes that have been asked about
 * @property {number} round of a question that is asked about several steps, from 0
 * @property {string | null} chip of the scene's switch
 * @property {Readonly<Record<string, {step: number, loss: number}>>} trained how far the run of each chip was trained, where steps belong to the scene
 * @property {boolean} areHandsUp whether a class that was asked has put its hands up
 * @property {Nudged | null} nudgedBefore what was moved last before the scene began
 * @property {{name: string} & Record<string, any>} stage the instrument that is open, and what it shows; name "": none
 * @property {any} experiment
 * @property {Record<string, Trace>} traces the scene's own steps, as far as they were asked for
 *
 * @typedef {object} State
 * @property {"loading" | "ready" | "failed"} status
 * @property {string | null} problem a sentence to show, or null
 * @property {any} recipe the request that made the session: model, parameters or initializer, optimizer, dataset, batch_size, shuffle, seed
 * @property {Session | null} session
 * @property {Trace | null} batch the current step, batch scope
 * @property {ReadonlyMap<number, Trace>} samples the same step in sample scope, by row of the batch
 * @property {import("./api/view.js").DecisionMap | null} map what the network answers with the weights of the current step; null: not asked for
 * @property {import("./api/view.js").DecisionMap | null} mapAfter the map after steps that were taken but are not shown yet; null: there are none, or nobody asked
 * @property {readonly (number | "")[] | null} mapped features across and up ("": as the server chooses), and the resolution, of a map that somebody looks at
 * @property {{step: number, patch: any}[]} edits changes of the session since its recipe, in order
 * @property {number} undoable how many changes can be taken back
 * @property {number} redoable how many can be made again
 * @property {{min: number, max: number} | null} reach how far the slider goes that is dragged; null: none is
 * @property {{of: string, value: number} | null} slid where the hand has put the slider, of what it changes, until the answer of that change is there
 * @property {number} cutSteps how many later steps the last change cut off; taking it back brings them back
 * @property {ReadonlyMap<number, Trace> | null} ghost the sample views before the last change, by row
 * @property {number} sample the row shown, counted from 0
 * @property {boolean} isTheLongWay whether the sample views open the gradients of the output: dL/dp and the Jacobian
 * @property {Trace | null} live the last frame of a running training, else null
 * @property {Timeline | null} timeline
 * @property {number} operation index of the operation in play
 * @property {number} arrived how many units of that operation have arrived (all: its `units`)
 * @property {boolean} isPlaying
 * @property {boolean} isPreview the step is shown as it was computed, before anybody played it: Play then begins at its beginning
 * @property {boolean} isOpening a wave of gradient runs through it, by itself
 * @property {boolean} isOneStop whether what plays ends at the next stop
 * @property {boolean} isTraining
 * @property {Granularity} granularity
 * @property {number} speed 0.25 to 4
 * @property {boolean} isGuided the first, captioned play is under way
 * @property {{text: string, values?: Record<string, string | number>, wiggle?: boolean} | null} caption the caption shown: its key and numbers, and whether gates' dots move
 * @property {{before: number, after: number} | null} outcome the loss before and after the update that was just taken, while the forward pass with the new weights is shown
 * @property {{before: number, after: number} | null} sameBatch the loss of the batch before and after its own update, at the end of a step whose next one has other samples
 * @property {Cell | null} focus the cell that the card explains; null: the card chooses
 * @property {Cell | null} hover the cell under the pointer
 * @property {Exchange | null} exchange the hidden layer whose activation is tried out in another one's place
 * @property {{layer: number, x: number, y: number} | null} layerMenu the hidden layer whose choices are open, and where, in px of the window
 * @property {boolean} isChoosingData whether the data sets are shown as pictures
 * @property {{session: string, update: number} | null} compared a step of a session that the one shown is compared with
 * @property {boolean} isPredicting whether one is asked before an operation plays
 * @property {import("./trace/ask/predict.js").Question | null} question that stands open
 * @property {Cell | null} hidden what it asks for: not shown anywhere until it is answered
 * @property {import("./trace/ask/predict.js").Score} score
 * @property {HistoryColumns} history
 * @property {"step" | "values" | "gradients"} thumbnails what the small pictures of a wide network show
 * @property {string} tab what is open in the column beside the drawing in place of the explanation: layers, the table ...; "": nothing
 * @property {"sizes" | "values"} layers what the panel of layers shows: norms, or how z is spread
 * @property {"map" | "why"} place what the reader wants to see in that column while nothing moves and nothing is asked
 * @property {boolean} isSettingsOpen
 * @property {"network" | "learning" | null} settingsPart the part of the settings that was asked for; null: the whole
 * @property {import("./core/brought-file.js").BroughtFile | null} givenTable a file that was dropped on the page, for the settings to take
 * @property {boolean} isSheetOpen whether a phone shows the whole explanation
 * @property {boolean} isDoctorOpen
 * @property {Doctor} doctor what is wrong with a learner's own numbers
 * @property {(import("./trace/doctor/parting.js").Parting & {session: string}) | null} parting where they part from the right ones, in the drawing of that session
 * @property {{drawn: string, state: Partial<State>} | null} setAside what was shown before the doctor drew a learner's network, and that one's session
 * @property {boolean} hasPlayed
 * @property {boolean} isPresenting shown to a class: drawing, caption and scope only
 * @property {boolean} areNumbersHidden while presenting: "what comes next?"
 * @property {boolean} isBlank while presenting: nothing but a dark screen
 * @property {string | null} goal a task that a course page has set, as in its address
 * @property {boolean} isNudging whether the card moves the number that it is about a little to both sides
 * @property {Nudged | null} nudged the number that was moved last, and what came of it
 * @property {LabName[] | null} labs all that there are; null: not known yet
 * @property {boolean} offersLabs on a first visit: they stand below the drawing
 * @property {LabState | null} lab the lab that is under way
 */

/** @typedef {import("./core/store.js").Store<State>} PlaygroundStore */

/** @returns {Paper} */
export const emptyPaper = () => ({ runs: [emptyRun()], diagnosis: null, problem: null, lacks: [] });

/** @returns {HistoryColumns} */
export const emptyHistory = () => ({ step: [], loss: [], accuracy: [], held_out_loss: [] });

/** @returns {State} */
export const initialState = () => ({
  status: "loading",
  problem: null,
  recipe: null,
  session: null,
  batch: null,
  samples: new Map(),
  map: null,
  mapAfter: null,
  mapped: null,
  edits: [],
  undoable: 0,
  redoable: 0,
  cutSteps: 0,
  ghost: null,
  sample: 0,
  isTheLongWay: false,
  live: null,
  timeline: null,
  operation: 0,
  arrived: 0,
  isPlaying: false,
  isPreview: false,
  isOpening: false,
  isOneStop: false,
  isTraining: false,
  granularity: "operation",
  speed: 1,
  isGuided: false,
  caption: null,
  outcome: null,
  sameBatch: null,
  focus: null,
  hover: null,
  isPredicting: false,
  question: null,
  hidden: null,
  score: { right: 0, asked: 0, last: null },
  exchange: null,
  layerMenu: null,
  isChoosingData: false,
  compared: null,
  history: emptyHistory(),
  thumbnails: "step",
  tab: "",
  layers: "sizes",
  place: "map",
  isSettingsOpen: false,
  settingsPart: null,
  givenTable: null,
  isSheetOpen: false,
  isDoctorOpen: false,
  doctor: {
    door: null,
    papers: { hand: emptyPaper(), notebook: emptyPaper() },
    kinds: USUAL_KINDS,
    names: USUAL_NAMES,
    cases: [],
    choices: null,
    isBusy: false,
  },
  parting: null,
  setAside: null,
  hasPlayed: false,
  isPresenting: false,
  areNumbersHidden: false,
  isBlank: false,
  goal: null,
  isNudging: false,
  nudged: null,
  reach: null,
  slid: null,
  labs: null,
  offersLabs: false,
  lab: null,
});
