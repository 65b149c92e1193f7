// Where everything of a drawn lineage stands: cards in rows, each below what came of it, and lines that go around cards, not
// behind them. Lines from one card that say the same share a trunk and one label. The method of Sugiyama, Tagawa and Toda,
// "Methods for visual understanding of hierarchical system structures" (1981): layers, order, places.
import type { Lineage, LineageNode } from '../api/contract';
import { layersOf } from './layers';
import { spread } from './spread';

export interface Card {
  node: LineageNode;
  row: number;
  x: number; // of its left edge
  y: number;
}
export interface Point {
  x: number;
  y: number;
}
export interface Line {
  from: string;
  to: string[]; // those it leads to in the end
  points: Point[]; // joined by curves that leave and arrive upright
}
export interface Label {
  from: string;
  how: string;
  x: number; // of its middle
  y: number;
  width: number;
}
export interface Drawing {
  width: number;
  height: number;
  card: { width: number; height: number };
  cards: Card[];
  labels: Label[];
  lines: Line[];
}

const card = { narrowest: 132, widest: 204, height: 54 };
const gap = { x: 16, y: 66, label: 26 }; // `label`: from a card's lower edge to the middle of the labels below it
const lane = 18; // what a line takes that passes between cards
const letter = 6.4;
const edge = 8; // around all
const sweeps = 12;
const settling = 60; // until nothing moves that anybody would see

// What stands in a row: a card, or a lane for the lines of one trunk that pass through.
interface Item {
  key: string;
  lane: boolean;
  width: number;
}
// Lines from one card that say the same.
interface Branch {
  from: string;
  how: string;
  targets: string[];
}

const laneKey = ({ from, how }: Branch, row: number): string => `${from}\n${how}\n${row}`;

function branchesOf({ edges }: Lineage, rowOf: ReadonlyMap<string, number>): Branch[] {
  const branches = new Map<string, Branch>();
  for (const { from, to, how } of edges) {
    const [above, under] = [rowOf.get(from), rowOf.get(to)];
    if (above === undefined || under === undefined || under <= above) continue; // of a circle, which no lineage has
    const branch = branches.get(`${from}\n${how}`) ?? { from, how, targets: [] };
    branch.targets.push(to);
    branches.set(`${from}\n${how}`, branch);
  }
  return [...branches.values()];
}

const rowsOf = (layers: string[][]): Map<string, number> => new Map(layers.flatMap((layer, row) => layer.map((id) => [id, row] as const)));

// The rows with the lanes that pass through them, before anything is ordered.
function itemsOf(layers: string[][], branches: Branch[], rowOf: ReadonlyMap<string, number>): Item[][] {
  const rows = layers.map((layer) => layer.map((key): Item => ({ key, lane: false, width: card.narrowest })));
  for (const branch of branches) {
    const deepest = Math.max(...branch.targets.map((id) => rowOf.get(id) ?? 0));
    for (let row = (rowOf.get(branch.from) ?? 0) + 1; row < deepest; row++) rows[row]?.push({ key: laneKey(branch, row), lane: true, width: lane });
  }
  return rows;
}

const widthOf = (row: Item[]): number => row.reduce((sum, { width }) => sum + width + gap.x, -gap.x);

// Rows too wide for the window become two, one below the other: their lines still lead downwards.
function fit(lineage: Lineage, width: number): { layers: string[][]; branches: Branch[]; rows: Item[][] } {
  let layers = layersOf(lineage);
  for (;;) {
    const rowOf = rowsOf(layers);
    const branches = branchesOf(lineage, rowOf);
    const rows = itemsOf(layers, branches, rowOf);
    const wide = rows.findIndex((row, at) => widthOf(row) > width && (layers[at]?.length ?? 0) > 1);
    if (wide < 0) return { layers, branches, rows };
    const layer = layers[wide] ?? [];
    const half = Math.ceil(layer.length / 2);
    layers = [...layers.slice(0, wide), layer.slice(0, half), layer.slice(half), ...layers.slice(wide + 1)];
  }
}

