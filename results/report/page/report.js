"use strict";
// Draws what the reader chooses over the figures that the page came with. D3 is the global d3.
(function () {
  const run = JSON.parse(document.getElementById("run").textContent);
  const series = new Map();
  for (const [metric, group, shift, model, value, low, high, n] of run.series) {
    series.set([metric, group, shift, model].join("/"), { model, value, low, high, n });
  }
  const state = { metric: run.leading, group: 0, sameScale: true, hidden: new Set(), shift: null, level: null, zoom: null };
  const tip = document.getElementById("tip");
  const detail = document.getElementById("detail");

  document.body.classList.add("has-script");

  // ---- values ------------------------------------------------------------------------------------------------------------
  const seriesAt = (shift, model) => series.get([state.metric, state.group, shift, model].join("/"));
  const seriesOf = (shift) => run.models.map((_, model) => seriesAt(shift, model)).filter((s) => s && !state.hidden.has(s.model));
  const known = (x) => x !== null && x !== undefined && isFinite(x);

  function shown(value) {
    if (!known(value)) return "–";
    if (run.metrics[state.metric].unit === "fraction") return value.toFixed(3);
    const size = Math.abs(value);
    if (size >= 1e7 || (size !== 0 && size < 1e-4)) return value.toExponential(3);
    const magnitude = size === 0 ? 0 : Math.floor(Math.log10(size));
    return value.toFixed(Math.max(0, Math.min(6, 3 - magnitude)));
  }

  const interval = (s, level) => (known(s.low[level]) && known(s.high[level]) ? `[${shown(s.low[level])}, ${shown(s.high[level])}]` : "");

  function loss(s, shift, level) {
    const at = run.shifts[shift].reference;
    const reference = at === null ? cleanValue(s.model) : s.value[at];
    if (!known(reference) || !known(s.value[level])) return null;
    const direction = run.metrics[state.metric].direction;
    const difference = reference - s.value[level];
    return direction === 1 ? difference : direction === -1 ? -difference : Math.abs(difference);
  }

  function cleanValue(model) {
    const shift = run.shifts.findIndex((s) => s.name === "clean");
    const s = shift < 0 ? null : seriesAt(shift, model);
    return s ? s.value[0] : null;
  }

  // ---- scales ------------------------------------------------------------------------------------------------------------
  function valueDomain(shifts) {
    let low = Infinity, high = -Infinity;
    for (const shift of shifts) {
      for (const s of seriesOf(shift)) {
        for (const x of [...s.value, ...s.low, ...s.high]) {
          if (known(x)) { low = Math.min(low, x); high = Math.max(high, x); }
        }
      }
    }
    if (low > high) return [0, 1];
    if (state.sameScale && run.metrics[state.metric].unit === "fraction" && low >= 0 && high <= 1) return [0, 1];
    if (state.sameScale && low > 0 && low < 0.5 * high) low = 0;
    return low === high ? [low - 0.5, high + 0.5] : [low, high];
  }

  const allShifts = run.shifts.map((_, s) => s);
  const domainFor = (shift) => valueDomain(state.sameScale ? allShifts : [shift]);

  function levelDomain(shift) {
    const levels = run.shifts[shift].levels;
    const low = levels[0], high = levels[levels.length - 1];
    return high > low ? [low, high] : [low - 0.5, low + 0.5];
  }

  const modelClass = (model) => `m${model % 8}` + (model >= 8 ? ` dash${Math.floor(model / 8) % 3}` : "");
  const shapes = [d3.symbolCircle, d3.symbolSquare, d3.symbolTriangle, d3.symbolDiamond];
  const short = (text, most) => (text.length <= most ? text : text.slice(0, most - 1) + "…");

  // Places of the labels that fit side by side.
  function labelledLevels(shift, width) {
    const labels = run.shifts[shift].labels;
    const longest = Math.min(10, Math.max(...labels.map((l) => l.length)));
    const step = Math.max(1, Math.ceil(labels.length / Math.max(1, width / (7 * longest + 8))));
    return d3.range(0, labels.length, step);
  }

  // Axes, bands, curves and marks into `svg`, within `frame` {left, top, right, bottom}.
  function drawCurves(svg, shift, x, y, frame, markSize) {
    const facts = run.shifts[shift];
    svg.selectAll("*").remove();
    for (const tick of y.ticks(4)) {
      svg.append("line").attr("class", "grid").attr("x1", frame.left).attr("x2", frame.right).attr("y1", y(tick)).attr("y2", y(tick));
      svg.append("text").attr("x", frame.left - 5).attr("y", y(tick) + 3.5).attr("text-anchor", "end").text(d3.format(".6~g")(tick));
    }
    svg.append("line").attr("class", "axis").attr("x1", frame.left).attr("x2", frame.right).attr("y1", frame.bottom).attr("y2", frame.bottom);
    for (const level of labelledLevels(shift, frame.right - frame.left)) {
      const at = x(facts.levels[level]);
      if (at < frame.left - 1 || at > frame.right + 1) continue;
      svg.append("text").attr("x", at).attr("y", frame.bottom + 14).attr("text-anchor", "middle").text(short(facts.labels[level], 10));
    }
    const clip = `clip-${shift}-${markSize}`;
    svg.append("clipPath").attr("id", clip).append("rect").attr("x", frame.left - 4).attr("y", frame.top - 4)
      .attr("width", frame.right - frame.left + 8).attr("height", frame.bottom - frame.top + 8);
    const plot = svg.append("g").attr("clip-path", `url(#${clip})`);
    const area = d3.area().defined((d) => known(d.low) && known(d.high)).x((d) => x(d.at)).y0((d) => y(d.low)).y1((d) => y(d.high));
    const line = d3.line().defined((d) => known(d.value)).x((d) => x(d.at)).y((d) => y(d.value));
    const drawn = seriesOf(shift).map((s) => ({ model: s.model, rows: facts.levels.map((at, l) => ({ at, value: s.value[l], low: s.low[l], high: s.high[l] })) }));
    for (const s of drawn) plot.append("path").attr("class", `band ${modelClass(s.model)}`).attr("d", area(s.rows));
    for (const s of drawn) {
      plot.append("path").attr("class", `line ${modelClass(s.model)}`).attr("data-model", s.model).attr("d", line(s.rows));
      if (s.rows.length > 40) continue;
      const symbol = d3.symbol().type(shapes[s.model % 4]).size(markSize)();
      for (const row of s.rows.filter((r) => known(r.value))) {
        plot.append("path").attr("class", `mark ${modelClass(s.model)}`).attr("transform", `translate(${x(row.at)},${y(row.value)})`).attr("d", symbol);
      }
    }
    if (drawn.length === 0) {
      svg.append("text").attr("x", (frame.left + frame.right) / 2).attr("y", (frame.top + frame.bottom) / 2).attr("text-anchor", "middle")
        .text(state.hidden.size === run.models.length ? "no model is chosen" : "no values");
    }
  }

  function summaryOf(shift) {
    const facts = run.shifts[shift];
    const last = facts.labels.length - 1;
    const parts = seriesOf(shift).map((s) => `${run.models[s.model]}: ${shown(s.value[0])} at ${facts.labels[0]}, ${shown(s.value[last])} at ${facts.labels[last]}`);
    return `${run.metrics[state.metric].name} under ${facts.name}. ${parts.join(". ")}`;
  }

  // ---- small multiples ---------------------------------------------------------------------------------------------------
  const smallFrame = { left: 40, top: 8, right: 290, bottom: 160 };
  function drawSmall(figure) {
    const shift = +figure.dataset.shift;
    const svg = d3.select(figure).select("svg");
    const x = d3.scaleLinear(levelDomain(shift), [smallFrame.left, smallFrame.right]);
    const y = d3.scaleLinear(domainFor(shift), [smallFrame.bottom, smallFrame.top]).nice(4);
    drawCurves(svg, shift, x, y, smallFrame, 22);
    svg.insert("title", "*").text(summaryOf(shift));
    figure.classList.toggle("opened", state.shift === shift);
  }

  // ---- the open panel ----------------------------------------------------------------------------------------------------
  function button(text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function openShift(shift, focus) {
    state.shift = shift;
    state.level = null;
    state.zoom = null;
    detail.hidden = false;
    detail.replaceChildren();
    const head = document.createElement("div");
    head.className = "detail-head";
    const title = document.createElement("h3");
    title.textContent = run.shifts[shift].name;
    head.append(title);
    if (run.shifts.length > 1) {
      const step = (by) => openShift((shift + by + run.shifts.length) % run.shifts.length, true);
      head.append(button("‹", "Previous shift", () => step(-1)), button("›", "Next shift", () => step(1)));
    }
    const reset = button("reset zoom", "", () => zoomTo(null));
    reset.id = "reset-zoom";
    head.append(button("+", "Zoom in", () => zoomBy(0.5)), button("−", "Zoom out", () => zoomBy(2)), reset, button("close", "Close the panel", closeShift));
    const holder = document.createElement("div");
    const svg = d3.select(holder).append("svg").attr("id", "detail-chart").attr("role", "img").attr("tabindex", 0).attr("aria-describedby", "detail-help");
    svg.node().addEventListener("keydown", keyed);
    const help = document.createElement("p");
    help.className = "note help";
    help.id = "detail-help";
    help.textContent = "Point at a level to read values; drag to zoom. Keys: left and right go through the levels, + and − zoom, 0 shows all, Escape closes.";
    detail.append(head, holder, help);
    drawDetail();
    drawMultiples();
    if (focus) svg.node().focus({ preventScroll: true });
    const box = detail.getBoundingClientRect();
    if (box.top < 50 || box.bottom > window.innerHeight) detail.scrollIntoView({ block: "nearest" });
  }

  function closeShift() {
    const figure = document.querySelector(`.multiple[data-shift="${state.shift}"] .open`);
    state.shift = null;
    detail.hidden = true;
    detail.replaceChildren();
    hideTip();
    drawMultiples();
    if (figure) figure.focus();
  }

  let scales = null;
  function drawDetail() {
    if (state.shift === null) return;
    const wide = detail.clientWidth > 560;
    const size = wide ? { width: 1000, height: 420 } : { width: 440, height: 340 };
    const frame = { left: 56, top: 14, right: size.width - 16, bottom: size.height - 44 };
    const svg = d3.select("#detail-chart").attr("viewBox", `0 0 ${size.width} ${size.height}`).attr("aria-label", summaryOf(state.shift));
    const x = d3.scaleLinear(state.zoom ? state.zoom.x : levelDomain(state.shift), [frame.left, frame.right]);
    const y = d3.scaleLinear(state.zoom ? state.zoom.y : domainFor(state.shift), [frame.bottom, frame.top]);
    if (!state.zoom) y.nice(5);
    scales = { x, y, frame };
    drawCurves(svg, state.shift, x, y, frame, 70);
    svg.append("text").attr("x", (frame.left + frame.right) / 2).attr("y", size.height - 8).attr("text-anchor", "middle").text(run.shifts[state.shift].unit || "level");
    svg.append("line").attr("class", "cross").attr("y1", frame.top).attr("y2", frame.bottom).attr("hidden", true);
    const brush = d3.brush().extent([[frame.left, frame.top], [frame.right, frame.bottom]]).touchable(false).on("end", function () {
      const chosen = d3.event.selection;
      if (!chosen) return;
      const [[x0, y0], [x1, y1]] = chosen;
      d3.select(this).call(brush.move, null);
      if (x1 - x0 > 8 && y1 - y0 > 8) zoomTo({ x: [x.invert(x0), x.invert(x1)], y: [y.invert(y1), y.invert(y0)] });
    });
    svg.append("g").attr("class", "brush").call(brush);
    svg.on("pointermove.read pointerdown.read", function () { readAt(nearestLevel(d3.mouse(this)[0])); }).on("pointerleave.read", hideTip);
    document.getElementById("reset-zoom").disabled = state.zoom === null;
  }

  function zoomTo(zoom) {
    state.zoom = zoom;
    hideTip();
    drawDetail();
  }

  function zoomBy(factor) {
    const around = ([low, high], whole) => {
      const middle = (low + high) / 2, half = ((high - low) / 2) * factor;
      return [Math.max(whole[0], middle - half), Math.min(whole[1], middle + half)];
    };
    const wholeX = levelDomain(state.shift);
    const wholeY = d3.scaleLinear(domainFor(state.shift), [0, 1]).nice(5).domain();
    const zoom = { x: around(scales.x.domain(), wholeX), y: around(scales.y.domain(), wholeY) };
    const all = zoom.x[0] <= wholeX[0] && zoom.x[1] >= wholeX[1] && zoom.y[0] <= wholeY[0] && zoom.y[1] >= wholeY[1];
    zoomTo(all ? null : zoom);
  }

  function nearestLevel(at) {
    const levels = run.shifts[state.shift].levels;
    return d3.range(levels.length).reduce((best, l) => (Math.abs(scales.x(levels[l]) - at) < Math.abs(scales.x(levels[best]) - at) ? l : best), 0);
  }

  // Values at a level: into the tip, and said to a screen reader when asked by key.
  function readAt(level, aloud) {
    state.level = level;
    const facts = run.shifts[state.shift];
    const rows = seriesOf(state.shift);
    const title = `${facts.unit || "level"} ${facts.labels[level]}`;
    tip.replaceChildren();
    tip.append(Object.assign(document.createElement("strong"), { textContent: `${facts.name}, ${title}` }));
    const table = document.createElement("table");
    for (const s of rows) {
      const row = table.insertRow();
      row.dataset.model = s.model;
      const swatch = document.createElement("span");
      swatch.className = `swatch ${modelClass(s.model)}`;
      const name = row.insertCell();
      name.append(swatch, short(run.models[s.model], 40));
      row.insertCell().textContent = shown(s.value[level]);
      row.insertCell().textContent = interval(s, level);
      row.insertCell().textContent = `n = ${s.n[level]}`;
    }
    tip.append(table);
    tip.hidden = false;
    const svg = document.getElementById("detail-chart");
    const box = svg.getBoundingClientRect();
    const unit = box.width / svg.viewBox.baseVal.width;
    const at = box.left + scales.x(facts.levels[level]) * unit;
    const left = at + 14 + tip.offsetWidth > document.documentElement.clientWidth ? at - 14 - tip.offsetWidth : at + 14;
    const narrow = box.width < 560;  // then the tip would hide what it is about
    tip.style.left = `${(narrow ? 4 : Math.max(4, left)) + window.scrollX}px`;
    tip.style.top = `${(narrow ? box.bottom + 4 : box.top + scales.frame.top * unit) + window.scrollY}px`;
    d3.select(svg).select(".cross").attr("hidden", null).attr("x1", scales.x(facts.levels[level])).attr("x2", scales.x(facts.levels[level]));
    if (aloud) {
      document.getElementById("said").textContent = `${title}: ` + rows.map((s) => `${run.models[s.model]} ${shown(s.value[level])} ${interval(s, level)}`).join("; ");
    }
  }

  function hideTip() {
    tip.hidden = true;
    d3.select("#detail-chart .cross").attr("hidden", true);
  }

  function keyed(event) {
    const levels = run.shifts[state.shift].levels.length;
    const acts = {
      ArrowRight: () => readAt(state.level === null ? 0 : Math.min(levels - 1, state.level + 1), true),
      ArrowLeft: () => readAt(state.level === null ? levels - 1 : Math.max(0, state.level - 1), true),
      Home: () => readAt(0, true),
      End: () => readAt(levels - 1, true),
      "+": () => zoomBy(0.5),
      "=": () => zoomBy(0.5),
      "-": () => zoomBy(2),
      0: () => zoomTo(null),
      Escape: closeShift,
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  // ---- heat map ----------------------------------------------------------------------------------------------------------
  const heatCells = [...document.querySelectorAll("td.heat")];
  function drawHeat() {
    const values = heatCells.map((cell) => {
      const { m, s, l } = cell.dataset;
      const one = seriesAt(+s, +m);
      return { cell, one, level: +l, lost: one ? loss(one, +s, +l) : null };
    });
    const worst = Math.max(0, ...values.map((v) => v.lost || 0));
    for (const { cell, one, level, lost } of values) {
      const t = worst > 0 && lost !== null ? Math.max(0, Math.min(1, lost / worst)) : 0;
      cell.style.setProperty("--t", t.toFixed(3));
      cell.classList.toggle("deep", t > 0.55);
      cell.textContent = one ? shown(one.value[level]) : "–";
      cell.title = one ? `${cell.id}: ${shown(one.value[level])} ${interval(one, level)}, n = ${one.n[level]}` : "";
    }
    const group = run.groups[state.group];
    for (const name of document.querySelectorAll(".heat-metric")) name.textContent = run.metrics[state.metric].name + (group ? ` of ${group}` : "");
  }

  // ---- reliability -------------------------------------------------------------------------------------------------------
  function drawReliability(shift) {
    for (const figure of document.querySelectorAll(".reliability")) {
      const own = run.reliability.filter(([model, name]) => model === figure.dataset.model && (name === "clean" || name === shift));
      const clean = own.filter(([, name]) => name === "clean");
      const lines = [...clean, ...own.filter(([, name]) => name !== "clean")];
      const steps = lines.map((_, i) => (lines.length > 1 ? Math.floor((i * 4) / (lines.length - 1)) : 0));
      const x = d3.scaleLinear([0, 1], [40, 230]), y = d3.scaleLinear([0, 1], [198, 8]);
      const svg = d3.select(figure).select("svg");
      svg.selectAll("polyline, circle, .drawn").remove();
      lines.forEach(([, , , bins], i) => {
        const full = bins.filter((b) => b[0] > 0).map(([n, hits, sum]) => ({ n, x: x(sum / n), y: y(hits / n) }));
        const most = d3.max(full, (b) => b.n) || 1;
        const g = svg.append("g").attr("class", "drawn");
        g.append("path").attr("class", `line step${steps[i]}`).attr("d", d3.line().x((b) => b.x).y((b) => b.y)(full));
        for (const b of full) g.append("circle").attr("class", `mark step${steps[i]}`).attr("cx", b.x).attr("cy", b.y).attr("r", 1.2 + 4 * Math.sqrt(b.n / most));
      });
      const key = figure.querySelector(".key");
      key.replaceChildren();
      lines.forEach(([, name, label], i) => {
        const swatch = document.createElement("span");
        swatch.className = `swatch step${steps[i]}`;
        key.append(swatch, name === "clean" ? "clean " : `level ${label} `);
      });
    }
  }

  function setUpReliability() {
    const select = document.getElementById("reliability-shift");
    if (!select) return;
    const names = [...new Set(run.reliability.map(([, shift]) => shift))].filter((name) => name !== "clean");
    const before = [...document.querySelectorAll(".reliability")].map((figure) => figure.innerHTML);
    select.append(new Option("all", ""));
    for (const name of names) select.append(new Option(short(name, 60), name));
    select.addEventListener("change", () => {
      document.querySelectorAll(".reliability").forEach((figure, i) => { figure.innerHTML = before[i]; });
      if (select.value !== "") drawReliability(select.value);
    });
  }

  // ---- all together ------------------------------------------------------------------------------------------------------
  const multiples = [...document.querySelectorAll(".multiple")];
  const drawMultiples = () => multiples.forEach(drawSmall);

  function drawAll() {
    const metric = run.metrics[state.metric];
    document.getElementById("metric-name").textContent = metric.name;
    document.getElementById("metric-summary").textContent = metric.summary;
    document.getElementById("metric-direction").textContent = metric.direction === 1 ? "(higher is better)" : metric.direction === -1 ? "(lower is better)" : "";
    for (const entry of document.querySelectorAll("button.model")) entry.setAttribute("aria-pressed", String(!state.hidden.has(+entry.dataset.model)));
    drawMultiples();
    drawHeat();
    hideTip();
    drawDetail();
  }

  function listen() {
    const on = (id, act) => { const element = document.getElementById(id); if (element) element.addEventListener("change", () => { act(element); state.zoom = null; drawAll(); }); };
    on("metric", (element) => { state.metric = +element.value; });
    on("group", (element) => { state.group = +element.value; });
    on("same-scale", (element) => { state.sameScale = element.checked; });
    for (const entry of document.querySelectorAll("button.model")) {
      entry.addEventListener("click", () => {
        const model = +entry.dataset.model;
        if (!state.hidden.delete(model)) state.hidden.add(model);
        drawAll();
      });
    }
    for (const figure of multiples) {
      const open = () => openShift(+figure.dataset.shift, true);
      figure.querySelector(".open").addEventListener("click", open);
      figure.querySelector("svg").addEventListener("click", open);
    }
    let width = window.innerWidth;
    window.addEventListener("resize", () => { if (window.innerWidth !== width) { width = window.innerWidth; hideTip(); drawDetail(); } });
    document.getElementById("theme").addEventListener("click", () => {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    });
  }

  listen();
  if (run.metrics.length > 0) drawAll();
  setUpReliability();
})();
