/* Open signals by area: the more there are, the darker; an area opens its strongest signal. */
import { FONT, STEPS, element, facts, small, start, words } from "./picture.js";

const NONE = "#f1f4f6";

function option(areas, boundaries) {
  const paths = boundaries.features.map((feature) => feature.properties.path);
  const most = Math.max(1, ...[...areas.values()].map((area) => area.n));
  const shade = (n) => STEPS[Math.min(STEPS.length - 2, 1 + Math.floor(((n - 1) * (STEPS.length - 2)) / most))];
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    tooltip: { trigger: "item", confine: true, formatter: ({ name }) => beside(areas.get(name)) },
    geo: {
      map: "areas", nameProperty: "path", top: 10, bottom: 10, left: 10, right: 10, roam: small ? false : "move", selectedMode: false,
      itemStyle: { borderColor: "#7b8894", borderWidth: 0.6, areaColor: NONE }, emphasis: { label: { show: false }, itemStyle: { areaColor: "inherit", borderColor: "#1b2530", borderWidth: 1.6 } },
      regions: paths.filter((path) => areas.has(path)).map((name) => ({ name, itemStyle: { areaColor: shade(areas.get(name).n) } })),
      label: { show: true, fontSize: 10, color: "#1b2530", textBorderColor: "#fff", textBorderWidth: 2, formatter: ({ name }) => (areas.has(name) ? `${areas.get(name).name} ${areas.get(name).n}` : "") },
      labelLayout: { hideOverlap: true }, tooltip: { show: true, formatter: ({ name }) => beside(areas.get(name)) },
    },
  };
}

function beside(area) {
  if (!area) return element("span", words.none);
  return facts(area.name, [[words.signals, area.n], ...area.signals.map(([number, syndrome]) => [number, syndrome])]);
}

start("signal_map", ({ figure, chart, caption, data: [data, boundaries] }) => {
  caption.textContent = boundaries.note;
  const areas = new Map(data.areas.map((area) => [area.path, area]));
  const drawn = boundaries.features.filter(({ properties }) => areas.has(properties.path));
  if (!drawn.length) {
    chart.dispose();
    figure.querySelector(".canvas").classList.remove("drawn");
    return;
  }
  for (const { properties } of boundaries.features) {
    const point = areas.get(properties.path)?.point;
    if (point) properties.cp = point; // where the chart writes the name
  }
  echarts.registerMap("areas", { type: "FeatureCollection", features: boundaries.features });
  chart.setOption(option(areas, boundaries));
  chart.on("click", ({ name }) => { if (areas.get(name)) location.href = areas.get(name).signals[0][2]; });
  caption.append(` ${words.open}`);
});
