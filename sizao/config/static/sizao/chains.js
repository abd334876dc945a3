/* Chains of transmission: a tree over time, or a network; a case opens its page. */
import { CLASS_COLOURS, COLOURS, FONT, FOUND_COLOURS, GREY, STEPS, button, element, facts, keeping, small, start, words } from "./picture.js";
import { packed } from "./network.js";

const ROW = 16;        // pixels between rows when the picture is kept whole
const ROWS_SEEN = 42;  // rows shown at first
const DAY = 86_400_000; // milliseconds
const LABELS_UP_TO = 60; // rows in view beyond which numbers would lie on each other

/** Columns become one object per case. */
function casesOf({ cases, words: codes, areas }) {
  const names = Object.keys(cases);
  return cases.y.map((_, index) => {
    const one = Object.fromEntries(names.map((name) => [name, cases[name][index]]));
    return { ...one, index, codes, areaName: areas[one.area] || "" };
  });
}

/** What the colour of a case says: the key, in the order of the legend, and its label. */
function coded(one, by) {
  if (by === "generation") return [one.generation, `${words.generation} ${one.generation}`];
  const key = one[by] ?? "~elsewhere";
  return [key, one.codes[by][key] || words.elsewhere];
}

function colourOf(by, key, place, n) {
  if (by === "generation") return STEPS[n < 2 ? 3 : Math.round((place * (STEPS.length - 1)) / (n - 1))];
  if (key === "unknown" || key === "~elsewhere") return GREY;
  return CLASS_COLOURS[key] || FOUND_COLOURS[key] || COLOURS[place % COLOURS.length];
}

/** Groups of cases by what their colour says, in the order of the legend. */
function groups(cases, by) {
  const found = new Map();
  for (const one of cases) {
    const [key, label] = coded(one, by);
    if (!found.has(key)) found.set(key, { key, label, cases: [] });
    found.get(key).cases.push(one);
  }
  const ordered = [...found.values()].sort((a, b) => (by === "generation" ? a.key - b.key : b.cases.length - a.cases.length));
  ordered.forEach((group, place) => { group.colour = colourOf(by, group.key, place, ordered.length); });
  return ordered;
}

const symbol = (one) => (one.id === null ? "rect" : one.imported ? "triangle" : one.linked ? "circle" : "diamond");
const size = (one) => 8 + Math.min(12, 3 * Math.sqrt(one.n_secondary)) + (symbol(one) === "circle" ? 0 : 2);

function beside(one, cases) {
  const source = one.infector === null ? (one.imported ? words.imported : one.linked ? words.none : words.unlinked) : cases[one.infector].number || words.elsewhere;
  return facts(one.number ? `${words.caseOf} ${one.number}` : words.elsewhere, [
    [one.basis === "report" ? words.report : words.onset, one.date || words.noDate],
    [words.source, source],
    [words.probability, one.infector !== null && one.n_candidates > 1 ? `${Math.round(100 * one.probability)}%` : ""],
    [words.candidates, one.n_candidates > 1 ? one.n_candidates : ""],
    [words.setting, one.setting && one.setting !== "unknown" ? one.codes.setting[one.setting] : ""],
    [words.generation, one.generation],
    [words.cluster, one.size > 1 ? `${one.cluster || words.elsewhere} (${one.size})` : ""],
    [words.infected, one.n_secondary],
    [words.contacts, one.n_contacts],
    [words.classification, one.codes.classification[one.classification]],
    [words.found_in, one.found_in && one.found_in !== "unknown" ? one.codes.found_in[one.found_in] : ""],
    [words.area, one.areaName],
  ]);
}

/** The day a case is drawn at; one without any date stands under its infector. */
function dayOf(one, cases) {
  for (let at = one; at; at = at.infector === null ? null : cases[at.infector]) if (at.date) return Date.parse(at.date);
  return Math.min(...cases.filter((other) => other.date).map((other) => Date.parse(other.date)), Date.now());
}

/** A line that leaves the infector downwards and then runs along the row of the case. */
function elbow(params, api) {
  const from = api.coord([api.value(0), api.value(1)]), to = api.coord([api.value(2), api.value(3)]);
  return { type: "polyline", silent: true, shape: { points: [from, [from[0], to[1]], to] }, style: { stroke: "#8b98a5", lineWidth: 1, fill: "none" } };
}

/** Room beside the first and last case. */
const pad = (min, max) => Math.max(DAY / 2, (max - min) / 60);

