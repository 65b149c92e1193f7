// A lineage as a drawing: cards joined by labelled lines, from top to bottom. The arrow keys go from card to card.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Lineage, LineageNode } from '../api/contract';
import { Untrusted } from '../kit/untrusted';
import { useWidth } from '../kit/use_width';
import { type Drawing, layout, type Point } from './layout';
import { describe, kindName, placeOf } from './node_words';

const narrowest = 560; // in less room the words alone are easier to read

const path = (points: readonly Point[]): string =>
  points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (!before) return `M${x} ${y}`;
      const middle = (before.y + y) / 2;
      return before.x === x ? `V${y}` : `C${before.x} ${middle} ${x} ${middle} ${x} ${y}`;
    })
    .join('');

// The nearest card that can be opened in the direction of an arrow key.
function neighbour(cards: HTMLElement[], from: Element, key: string): HTMLElement | undefined {
  const middle = (element: Element): Point => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  const here = middle(from);
  const upright = key === 'ArrowUp' || key === 'ArrowDown';
  const sign = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : -1;
  const far = (element: HTMLElement): number => {
    const there = middle(element);
    const [along, across] = upright ? [there.y - here.y, there.x - here.x] : [there.x - here.x, there.y - here.y];
    if (sign * along < 1 || (!upright && Math.abs(across) > 1)) return Infinity;
    return upright ? Math.abs(along) * 10 + Math.abs(across) : Math.abs(along);
  };
  const near = cards.filter((card) => far(card) < Infinity).sort((one, other) => far(one) - far(other));
  return near[0];
}

export function LineageGraph({ graph }: { graph: Lineage }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 0).value;
  return (
    <div ref={box} class="lineage">
      {width >= narrowest && <Picture graph={graph} drawing={layout(graph, width)} />}
    </div>
  );
}

function Picture({ graph, drawing }: { graph: Lineage; drawing: Drawing }) {
  const marked = useSignal<string | null>(null); // the card under the pointer or the focus
  const mark = (event: Event) => {
    marked.value = (event.target as Element).closest?.('[data-node]')?.getAttribute('data-node') ?? null;
  };
  const { width, height, card, cards, labels, lines } = drawing;
  const isOf = (from: string, to: readonly string[]): boolean => marked.value === from || to.includes(marked.value ?? '');
  const labelIsOf = (from: string, how: string): boolean => isOf(from, graph.edges.filter((edge) => edge.from === from && edge.how === how).map(({ to }) => to));
  return (
    <div
      class={`lineage-picture ${marked.value ? 'lineage-marking' : ''}`}
      role="group"
      aria-label="Graph"
      data-scrolls
      onPointerOver={mark}
      onPointerLeave={() => (marked.value = null)}
      onFocusIn={mark}
      onFocusOut={() => (marked.value = null)}
      onKeyDown={(event) => {
        if (!/^Arrow/.test(event.key)) return;
        const next = neighbour([...event.currentTarget.querySelectorAll<HTMLElement>('a.node')], event.target as Element, event.key);
        if (!next) return;
        event.preventDefault();
        next.focus();
      }}
    >
      <svg width={width} height={height} aria-hidden="true">
        {lines.map(({ from, to, points }, index) => (
          <path key={index} class={`lineage-line ${isOf(from, to) ? 'lineage-marked' : ''}`} d={path(points)} />
        ))}
        {labels.map(({ from, how, x, y, width: wide }) => (
          <g key={`${from} ${how}`} class={`lineage-label ${labelIsOf(from, how) ? 'lineage-marked' : ''}`}>
            <rect x={x - wide / 2} y={y - 9} width={wide} height={18} rx={9} />
            <text x={x} y={y + 4} text-anchor="middle">{how}</text>
          </g>
        ))}
      </svg>
      {cards.map(({ node, x, y }) => (
        <div key={node.id} class="lineage-card" data-node={node.id} style={{ left: `${x}px`, top: `${y}px`, width: `${card.width}px`, height: `${card.height}px` }}>
          <Card node={node} start={node.id === graph.start} />
        </div>
      ))}
    </div>
  );
}

function Card({ node, start }: { node: LineageNode; start: boolean }) {
  const place = start ? null : placeOf(node);
  const content = (
    <>
      <span class="node-kind">{kindName(node)}</span>
      <Untrusted text={describe(node)} class="node-name" />
    </>
  );
  const name = `node node-${node.kind} ${start ? 'node-start' : ''}`;
  return place ? <a class={name} href={place} title={describe(node)}>{content}</a> : <div class={name} title={describe(node)}>{content}</div>;
}
