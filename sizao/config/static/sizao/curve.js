/* The epidemic curve: piled bars, one colour a part; a bar opens the list of its cases. */
import { CLASS_COLOURS, COLOURS, FONT, FOUND_COLOURS, GREY, facts, keeping, small, start, words } from "./picture.js";

const colour = (key, index) => CLASS_COLOURS[key] || FOUND_COLOURS[key] || (key.startsWith("~") ? GREY : COLOURS[index % COLOURS.length]);

function option(data, { kept = false, zoom = true } = {}) {
  const many = data.days.length > (small ? 45 : 120);
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left: 12, right: 16, top: (kept ? 84 : 32) + (data.parts.length > 1 ? 30 : 0), bottom: zoom && many ? 64 : 28, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { type: kept ? "plain" : "scroll", top: kept ? 56 : 8, left: 8, show: data.parts.length > 1, itemWidth: 14, itemHeight: 10 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, formatter: (rows) => beside(rows, data) },
    xAxis: { type: "category", data: data.days, axisTick: { alignWithLabel: true }, axisLabel: { hideOverlap: true }, name: kept ? words.by : "", nameLocation: "middle", nameGap: 30 },
    yAxis: { type: "value", minInterval: 1, name: words.cases, nameTextStyle: { align: "left" }, splitLine: { lineStyle: { color: "#e3e8ed" } } },
    dataZoom: zoom && many ? [{ type: "slider", bottom: 12, height: 22 }] : [],
    series: data.parts.map((part, index) => ({
      name: part.label, type: "bar", stack: "cases", data: part.n, barCategoryGap: "8%", barMaxWidth: 48,
      itemStyle: { color: colour(part.key, index), borderColor: "#fff", borderWidth: data.days.length > 150 ? 0 : 0.5 },
      cursor: "pointer",
    })),
  };
}

function beside(rows, data) {
  const there = rows.filter((row) => row.value);
  const all = there.reduce((sum, row) => sum + row.value, 0);
  const pairs = there.map((row) => [row.seriesName, row.value]);
  if (data.parts.length > 1) pairs.push([words.total, all]);
  return facts(rows[0].axisValue, pairs.length ? pairs : [[words.cases, 0]]);
}

start("curve", ({ figure, chart, caption, data: [data] }) => {
  chart.setOption(option(data));
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const href = data.parts[seriesIndex]?.href[dataIndex];
    if (href) location.href = href;
  });
  keeping(figure, "curve", () => ({ ...option(data, { kept: true, zoom: false }), note: words.by }), () => [Math.max(900, Math.min(2400, data.days.length * 14)), 520]);
  caption.textContent = words.open;
});
