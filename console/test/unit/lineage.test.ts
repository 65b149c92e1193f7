import { expect, test } from 'vitest';
import type { Lineage } from '../../src/api/contract';
import { layout } from '../../src/lineage/layout';
import { Lab } from '../mock/lab';

const columnsOf = (graph: Lineage) => new Map(layout(graph).map(({ node, column }) => [node.id, column]));
const node = (id: string) => ({ id, kind: 'run', name: id, at: null, facts: {} });

test('each edge leads to the right, and no two cards lie on each other', () => {
  const lab = new Lab(0);
  for (const start of ['d-1', ...lab.bundles.map(({ id }) => id), ...lab.runs.map(({ id }) => id)]) {
    const graph = lab.lineage(start);
    if (!graph) throw new Error(`no lineage of ${start}`);
    const columns = columnsOf(graph);
    for (const { from, to } of graph.edges) expect(columns.get(from), `${from} ${to}`).toBeLessThan(columns.get(to) ?? -1);
    const places = layout(graph).map(({ column, row }) => `${column} ${row}`);
    expect(new Set(places).size).toBe(graph.nodes.length);
  }
});

test('what came of the start stands to its left', () => {
  const columns = columnsOf({ start: 'run', nodes: [node('run'), node('code'), node('bundle')], edges: [{ from: 'run', to: 'code', how: 'ran with' }, { from: 'bundle', to: 'run', how: 'holds' }] });
  expect([columns.get('bundle'), columns.get('run'), columns.get('code')]).toEqual([0, 1, 2]);
});

test('a circle, which no lineage should have, still ends', () => {
  const graph = { start: 'a', nodes: [node('a'), node('b'), node('c')], edges: [{ from: 'a', to: 'b', how: '' }, { from: 'b', to: 'c', how: '' }, { from: 'c', to: 'b', how: '' }] };
  expect(layout(graph)).toHaveLength(3);
});
