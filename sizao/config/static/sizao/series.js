/* One stream: bars of what was counted, the expectation, the threshold, what rang; a gap stays a gap. */
import { FONT, facts, keeping, small, start, words } from "./picture.js";

const BAR = "#8fb3cf", HIGH = "#b5362f", WOULD = "#e6a03c", KNOWN = "#5b3f94", LINE = "#1b2530", SOFT = "#7f8c99", GAP = "#dde3e8";

function colour(data, index) {
  if (data.rang[index]) return HIGH;
  return data.alarm[index] ? WOULD : BAR;
}

function option(data, { kept = false } = {}) {
  const top = Math.max(1, ...data.n, ...data.upper);
  const values = data.n.map((value, index) => ({ value, itemStyle: { color: colour(data, index) } }));
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left: 12, right: 16, top: kept ? 110 : small ? 84 : 60, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { top: kept ? 60 : 4, left: 4, itemWidth: 14, itemHeight: 10, data: [words.n, words.rang, words.wouldRing, words.gap, words.expected, words.upper].filter(Boolean), selectedMode: false },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, formatter: (rows) => beside(rows[0].dataIndex, data) },
    xAxis: { type: "category", data: data.date, axisTick: { alignWithLabel: true }, axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", min: 0, name: data.measure || words.n, nameTextStyle: { align: "left" }, splitLine: { lineStyle: { color: "#e3e8ed" } } },
    series: [
      { name: words.n, type: "bar", data: values, barCategoryGap: small ? "4%" : "12%", barGap: "-100%", itemStyle: { color: BAR } },
      { name: words.rang, type: "bar", data: [], itemStyle: { color: HIGH } },
      { name: words.wouldRing, type: "bar", data: [], itemStyle: { color: WOULD } },
      { name: words.gap, type: "bar", data: data.n.map((n) => (n === null ? top : null)), itemStyle: { color: GAP }, z: 1 },
      { name: words.expected, type: "line", data: data.expected, symbol: "none", lineStyle: { color: SOFT, width: 1.5, type: "dotted" }, itemStyle: { color: SOFT } },
      { name: words.upper, type: "line", step: "middle", data: data.upper, symbol: "none", lineStyle: { color: LINE, width: 1.5 }, itemStyle: { color: LINE } },
      { type: "scatter", silent: true, symbol: "triangle", symbolSize: 9, itemStyle: { color: HIGH }, data: data.date.map((day, index) => (data.rang[index] ? [index, data.n[index] || 0] : null)).filter(Boolean), symbolOffset: [0, -9] },
      { type: "scatter", silent: true, symbol: "rect", symbolSize: [8, 3], itemStyle: { color: KNOWN }, data: data.date.map((day, index) => (data.known[index] ? [index, 0] : null)).filter(Boolean) },
    ],
  };
}

function beside(index, data) {
  const gap = data.n[index] === null;
  return facts(data.date[index], [
    [words.n, gap ? words.gap : data.n[index]], [words.expected, data.expected[index]], [words.upper, data.upper[index]],
    [words.rang, data.rang[index] ? `S-${String(data.rang[index]).padStart(5, "0")}` : ""], [words.known, data.known[index] || ""],
  ]);
}

for (const figure of document.querySelectorAll("figure.picture[id^='series-']")) {
  start(figure.id, ({ chart, caption, data: [data] }) => {
    if (!data.date?.length) {
      chart.dispose();
      figure.querySelector(".canvas").classList.remove("drawn");
      return;
    }
    chart.setOption(option(data));
    keeping(figure, figure.id, () => option(data, { kept: true }), () => [1200, 460]);
    caption.textContent = data.known.some(Boolean) ? words.known : "";
  });
}