function tree(cases, by, { kept = false, rows = ROWS_SEEN, hidden = new Set() } = {}) {
  const last = cases.reduce((most, one) => Math.max(most, one.y), 0);
  const seen = (one) => !hidden.has(coded(one, by)[1]);
  const links = cases.filter((one) => one.infector !== null && seen(one) && seen(cases[one.infector]))
    .map((one) => [cases[one.infector].day, cases[one.infector].y, one.day, one.y]);
  const label = { show: kept || Math.min(rows, last + 1) <= LABELS_UP_TO, position: "right", distance: 4, fontSize: 10, color: "#45525e", backgroundColor: "#ffffffd0", padding: [0, 2], formatter: ({ data }) => cases[data.index].number || "" };
  const end = last + 1 > rows ? (100 * rows) / (last + 2) : 100;
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left: 16, right: kept ? 60 : 44, top: kept ? 110 : 62, bottom: kept ? 20 : 52 },
    legend: { type: kept ? "plain" : "scroll", top: kept ? 56 : 4, left: 4, right: 4, itemHeight: 10, itemWidth: 14, icon: "circle" },
    tooltip: { trigger: "item", confine: true, formatter: ({ data }) => (data.index === undefined ? "" : beside(cases[data.index], cases)) },
    xAxis: { type: "time", position: "top", axisLine: { onZero: false }, min: ({ min, max }) => min - pad(min, max), max: ({ min, max }) => max + pad(min, max), splitLine: { show: true, lineStyle: { color: "#e8edf1" } }, axisLabel: { hideOverlap: true, formatter: { year: "{yyyy}", month: "{yyyy}-{MM}", day: "{MM}-{dd}" } } },
    yAxis: { type: "value", inverse: true, min: -1, max: last + 1, show: false },
    dataZoom: kept ? [] : [
      { id: "x", type: "inside", xAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseMove: true, moveOnMouseWheel: false },
      { id: "y", type: "inside", yAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseMove: true, moveOnMouseWheel: false, start: 0, end },
      { id: "days", type: "slider", xAxisIndex: 0, filterMode: "none", bottom: 10, height: 22, showDataShadow: false, labelFormatter: "" },
      { id: "rows", type: "slider", yAxisIndex: 0, filterMode: "none", right: 6, width: 18, showDataShadow: false, labelFormatter: "", show: last + 1 > rows, start: 0, end },
    ],
    series: [
      { type: "custom", id: "links", renderItem: elbow, data: links, encode: { x: [0, 2], y: [1, 3] }, silent: true, clip: true, z: 1, progressive: 1000, tooltip: { show: false } },
      ...groups(cases, by).map((group) => ({
        type: "scatter", name: group.label, id: `group-${group.key}`, z: 3, itemStyle: { color: group.colour, borderColor: "#3d3d3d", borderWidth: 0.7 }, cursor: "pointer", label, labelLayout: { hideOverlap: true },
        data: group.cases.map((one) => ({ value: [one.day, one.y], index: one.index, symbol: symbol(one), symbolSize: size(one) })),
      })),
    ],
  };
}

function network(cases, links, by, { kept = false, shape = 1 } = {}) {
  const all = groups(cases, by);
  const group = new Map(all.flatMap(({ cases: own }, place) => own.map((one) => [one.index, place])));
  const { places, corners } = packed(cases, shape);
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    legend: { type: kept ? "plain" : "scroll", top: kept ? 56 : 4, left: 4, right: 4, itemHeight: 10, itemWidth: 14, icon: "circle", backgroundColor: "#ffffffd9", data: all.map(({ label }) => label) },
    tooltip: { trigger: "item", confine: true, formatter: ({ dataType, data }) => (dataType === "node" && data.index !== undefined ? beside(cases[data.index], cases) : "") },
    series: [{
      type: "graph", layout: "none", top: kept ? 110 : 46, bottom: 20, left: 20, right: 20, roam: kept ? false : "move", cursor: "pointer", z: 2, id: "network",
      categories: all.map(({ label, colour }) => ({ name: label, itemStyle: { color: colour } })),
      data: [...corners.map(([x, y], index) => ({ id: `corner-${index}`, x, y, symbolSize: 0, silent: true, label: { show: false } })), ...places.map(({ one, x, y }) => ({ id: String(one.index), name: one.number || "", index: one.index, x, y, category: group.get(one.index), symbol: symbol(one), symbolSize: size(one) * (cases.length > 600 ? 0.6 : 1) }))],
      links: links.source.map((source, index) => ({
        source: String(source), target: String(links.exposed[index]),
        lineStyle: links.chosen[index] ? { type: "solid", width: 1.2, color: "#6d7a86" } : { type: "dashed", width: 1, color: "#b58a3a" },
      })),
      itemStyle: { borderColor: "#3d3d3d", borderWidth: 0.7 },
      edgeSymbol: ["none", cases.length > 600 ? "none" : "arrow"], edgeSymbolSize: 6,
      label: { show: cases.length <= 80, position: "right", fontSize: 10, formatter: "{b}" }, ...(cases.length <= 80 ? { labelLayout: { hideOverlap: true } } : {}),
      emphasis: { focus: cases.length <= 600 ? "adjacency" : "none", label: { show: true } },
    }],
  };
}