// The keys that a branch leads through from one row to the next.
function stepsOf(branch: Branch, rowOf: ReadonlyMap<string, number>): [string, string][] {
  const first = rowOf.get(branch.from) ?? 0;
  const place = (row: number): string => (row === first ? branch.from : laneKey(branch, row));
  const deepest = Math.max(...branch.targets.map((id) => rowOf.get(id) ?? 0));
  const steps: [string, string][] = branch.targets.map((id) => [place((rowOf.get(id) ?? 0) - 1), id]);
  for (let row = first + 1; row < deepest; row++) steps.push([place(row - 1), place(row)]);
  return steps;
}

type Joined = ReadonlyMap<string, readonly string[]>;

function joined(steps: [string, string][]): Joined {
  const found = new Map<string, string[]>();
  for (const [one, other] of steps) {
    found.set(one, [...(found.get(one) ?? []), other]);
    found.set(other, [...(found.get(other) ?? []), one]);
  }
  return found;
}

const mean = (numbers: readonly number[]): number | undefined => (numbers.length ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : undefined);

function crossings(rows: Item[][], steps: [string, string][]): number {
  const at = new Map(rows.flatMap((row) => row.map(({ key }, index) => [key, index] as const)));
  const rowOf = new Map(rows.flatMap((row, number) => row.map(({ key }) => [key, number] as const)));
  let found = 0;
  steps.forEach(([a, b], index) => {
    for (const [c, d] of steps.slice(index + 1))
      if (rowOf.get(a) === rowOf.get(c) && ((at.get(a) ?? 0) - (at.get(c) ?? 0)) * ((at.get(b) ?? 0) - (at.get(d) ?? 0)) < 0) found++;
  });
  return found;
}

// Each row by where its neighbours stand, downwards and upwards in turn; the order with the fewest crossings is kept.
function order(rows: Item[][], steps: [string, string][], near: Joined): Item[][] {
  let best = rows;
  let fewest = crossings(rows, steps);
  let current = rows;
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const next = current.map((row) => [...row]);
    const places = next.map((_, row) => (sweep % 2 ? next.length - 1 - row : row)).slice(1);
    for (const row of places) {
      const fixed = new Map((next[row + (sweep % 2 ? 1 : -1)] ?? []).map(({ key }, index) => [key, index] as const));
      const wish = new Map((next[row] ?? []).map(({ key }, index) => [key, mean((near.get(key) ?? []).flatMap((other) => fixed.get(other) ?? [])) ?? index] as const));
      next[row]?.sort((one, other) => (wish.get(one.key) ?? 0) - (wish.get(other.key) ?? 0));
    }
    current = next;
    const count = crossings(current, steps);
    if (count < fewest) [best, fewest] = [current, count];
  }
  return best;
}

// The middles of all items: each near the middle of those it is joined to, none on another, all of it in the middle of the room.
function middles(rows: Item[][], near: Joined, width: number): Map<string, number> {
  const at = new Map<string, number>();
  for (const row of rows) spread(row.map(() => width / 2), row.map((item) => item.width), gap.x, width).forEach((middle, index) => at.set(row[index]?.key ?? '', middle));
  for (let sweep = 0; sweep < settling; sweep++) {
    for (const row of sweep % 2 ? rows.toReversed() : rows) {
      const wishes = row.map(({ key }) => mean((near.get(key) ?? []).flatMap((other) => at.get(other) ?? [])) ?? width / 2);
      spread(wishes, row.map((item) => item.width), gap.x, width).forEach((middle, index) => at.set(row[index]?.key ?? '', middle));
    }
  }
  const ends = rows.flatMap((row) => row.flatMap(({ key, width: wide }) => [(at.get(key) ?? 0) - wide / 2, (at.get(key) ?? 0) + wide / 2]));
  const shift = (width - Math.max(...ends) - Math.min(...ends)) / 2;
  return new Map([...at].map(([key, middle]) => [key, middle + shift]));
}

