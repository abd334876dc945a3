/* What the pictures share: words and data of the page, colours, the facts beside the pointer, files to keep. */

export const words = JSON.parse(document.getElementById("picture-words")?.textContent || "{}");

/** Ten colours that people with colour-blindness can tell apart (after Okabe and Ito, and Tol). */
export const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#882255", "#8a8f2c", "#332288", "#7f8c99"];
/** The colours of a class are the same everywhere. */
export const CLASS_COLOURS = { confirmed: "#b5362f", probable: "#e6a03c", asymptomatic: "#5b3f94", suspected: "#3b87b0", not_classified: "#9aa6b2" };
export const FOUND_COLOURS = { community: "#b5362f", quarantine: "#2f7f5f", border: "#3b87b0", unknown: "#9aa6b2" };
/** From light to dark, for steps that have an order. */
export const STEPS = ["#fee391", "#fec44f", "#fb9a29", "#ec7014", "#cc4c02", "#8c2d04", "#5c1c02"];
export const GREY = "#9aa6b2";
export const FONT = getComputedStyle(document.body).fontFamily;
export const small = matchMedia("(max-width: 40rem)").matches;

export function element(name, text = "", className = "") {
  const made = document.createElement(name);
  if (text !== "") made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A heading and pairs of facts as elements: the pages allow no styles written into HTML. */
export function facts(title, pairs) {
  const box = element("div", "", "picture-facts");
  box.append(element("strong", title));
  const list = element("dl");
  for (const [label, value] of pairs) {
    if (value === null || value === undefined || value === "") continue;
    list.append(element("dt", label), element("dd", String(value)));
  }
  box.append(list);
  return box;
}

/** Starts a picture: fetches its data, empties the frame of what is shown without script, draws, or says it failed. */
export async function start(id, draw) {
  const figure = document.getElementById(id);
  if (!figure) return;
  try {
    const addresses = [figure.dataset.source, figure.dataset.boundaries].filter(Boolean);
    const data = await Promise.all(addresses.map(read));
    const canvas = figure.querySelector(".canvas");
    canvas.replaceChildren();
    canvas.classList.add("drawn");
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    addEventListener("resize", () => chart.resize());
    addEventListener("beforeprint", () => chart.resize());
    draw({ figure, chart, caption: figure.querySelector("figcaption"), data });
    performance.mark(`${id}-drawn`);
    figure.dataset.drawn = "yes";
  } catch (error) {
    figure.querySelector("figcaption").textContent = words.failed;
    console.error(error);
  }
}

async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

/** Puts a button of the script into the picture's row of buttons. */
export function button(figure, text, act) {
  const place = figure.querySelector(".script-only");
  place.hidden = false;
  const made = element("button", text, "button");
  made.type = "button";
  made.addEventListener("click", act);
  place.append(made);
  return made;
}

/** Buttons that keep the picture: `option(kind)` gives what to draw, `size(kind)` its [width, height] in pixels. */
export function keeping(figure, name, option, size) {
  button(figure, words.svg, () => {
    const [width, height] = size("svg");
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
    chart.setOption(titled(option("svg")));
    keep(new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }), `${name}.svg`);
    chart.dispose();
  });
  button(figure, words.png, async () => {
    const [width, height] = size("png");
    const canvas = document.createElement("canvas");
    const chart = echarts.init(canvas, null, { renderer: "canvas", width, height, devicePixelRatio: width * height > 4e6 ? 1 : 2 });
    chart.setOption(titled(option("png")));
    canvas.toBlob((blob) => { keep(blob, `${name}.png`); chart.dispose(); });
  });
}

/** A kept picture says what it is, of which incident, and as of when. */
function titled(option) {
  const title = [{ text: `${words.incident} · ${words.title}`, subtext: [words.asOf, option.note].filter(Boolean).join(" · "), left: 12, top: 8, textStyle: { fontSize: 16, fontFamily: FONT }, subtextStyle: { fontFamily: FONT } }];
  return { ...option, note: undefined, title, animation: false, backgroundColor: "#fff", tooltip: { show: false } };
}

function keep(blob, name) {
  const link = element("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
