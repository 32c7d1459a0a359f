// In the page: where the numbers of the cells that a scene hides can be read, at the places of the step where they would be.
async ([hide, asked]) => {
  const {playground} = document.querySelector("bp-network");
  const {timeline, batch, operation: begun, focus: begunFocus} = playground.state;
  const {program} = batch;
  const frame = () => new Promise(requestAnimationFrame);
  const settle = async () => { do { await frame(); await frame(); } while (playground.player.clock.following.length > 0); };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const open = "not computed yet";
  const indices = (axes) => axes.filter((axis) => axis !== "n").reduce(
    (found, axis) => found.flatMap((index) => Array.from({length: program.sizes[axis]}, (_, at) => [...index, at])), [[]]);
  const names = (tensor) => tensor !== "*" ? [tensor]
    : [...new Set(timeline.operations.filter(({nodes}) => nodes.length > 0).flatMap(({output, nodes}) => [output, ...nodes.map((node) => node.output)]))]
      .filter((name) => program.byName.has(name));
  const cells = hide.flatMap(({tensor, index}) => names(tensor).flatMap((name) =>
    (index ? [index] : indices(program.tensor(name).axes)).map((at) => ({tensor: name, index: at}))));
  const told = {};
  const tell = ({tensor, index}, place) => (told[`${tensor}[${index}]`] ??= new Set()).add(place);

  const look = ({tensor, index}) => {
    const {of, layer, role} = program.tensor(tensor);
    const isGradient = of && tensor === `d${of}`;
    const [place, unit] = [index.join(), index.at(-1)];
    const drawn = (name) => all(`svg.drawing [data-cell="${name}:${place}"]`);
    const says = (place) => tell({tensor, index}, place);
    if (isGradient ? drawn(of).some((one) => one.querySelector("title")?.textContent.includes(`${tensor} = `))
      : drawn(tensor).some((one) => one.matches(".unit, .gate, .output") && !one.getAttribute("aria-label").endsWith(open))) says("drawing");
    if (role === "mask" && drawn(tensor).some((one) => !one.matches(".unknown") || one.querySelector("text, .gate-way, .gate-slope") || one.querySelector("title").textContent !== open)) says("drawing");
    if ((role === "dW" || role === "db") && drawn(of).some((one) => one.matches(".backward"))) says("drawing");
    if (["mask", "da", "dz"].includes(role) && all(`svg.drawing [data-cell="mask${layer}:${unit}"].stopped, .edge.silent[data-cell^="W${layer}:"][data-cell$=",${unit}"]`).length > 0) says("cross");
    if (all(`bp-table button[aria-label^="${tensor}[${index.join(", ")}] = "]`).length > 0) says("table");
    if (all(`bp-card .block button[aria-label^="${tensor}[${index.join(", ")}] "]`).some((one) => one.textContent !== "")) says("card");
    const flat = index.reduce((sum, at, axis) => sum * (axis > 0 ? program.sizes[program.tensor(tensor).axes.slice(-index.length)[axis]] : 1) + at, 0);
    for (const {textContent} of all("bp-narrator p").filter((one) => !window.heardBefore.has(one))) {
      const values = textContent.split(` ${tensor}: `)[1]?.replace(/\.$/, "").split(", ");
      if (values && values[flat] !== open) says("narrator");
    }
  };
  // No more of the gradients written on the edges than there are that may be seen.
  const labels = () => {
    const {output} = timeline.operations[playground.state.operation];
    const concealed = cells.filter(({tensor}) => tensor === output).length;
    if (program.tensor(output).role === "dW" && concealed > 0 && all(".edge-label.backward").length > indices(program.tensor(output).axes).length - concealed)
      tell({tensor: output, index: []}, "labels");
  };
  const last = () => all("bp-narrator p").at(-1);
  const go = async (operation) => {
    if (playground.state.tab) playground.inspector.showTab("");
    if (playground.state.focus) playground.inspector.explain(null);
    const {start, duration} = timeline.operations[operation];
    playground.player.seek(start + duration);
    await settle();
  };

  const sentence = document.querySelector("bp-card .sentence").textContent;
  for (const cell of cells) look(cell);
  const visited = new Set();
  const makes = ({output, nodes}, tensor) => output === tensor || nodes.some((node) => node.output === tensor);
  const operations = timeline.operations.map((one, at) => ({...one, at})).filter((one) => asked.some(({tensor}) => makes(one, tensor)));
  for (const operation of operations) {
    await go(operation.at);
    for (const cell of cells) look(cell);
    labels();
    for (const {tensor, index} of asked.filter(({tensor}) => makes(operation, tensor))) {
      const cell = {tensor, index: index ?? indices(program.tensor(tensor).axes).at(-1)};
      visited.add(`${tensor}[${cell.index}]`);
      const said = last();
      playground.inspector.explain(cell);
      await settle();
      if (last() !== said) tell(cell, "narrator");
      if (all("bp-card .equation .numbers, bp-card .line.is-shown .line-value, bp-card ul.samples, bp-card figure.stack").length > 0) tell(cell, "card");
      if (operation.segment === "backward" && all(".pick.edge.backward").length > 0) tell(cell, "mark");
      for (const one of cells) look(one);
    }
    playground.inspector.showTab("table");
    await settle();
    for (const cell of cells) look(cell);
  }
  await go(begun);
  if (begunFocus) playground.inspector.explain(begunFocus);
  await settle();
  return {sentence, visited: [...visited], told: Object.fromEntries(Object.entries(told).map(([cell, places]) => [cell, [...places].sort()])),
    cells: cells.filter((cell) => asked.some(({tensor, index}) => tensor === cell.tensor && (!index || index.join() === cell.index.join())))
      .map(({tensor, index}) => `${tensor}[${index}]`)};
}
