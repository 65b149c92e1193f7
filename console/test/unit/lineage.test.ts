import { describe, expect, test } from 'vitest';
import type { Lineage } from '../../src/api/contract';
import { layout } from '../../src/lineage/layout';
import { outline } from '../../src/lineage/outline';
import { spread } from '../../src/lineage/spread';
import { Lab } from '../mock/lab';
import { randomFrom } from '../mock/random';

const node = (id: string) => ({ id, kind: 'run', name: id, at: null, facts: {} });
const rowsOf = (graph: Lineage, width = 1000) => new Map(layout(graph, width).cards.map((card) => [card.node.id, card.row]));

// A graph without circles: edges lead from lower numbers to higher ones.
function invented(seed: number): Lineage {
  const random = randomFrom(seed);
  const size = 2 + Math.floor(random() * 20);
  const nodes = Array.from({ length: size }, (_, index) => node(`n${index}`));
  const edges = nodes.flatMap((_, to) =>
    nodes.slice(0, to).flatMap((_, from) => (from === to - 1 ? random() < 0.8 : random() < 0.15) ? [{ from: `n${from}`, to: `n${to}`, how: random() < 0.5 ? 'holds' : 'was made by' }] : []),
  );
  return { start: `n${Math.floor(random() * size)}`, nodes, edges };
}

const lab = new Lab(0);
const graphs = [
  ...['d-1', ...lab.bundles.map(({ id }) => id), ...lab.runs.map(({ id }) => id)].map((id) => lab.lineage(id)).filter((graph) => graph !== null),
  ...Array.from({ length: 60 }, (_, seed) => invented(seed + 1)),
];

describe('a drawn lineage', () => {
  test('leads downwards, with every node and no card on another, in windows of any width', () => {
    for (const graph of graphs) {
      for (const width of [600, 1028, 1640]) {
        const { cards, card } = layout(graph, width);
        const rows = new Map(cards.map((one) => [one.node.id, one.row]));
        expect(rows.size).toBe(graph.nodes.length);
        for (const { from, to } of graph.edges) expect(rows.get(from), `${from} ${to}`).toBeLessThan(rows.get(to) ?? -1);
        for (const one of cards)
          for (const other of cards) if (one !== other && one.row === other.row) expect(Math.abs(one.x - other.x)).toBeGreaterThanOrEqual(card.width);
      }
    }
  });

  test('fits its window, unless too many lines pass side by side', () => {
    for (const graph of graphs.slice(0, -60)) {
      for (const width of [600, 1028, 1640]) {
        const { cards, labels, card } = layout(graph, width);
        for (const { x } of cards) expect([x >= 0, x + card.width <= width]).toEqual([true, true]);
        for (const label of labels) expect([label.x - label.width / 2 >= 0, label.x + label.width / 2 <= width]).toEqual([true, true]);
      }
    }
  });

  test('has every edge as lines that meet, and none passes behind a card', () => {
    for (const graph of graphs) {
      const { cards, lines, card } = layout(graph, 1028);
      const at = new Map(cards.map((one) => [one.node.id, one]));
      for (const { from, to } of graph.edges) {
        const target = at.get(to);
        const way = lines.filter((line) => line.from === from && line.to.includes(to));
        expect(way.length, `${from} ${to}`).toBeGreaterThanOrEqual(2);
        expect(way.some((line) => line.points.at(-1)?.y === target?.y && Math.abs((line.points.at(-1)?.x ?? 0) - (target?.x ?? 0) - card.width / 2) < 0.01)).toBe(true);
      }
      // A line is at the height of cards only in a lane of its own.
      for (const { points } of lines)
        for (const [index, { x, y }] of points.entries()) {
          const next = points[index + 1];
          if (next?.x === x && next.y - y === card.height) for (const one of cards.filter((other) => other.y === y)) expect(x < one.x || x > one.x + card.width).toBe(true);
        }
    }
  });

  test('labels of one row do not lie on each other', () => {
    for (const graph of graphs) {
      const { labels } = layout(graph, 1640);
      for (const one of labels)
        for (const other of labels) if (one !== other && one.y === other.y) expect(Math.abs(one.x - other.x)).toBeGreaterThanOrEqual((one.width + other.width) / 2);
    }
  });

  test('lines that say the same share one label', () => {
    const graph = { start: 'b', nodes: ['b', 'm', 'p'].map(node), edges: [{ from: 'b', to: 'm', how: 'holds' }, { from: 'b', to: 'p', how: 'holds' }] };
    expect(layout(graph, 800).labels.map(({ how }) => how)).toEqual(['holds']);
  });

  test('what came of the start stands above it', () => {
    const rows = rowsOf({ start: 'run', nodes: ['run', 'code', 'bundle'].map(node), edges: [{ from: 'run', to: 'code', how: 'ran with' }, { from: 'bundle', to: 'run', how: 'holds' }] });
    expect([rows.get('bundle'), rows.get('run'), rows.get('code')]).toEqual([0, 1, 2]);
  });

  test('a circle, which no lineage should have, still ends', () => {
    const graph = { start: 'a', nodes: ['a', 'b', 'c'].map(node), edges: [{ from: 'a', to: 'b', how: '' }, { from: 'b', to: 'c', how: '' }, { from: 'c', to: 'b', how: '' }] };
    expect(layout(graph, 800).cards).toHaveLength(3);
    expect(outline(graph).length).toBeGreaterThan(0);
  });
});

describe('side by side', () => {
  test('things stand where they want to where they can', () => expect(spread([20, 50, 90], [20, 20, 20], 4, 100)).toEqual([20, 50, 90]));
  test('who is in each other’s way shares the way', () => expect(spread([50, 50], [20, 20], 4, 100)).toEqual([38, 62]));
  test('nothing leaves its room', () => expect(spread([-30, 200], [20, 20], 4, 100)).toEqual([10, 90]));
});

describe('in words', () => {
  test('each node is told once with all it came of, and named again where it is met again', () => {
    for (const graph of graphs) {
      const told = outline(graph);
      expect(new Set(told.filter(({ again }) => !again).map(({ node: one }) => one.id)).size).toBe(graph.nodes.length);
      for (const { from, to, how } of graph.edges) {
        const at = told.findIndex(({ node: one, again }) => one.id === from && !again);
        const depth = told[at]?.depth ?? 0;
        const end = told.findIndex((line, index) => index > at && line.depth <= depth);
        const below = told.slice(at + 1, end < 0 ? undefined : end).filter((line) => line.depth === depth + 1);
        expect(below.some((line) => line.node.id === to && line.how === how), `${from} ${to}`).toBe(true);
      }
    }
  });
});
