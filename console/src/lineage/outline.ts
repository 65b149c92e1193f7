// A lineage as indented lines: what each thing came of is below it. What is met again is named, not told again.
import type { Lineage, LineageNode } from '../api/contract';

export interface OutlineLine {
  node: LineageNode;
  depth: number;
  how: string; // how what is above it came of it; empty at the outermost
  again: boolean;
}

export function outline({ start, nodes, edges }: Lineage): OutlineLine[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lines: OutlineLine[] = [];
  const told = new Set<string>();
  const tell = (id: string, depth: number, how: string): void => {
    const node = byId.get(id);
    if (!node) return;
    const again = told.has(id);
    lines.push({ node, depth, how, again });
    told.add(id);
    if (!again) for (const edge of edges) if (edge.from === id) tell(edge.to, depth + 1, edge.how);
  };
  tell(start, 0, '');
  // What came of it: those first that nothing came of, so that each is told once.
  const led = new Set(edges.map(({ to }) => to));
  for (const { id } of nodes) if (!told.has(id) && !led.has(id)) tell(id, 0, '');
  for (const { id } of nodes) if (!told.has(id)) tell(id, 0, '');
  return lines;
}
