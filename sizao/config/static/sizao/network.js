/* Fixed places for a network of chains: each cluster a wheel around its first case, the wheels packed in rows.
   Nothing is simulated, so the picture is the same at every visit and 2,000 cases cost no more than a moment. */

const GAP = 1; // between two cases on a ring
const UNIT = 1000; // the chart rounds lines to half units, so a unit must be small

/** `places`: [{one, x, y}] for every case, in the order given; `corners`: two points that give the whole the `shape`
    (width by height) of the frame, because the chart stretches what it is given to fill it. */
export function packed(cases, shape) {
  const children = cases.map(() => []);
  const firsts = [];
  for (const one of cases) (one.infector === null ? firsts : children[one.infector]).push(one);
  const wheels = firsts.map((first) => wheel(first, children)).sort((a, b) => b.radius - a.radius);
  const area = wheels.reduce((sum, { radius }) => sum + (2 * radius) ** 2, 0);
  const shelves = stacked(wheels, Math.max(Math.sqrt(area * shape) * 1.05, 2 * (wheels[0]?.radius || 1)));
  const places = new Array(cases.length);
  for (const { wheel: { radius, spots }, left, top } of shelves) {
    for (const { one, x, y } of spots) places[one.index] = { one, x: UNIT * (left + radius + x), y: UNIT * (top + radius + y) };
  }
  const right = Math.max(1, ...shelves.map(({ wheel: { radius }, left }) => left + 2 * radius));
  const bottom = Math.max(1, ...shelves.map(({ wheel: { radius }, top }) => top + 2 * radius));
  const width = Math.max(right, bottom * shape), height = Math.max(bottom, right / shape);
  const corners = [[right - width, bottom - height], [right + width, bottom + height]].map((point) => point.map((at) => (UNIT * at) / 2));
  return { places, corners };
}

/** Wheels, largest first, on shelves of a width: a shelf is as high as its first wheel, smaller ones stand above
    each other in columns. */
function stacked(wheels, width) {
  const found = [];
  let shelf = { top: 0, height: 0 }, column = { left: 0, width: 0, used: 0 };
  for (const wheel of wheels) {
    const side = 2 * wheel.radius;
    if (!found.length) shelf.height = side;
    if (column.used + side > shelf.height) column = { left: column.left + column.width, width: side, used: 0 };
    if (column.left + side > width && column.left > 0) {
      shelf = { top: shelf.top + shelf.height, height: side };
      column = { left: 0, width: side, used: 0 };
    }
    column.width = Math.max(column.width, side);
    found.push({ wheel, left: column.left, top: shelf.top + column.used });
    column.used += side;
  }
  return found;
}

/** A cluster: the first case in the middle, each generation on a ring, each branch in a slice as wide as its leaves. */
function wheel(first, children) {
  const leaves = new Map();
  const order = [first];
  for (let at = 0; at < order.length; at += 1) order.push(...children[order[at].index]);
  for (const one of [...order].reverse()) leaves.set(one, Math.max(1, children[one.index].reduce((sum, child) => sum + leaves.get(child), 0)));
  const step = Math.max(1.5, (leaves.get(first) * GAP) / (2 * Math.PI) / Math.max(1, depth(order, first)));
  const spots = [];
  const slices = new Map([[first, { from: 0, to: 2 * Math.PI, ring: 0 }]]);
  let radius = 0.8;
  for (const one of order) {
    const { from, to, ring } = slices.get(one);
    const angle = (from + to) / 2, away = ring * step;
    spots.push({ one, x: away * Math.cos(angle), y: away * Math.sin(angle) });
    radius = Math.max(radius, away + 0.8);
    let start = from;
    for (const child of children[one.index]) {
      const share = ((to - from) * leaves.get(child)) / leaves.get(one);
      slices.set(child, { from: start, to: start + share, ring: ring + 1 });
      start += share;
    }
  }
  return { radius, spots };
}

function depth(order, first) {
  const rings = new Map([[first.index, 0]]);
  let most = 0;
  for (const one of order.slice(1)) {
    const ring = rings.get(one.infector) + 1;
    rings.set(one.index, ring);
    most = Math.max(most, ring);
  }
  return most;
}
