/* Cases by area: coloured in classes; an area opens the list of its cases. */
import { FONT, STEPS, button, facts, keeping, small, start, words } from "./picture.js";

/** Areas that belong to no class stand under a value of their own, so that the legend says what their colour means. */
const NONE = { value: -1, color: "#f1f4f6" }, UNSEEN = { value: -2, color: "#aab4bd" }, NO_VALUE = { value: -3, color: "#d9dfe4" };

/** Rows of the data as objects by the path of their area. */
function byPath({ columns, rows }) {
  return new Map(rows.map((row) => [row[0], Object.fromEntries(columns.map((name, index) => [name, row[index]]))]));
}

/** One class from each break to the next, from light to dark. */
function classes(breaks) {
  const colour = (index) => STEPS[breaks.length < 2 ? 3 : Math.round((index * (STEPS.length - 2)) / (breaks.length - 1))];
  return breaks.map((from, index) => {
    const next = breaks[index + 1];
    return { gte: from, ...(next === undefined ? {} : { lt: next }), label: range(from, next), color: colour(index) };
  });
}

function range(from, next) {
  if (next === undefined) return `≥ ${from}`;
  if (words.rate) return `${from} – < ${next}`;
  return next - from === 1 ? `${from}` : `${from} – ${next - 1}`;
}

/** What the map colours an area by: its number, or why it has none. */
function shade(area) {
  if (!area || !area.in_reach) return UNSEEN.value;
  return area.value === null ? NO_VALUE.value : area.value || NONE.value;
}

function option(areas, data, boundaries, { kept = false } = {}) {
  const paths = boundaries.features.map((feature) => feature.properties.path);
  const values = paths.map((path) => shade(areas.get(path)));
  const others = [[NONE, words.zero], [NO_VALUE, words.noValue], [UNSEEN, words.unseen]].filter(([{ value }]) => values.includes(value));
  const pieces = [...others.map(([piece, label]) => ({ ...piece, label })).reverse(), ...classes(data.breaks)].reverse();
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    tooltip: { trigger: "item", confine: true, formatter: ({ name }) => beside(areas.get(name)) },
    visualMap: {
      type: "piecewise", seriesIndex: 0, left: 8, bottom: 8, pieces, text: [words.measure], showLabel: true, hoverLink: false, selectedMode: false,
      textGap: 8, itemWidth: 16, itemHeight: 12, itemGap: 4, backgroundColor: "#ffffffd9", padding: 8,
    },
    geo: {
      map: "areas", nameProperty: "path", top: kept ? 70 : 10, bottom: 10, left: 10, right: 10, roam: small ? false : "move", selectedMode: false,
      tooltip: { show: true, formatter: ({ name }) => beside(areas.get(name)) }, cursor: "pointer",
      itemStyle: { borderColor: "#7b8894", borderWidth: 0.6, areaColor: NONE.color },
      emphasis: { label: { show: false }, itemStyle: { areaColor: "inherit", borderColor: "#1b2530", borderWidth: 1.6 } },
      label: { show: paths.length <= 60, fontSize: 10, color: "#1b2530", textBorderColor: "#fff", textBorderWidth: 2, formatter: ({ name }) => (areas.get(name)?.n ? areas.get(name).name : "") },
      labelLayout: { hideOverlap: true },
    },
    series: [
      { type: "map", geoIndex: 0, data: paths.map((name, index) => ({ name, value: values[index] })) },
      { type: "lines", coordinateSystem: "geo", polyline: true, silent: true, lineStyle: { color: "#555f69", width: 1.6, opacity: 1 }, data: lines(boundaries) },
    ],
  };
}

/** The country's own line, stroke by stroke. */
function lines({ lines: features }) {
  const strokes = (geometry) => (geometry.type === "MultiLineString" ? geometry.coordinates : [geometry.coordinates]);
  return (features || []).flatMap((feature) => strokes(feature.geometry)).map((coords) => ({ coords }));
}

function beside(area) {
  if (!area) return "";
  if (!area.in_reach) return facts(area.name, [[words.unseen, "–"]]);
  return facts(area.name, [[words.cases, area.n], [words.last7, area.n_7], [words.last14, area.n_14], ...(words.rate ? [[words.measure, area.value === null ? words.noValue : Number(area.value.toPrecision(3))]] : [])]);
}

start("map", ({ figure, chart, caption, data: [data, boundaries] }) => {
  caption.textContent = boundaries.note;
  if (!boundaries.features.length) {
    chart.dispose();
    figure.querySelector(".canvas").classList.remove("drawn");
    return;
  }
  const areas = byPath(data);
  for (const { properties } of boundaries.features) {
    const point = areas.get(properties.path)?.point;
    if (point) properties.cp = point; // where the chart writes the name
  }
  echarts.registerMap("areas", { type: "FeatureCollection", features: boundaries.features });
  chart.setOption(option(areas, data, boundaries));
  chart.on("click", ({ name }) => { if (areas.get(name)?.href) location.href = areas.get(name).href; });
  let zoom = 1;
  const zoomBy = (factor) => {
    zoom = factor ? Math.min(20, Math.max(1, zoom * factor)) : 1;
    const roam = zoom > 1 || !small ? "move" : false;
    const centre = zoom === 1 ? { center: null } : {};
    chart.setOption({ geo: { zoom, roam, ...centre } });
  };
  button(figure, `+ ${words.closer}`, () => zoomBy(1.6));
  button(figure, `− ${words.further}`, () => zoomBy(1 / 1.6));
  button(figure, words.whole, () => zoomBy(0));
  keeping(figure, "map", () => ({ ...option(areas, data, boundaries, { kept: true }), note: `${words.measure} · ${boundaries.note}` }), () => [1100, 900]);
  caption.append(` ${words.open}`);
});
