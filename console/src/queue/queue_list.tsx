// The list, of which only the rows on screen exist. Its height is that of all rows found, so that the scrollbar tells the
// truth; rows that are not loaded yet are grey until their page has come.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { go, withQuery } from '../shell/location';
import { plural } from '../words/number';
import { cursor, cursorIndex, moveTo, selectRange, toggle } from './cursor';
import { loading, reach, rows, total } from './queue';
import { QueueRow } from './queue_row';

const narrowRow = 80;
const wideRow = 40;
const wideFrom = 900; // pixels of list; the style sheet has the same number
const overscan = 6;

function GhostRow({ index, top }: { index: number; top: number }) {
  return (
    <div role="row" aria-rowindex={index + 1} class="row row-ghost" style={{ transform: `translateY(${top}px)` }}>
      <span role="gridcell" class="row-title" aria-label="Loading">
        <span class={`ghost-line ghost-${index % 4}`} />
      </span>
    </div>
  );
}

export function QueueList({ opened }: { opened: string | null }) {
  const element = useRef<HTMLDivElement>(null);
  const first = useSignal(0);
  const height = useSignal(800);
  const rowHeight = useSignal(narrowRow);

  const measure = () => {
    const list = element.current;
    if (!list) return;
    rowHeight.value = list.clientWidth >= wideFrom ? wideRow : narrowRow;
    height.value = list.clientHeight;
    first.value = Math.max(0, Math.floor(list.scrollTop / rowHeight.peek()) - overscan);
  };
  useLayoutEffect(() => {
    const list = element.current;
    if (!list) return;
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    return () => observer.disconnect();
  }, []);

  const last = Math.min(total.value, first.value + Math.ceil(height.value / rowHeight.value) + 2 * overscan);
  useEffect(() => {
    if (last > rows.value.length - 20 && rows.value.length < total.value) void reach(Math.min(last + 20, total.value - 1));
  }, [last, rows.value.length, total.value]);

  // The cursor's row is kept in view, by the smallest step.
  const at = cursorIndex.value;
  useLayoutEffect(() => {
    const list = element.current;
    if (!list || at < 0) return;
    const top = at * rowHeight.peek();
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + rowHeight.peek() > list.scrollTop + list.clientHeight) list.scrollTop = top + rowHeight.peek() - list.clientHeight;
  }, [at]);

  // A row that leaves the screen becomes one that enters, in its place among the elements: scrolling neither makes nor moves any.
  const slots: ComponentChildren[] = [];
  const slotCount = Math.ceil(height.value / rowHeight.value) + 2 * overscan + 1;
  for (let index = first.value; index < last; index++) {
    const id = rows.value[index];
    const top = index * rowHeight.value;
    const slot = index % slotCount;
    slots[slot] =
      id === undefined ? <GhostRow key={slot} index={index} top={top} /> : <QueueRow key={slot} id={id} index={index} top={top} opened={opened === id} />;
  }

  const onClick = (event: MouseEvent) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-case]');
    const id = row?.dataset['case'];
    if (!id) return;
    if (event.ctrlKey || event.metaKey) {
      if (!(event.target as Element).closest('a')) toggle(id);
    } else if (event.shiftKey) {
      event.preventDefault();
      selectRange(id);
    } else {
      event.preventDefault();
      cursor.value = id;
      go(withQuery(`/queue/${encodeURIComponent(id)}`));
    }
  };
  return (
    <div
      ref={element}
      class="queue-list"
      role="grid"
      aria-label={`Cases, ${plural(total.value, 'case')}`}
      aria-rowcount={total.value}
      aria-busy={loading.value}
      aria-multiselectable="true"
      aria-activedescendant={at >= first.value && at < last ? `row-${cursor.value}` : undefined}
      tabIndex={0}
      onScroll={() => {
        const list = element.current;
        if (list) first.value = Math.max(0, Math.floor(list.scrollTop / rowHeight.peek()) - overscan);
      }}
      onFocus={() => {
        if (cursorIndex.peek() < 0 && rows.peek().length) moveTo(first.peek() === 0 ? 0 : first.peek() + overscan);
      }}
      onClick={onClick}
    >
      <div role="rowgroup" class="queue-rows" style={{ height: `${total.value * rowHeight.value}px` }}>
        {slots}
      </div>
    </div>
  );
}
