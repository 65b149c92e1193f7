// Where the nodes of a lineage stand: in columns, each as far to the right as it is removed from what was asked about; what
// came of it (its promotions, the bundles that hold it) stands to its left. Within a column, near those it is joined to.
import type { Lineage, LineageNode } from '../api/contract';

export interface Placed {
  node: LineageNode;
  column: number;
  row: number;
}

// The longest way from the start along the edges; against them to the left.
function columnsOf({ start, nodes, edges }: Lineage): Map<string, number> {
  const columns = new Map<string, number>([[start, 0]]);
  // As often as a way can be long; a graph that is no tree settles long before.
  for (let round = 0; round < nodes.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      const at = columns.get(from);
      if (at !== undefined && (columns.get(to) ?? -Infinity) < at + 1 && to !== start) {
        columns.set(to, at + 1);
        moved = true;
      }
    }
    if (!moved) break;
  }
  // What nothing leads to from the start leads to it, or to what it came of.
  for (let round = 0; round < nodes.length && columns.size < nodes.length; round++) {
    for (const { from, to } of edges) {
      const at = columns.get(to);
      if (at !== undefined && !columns.has(from)) columns.set(from, at - 1);
      const behind = columns.get(from);
      if (behind !== undefined && !columns.has(to)) columns.set(to, behind + 1);
    }
  }
  for (const { id } of nodes) if (!columns.has(id)) columns.set(id, 0);
  return columns;
}

export function layout(lineage: Lineage): Placed[] {
  const columns = columnsOf(lineage);
  const first = Math.min(...columns.values());
  const byColumn = new Map<number, LineageNode[]>();
  for (const node of lineage.nodes) {
    const column = (columns.get(node.id) ?? 0) - first;
    byColumn.set(column, [...(byColumn.get(column) ?? []), node]);
  }
  const rows = new Map<string, number>();
  const near = (id: string): number => {
    const joined = lineage.edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
    const known = joined.map((other) => rows.get(other)).filter((row) => row !== undefined);
    return known.length ? known.reduce((sum, row) => sum + row, 0) / known.length : Infinity;
  };
  const placed: Placed[] = [];
  for (const [column, nodes] of [...byColumn].sort(([a], [b]) => a - b)) {
    const order = nodes.map((node, index) => ({ node, index, near: near(node.id) }));
    order.sort((a, b) => (a.near === b.near ? a.index - b.index : a.near - b.near));
    order.forEach(({ node }, row) => {
      rows.set(node.id, row);
      placed.push({ node, column, row });
    });
  }
  return placed;
}
