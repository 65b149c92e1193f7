// Which row of the drawing each node of a lineage stands in: below everything that came of it, and no further down than that
// needs; what nothing came of stands right above what it leads to.
import type { Lineage } from '../api/contract';

// Node ids, row by row from the top.
export function layersOf({ nodes, edges }: Lineage): string[][] {
  const rows = new Map(nodes.map(({ id }) => [id, 0]));
  // The longest way to each. As often as a way can be long; a circle, which no lineage has, would never settle.
  for (let round = 0; round < nodes.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      const [above, under] = [rows.get(from), rows.get(to)];
      if (above === undefined || under === undefined || from === to || under > above) continue;
      rows.set(to, above + 1);
      moved = true;
    }
    if (!moved) break;
  }
  const led = new Set(edges.map(({ to }) => to));
  for (const { id } of nodes) {
    const below = led.has(id) ? [] : edges.filter(({ from }) => from === id).map(({ to }) => rows.get(to) ?? 1);
    if (below.length) rows.set(id, Math.max(0, Math.min(...below) - 1));
  }
  const layers: string[][] = [];
  for (const [id, row] of rows) (layers[row] ??= []).push(id);
  return layers.filter((layer) => layer.length > 0);
}
