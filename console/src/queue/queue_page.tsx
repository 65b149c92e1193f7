// The analyst's workplace: the list, and the open case beside it (in its place where there is no room).
import { useEffect } from 'preact/hooks';
import { whenCasesChange } from '../cases/actions';
import { CaseView } from '../cases/case_view';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { goQuery } from '../shell/location';
import { useShortcuts } from '../shell/shortcuts';
import { count, plural } from '../words/number';
import { BulkBar } from './bulk_bar';
import { clearSelection, cursor, cursorIndex, moveTo, selected, selectRange, toggle } from './cursor';
import { filter, isNarrowed } from './filter';
import { arrivals, counts, load, loadedAt, loading, problem, rows, settle, total } from './queue';
import { assignToMe, begin, closeCase, openAssign, openCase, openSnooze, openVerdict, step } from './queue_actions';
import { QueueFilters } from './queue_filters';
import { QueueList } from './queue_list';
import { viewName } from './views';

function refresh(): void {
  const list = document.querySelector('.queue-list');
  if (list) list.scrollTop = 0;
  cursor.value = null;
  void load(true);
}

function Arrivals() {
  return (
    <div class="arrivals" aria-live="polite">
      {arrivals.value > 0 && (
        <button class="arrivals-button" onClick={refresh}>
          {plural(arrivals.value, 'new case')} <Key keys="." />
        </button>
      )}
    </div>
  );
}

function EmptyQueue() {
  if (isNarrowed.value)
    return (
      <Notice icon="search" title="No case matches">
        <p>Nothing in “{viewName(filter.value)}” fits this search and these filters.</p>
        <button class="button" onClick={() => goQuery({ owner: null, severity: null, domain: null, q: null })}>
          Clear search and filters
        </button>
      </Notice>
    );
  if (filter.value.state === 'open')
    return (
      <Notice icon="check" title="The queue is empty">
        <p>Everything is dealt with. New cases appear here by themselves.</p>
      </Notice>
    );
  return (
    <Notice icon="inbox" title="Nothing here">
      <p>No case is {filter.value.state === 'all' ? 'known yet' : filter.value.state.replace('_', ' ')}.</p>
    </Notice>
  );
}

export function QueuePage({ opened, finding }: { opened: string | null; finding: string | null }) {
  const wanted = filter.value;
  useEffect(() => whenCasesChange(settle), []);
  useEffect(() => {
    clearSelection();
    cursor.value = opened;
    void load();
  }, [wanted.state, wanted.owner, wanted.severity, wanted.domain, wanted.q, wanted.sort]);
  useEffect(() => {
    if (opened && cursor.peek() !== opened) cursor.value = opened;
  }, [opened]);

  useShortcuts('Queue', [
    { keys: 'j', says: 'Next case', run: () => step(1) },
    { keys: 'k', says: 'Previous case', run: () => step(-1) },
    { keys: 'ArrowDown', says: '', run: () => step(1) },
    { keys: 'ArrowUp', says: '', run: () => step(-1) },
    { keys: 'PageDown', says: '', run: () => step(12) },
    { keys: 'PageUp', says: '', run: () => step(-12) },
    { keys: 'Home', says: '', run: () => step(-rows.peek().length) },
    { keys: 'End', says: '', run: () => step(rows.peek().length) },
    { keys: 'Enter', says: 'Open the case', run: () => cursorIndex.peek() >= 0 && openCase(cursor.peek() as string) },
    { keys: 'o', says: '', run: () => cursorIndex.peek() >= 0 && openCase(cursor.peek() as string) },
    { keys: 'x', says: 'Select', run: () => (cursorIndex.peek() < 0 ? moveTo(0) : cursor.peek(), cursor.peek() && toggle(cursor.peek() as string)) },
    { keys: 'Shift+X', says: 'Select everything up to here', run: () => cursor.peek() && selectRange(cursor.peek() as string) },
    { keys: '.', says: 'Show what is new', run: refresh },
    {
      keys: 'Escape',
      says: 'Clear the selection, close the case',
      run: () => (selected.peek().size > 0 ? clearSelection() : closeCase()),
    },
  ]);
  useShortcuts('Case', [
    { keys: 'a', says: 'Assign to me', run: assignToMe },
    { keys: 'Shift+A', says: 'Assign to someone', run: () => openAssign() },
    { keys: 'i', says: 'Take it: mine, in progress', run: begin },
    { keys: 's', says: 'Snooze', run: () => openSnooze() },
    { keys: 'e', says: 'Verdict: resolve the case', run: openVerdict },
  ]);

  const isEmpty = !loading.value && !problem.value && loadedAt.value > 0 && total.value === 0;
  return (
    <div class={`queue-page ${opened ? 'queue-split' : ''}`}>
      <section class="queue-pane" aria-label="Queue">
        <header class="pane-head">
          <h1>{viewName(wanted)}</h1>
          <span class="pane-count">{loading.value ? '' : count(total.value)}</span>
          {!isNarrowed.value && counts.value && counts.value.overdue > 0 && (
            <span class="chip chip-over" title="Of all open cases: past the time of their first answer">
              {count(counts.value.overdue)} overdue
            </span>
          )}
          <span class="stretch" />
          <Arrivals />
          <button class="button button-icon" aria-label="Read the queue again" title="Read the queue again (.)" onClick={refresh}>
            <Icon name="refresh" />
          </button>
        </header>
        <QueueFilters />
        {problem.value && rows.value.length === 0 ? (
          <ProblemNotice what="The queue could not be read" problem={problem.value} retry={() => void load()} />
        ) : isEmpty ? (
          <EmptyQueue />
        ) : rows.value.length === 0 ? (
          <Ghost lines={14} />
        ) : (
          <QueueList opened={opened} />
        )}
        <BulkBar />
      </section>
      {opened && (
        <section class="case-pane" aria-label="Case">
          <CaseView key={opened} id={opened} findingId={finding} onClose={closeCase} />
        </section>
      )}
    </div>
  );
}