export function layout(lineage: Lineage, available: number): Drawing {
  const width = Math.max(card.narrowest, available - 2 * edge);
  const { layers, branches, rows: unordered } = fit(lineage, width);
  const rowOf = rowsOf(layers);
  const steps = branches.flatMap((branch) => stepsOf(branch, rowOf));
  const near = joined(steps);
  const spare = unordered.map((row) => (width - widthOf(row)) / Math.max(1, row.filter((item) => !item.lane).length));
  const cardWidth = Math.min(card.widest, card.narrowest + Math.max(0, Math.floor(Math.min(...spare))));
  const rows = order(unordered.map((row) => row.map((item) => (item.lane ? item : { ...item, width: cardWidth }))), steps, near);
  const middle = middles(rows, near, width);
  const x = (key: string): number => edge + (middle.get(key) ?? 0);
  const top = (row: number): number => edge + row * (card.height + gap.y);

  const labels = labelsOf(branches, rowOf, rows.length, x, top, width);
  return {
    width: available,
    height: top(rows.length - 1) + card.height + edge,
    card: { width: cardWidth, height: card.height },
    cards: rows.flatMap((row, number) =>
      row.flatMap(({ key, lane }) => {
        const node = lane ? undefined : lineage.nodes.find(({ id }) => id === key);
        return node ? [{ node, row: number, x: x(key) - cardWidth / 2, y: top(number) }] : [];
      }),
    ),
    labels,
    lines: branches.flatMap((branch, index) => linesOf(branch, labels[index] as Label, rowOf, x, top)),
  };
}

// Below its card, a third of the way towards where the lines go; labels of one row give way to each other.
function labelsOf(branches: Branch[], rowOf: ReadonlyMap<string, number>, rows: number, x: (key: string) => number, top: (row: number) => number, width: number): Label[] {
  const labels = branches.map((branch): Label => {
    const row = rowOf.get(branch.from) ?? 0;
    const next = stepsOf(branch, rowOf).filter(([from]) => from === branch.from).map(([, to]) => x(to));
    const towards = mean(next) ?? x(branch.from);
    return { from: branch.from, how: branch.how, x: x(branch.from) + (towards - x(branch.from)) / 3, y: top(row) + card.height + gap.label, width: branch.how.length * letter + 14 };
  });
  for (let row = 0; row < rows; row++) {
    const here = labels.filter(({ from }) => rowOf.get(from) === row).sort((one, other) => one.x - other.x);
    spread(here.map((label) => label.x - edge), here.map((label) => label.width), 6, width).forEach((at, index) => {
      const label = here[index];
      if (label) label.x = at + edge;
    });
  }
  return labels;
}

function linesOf(branch: Branch, label: Label, rowOf: ReadonlyMap<string, number>, x: (key: string) => number, top: (row: number) => number): Line[] {
  const first = rowOf.get(branch.from) ?? 0;
  const lines: Line[] = [{ from: branch.from, to: branch.targets, points: [{ x: x(branch.from), y: top(first) + card.height }, { x: label.x, y: label.y }] }];
  for (const [from, to] of stepsOf(branch, rowOf)) {
    const isTarget = branch.targets.includes(to);
    const row = isTarget ? (rowOf.get(to) ?? 0) : Number(to.slice(to.lastIndexOf('\n') + 1));
    const start = from === branch.from ? { x: label.x, y: label.y } : { x: x(from), y: top(row - 1) + card.height };
    const points = [start, { x: x(to), y: top(row) }];
    if (!isTarget) points.push({ x: x(to), y: top(row) + card.height });
    lines.push({ from: branch.from, to: isTarget ? [to] : branch.targets.filter((id) => (rowOf.get(id) ?? 0) > row), points });
  }
  return lines;
}