start("chains", ({ figure, chart, caption, data: [data] }) => {
  const cases = casesOf(data);
  for (const one of cases) one.day = dayOf(one, cases);
  const form = { view: document.querySelector("select[name=view]"), colour: document.querySelector("select[name=colour]") };
  const asked = () => ({ view: form.view?.value || figure.dataset.view, by: form.colour?.value || figure.dataset.colour });
  const shape = () => (chart.getWidth() - 40) / (chart.getHeight() - 66);
  const picture = (more) => (asked().view === "network" ? network(cases, data.links, asked().by, { shape: shape(), ...more }) : tree(cases, asked().by, more));
  const show = () => {
    chart.setOption(picture(), { notMerge: true });
    const isNetwork = asked().view === "network";
    caption.textContent = [words.shapes, isNetwork && data.links.chosen.includes(false) ? words.dashed : "", isNetwork ? words.openNetwork : words.open].filter(Boolean).join(" · ");
  };
  show();
  addEventListener("resize", () => { if (asked().view === "network") show(); });
  for (const select of [form.view, form.colour]) select?.addEventListener("change", show);
  chart.on("click", ({ data: clicked }) => {
    const one = cases[clicked?.index];
    if (one?.id && figure.dataset.case) location.href = figure.dataset.case.replace(/\/0\/(?=[^0]*$)/, `/${one.id}/`);
  });
  chart.on("legendselectchanged", ({ selected }) => {
    if (asked().view === "network") return;
    const hidden = new Set(Object.keys(selected).filter((name) => !selected[name]));
    const [links] = tree(cases, asked().by, { hidden }).series;
    chart.setOption({ series: [{ id: "links", data: links.data }] });
  });
  const rowsAll = cases.reduce((most, one) => Math.max(most, one.y), 0) + 2;
  chart.on("datazoom", () => labels(chart, rowsAll));
  button(figure, `+ ${words.closer}`, () => zoom(chart, asked().view, 0.6));
  button(figure, `− ${words.further}`, () => zoom(chart, asked().view, 1 / 0.6));
  button(figure, words.whole, () => zoom(chart, asked().view, 0));
  keeping(figure, "chains", (kind) => ({ ...picture({ kept: true, shape: 1.2 }), note: words.shapes }), () => sizeKept(asked().view, rowsAll, cases.length));
});

/** A kept tree has a row's height for every row; a kept network grows with its cases. */
function sizeKept(view, rows, n) {
  if (view === "network") { const side = 1000 + Math.min(1800, n); return [Math.round(1.2 * (side - 130)) + 40, side]; }
  return [1300, Math.min(16_000, 140 + rows * ROW)];
}

/** Numbers beside the cases are shown while the rows in view leave room for them. */
function labels(chart, rows) {
  const { startValue, endValue, start, end } = chart.getOption().dataZoom.find((zoom) => zoom.id === "y");
  const seen = startValue === undefined ? ((end - start) * rows) / 100 : endValue - startValue;
  const show = seen <= LABELS_UP_TO;
  const groupsShown = chart.getOption().series.filter((series) => series.type === "scatter");
  if (groupsShown[0] && groupsShown[0].label.show !== show) chart.setOption({ series: groupsShown.map(({ id }) => ({ id, label: { show } })) });
}

/** Closer (factor below 1), further away, or everything (0), around the middle of what is seen. */
function zoom(chart, view, factor) {
  if (view === "network") {
    const now = chart.getOption().series[0].zoom || 1;
    const wanted = factor ? Math.min(30, Math.max(0.5, now / factor)) : 1;
    const middle = { originX: chart.getWidth() / 2, originY: chart.getHeight() / 2 };
    if (factor) chart.dispatchAction({ type: "graphRoam", seriesId: "network", zoom: wanted / now, ...middle });
    else chart.setOption({ series: [{ id: "network", zoom: 1, center: null }] });
    return;
  }
  for (const { id, start, end } of chart.getOption().dataZoom.filter((each) => each.type === "inside")) {
    const half = factor ? Math.min(50, ((end - start) * factor) / 2) : 50;
    const middle = Math.min(100 - half, Math.max(half, (start + end) / 2));
    chart.dispatchAction({ type: "dataZoom", dataZoomId: id, start: middle - half, end: middle + half });
  }
}
