// Who changed what, when and why: newest first, searched, each entry with a proof to take away, the whole to be verified.
import '../style/audit.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AuditEntry } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { goQuery, query } from '../shell/location';
import { useShortcuts } from '../shell/shortcuts';
import { count } from '../words/number';
import { dateTime, exactTime } from '../words/time';
import { subjectOf, summaryOf } from './entry_words';
import { EntryView } from './entry_view';
import { AuditFilters } from './audit_filters';
import { VerifyPanel } from './verify_panel';

const filters = ['q', 'action', 'actor', 'since', 'until'] as const;

export default function AuditPage() {
  const list = useSignal<AuditEntry[] | null>(null);
  const next = useSignal<string | null>(null);
  const size = useSignal(0);
  const searchedTo = useSignal(0);
  const problem = useSignal<Problem | null>(null);
  const verifying = useSignal(false);
  const asked = useRef(0);
  const wanted = new URLSearchParams();
  for (const name of filters) if (query.value.get(name)) wanted.set(name, query.value.get(name) ?? '');
  const wantedText = wanted.toString();
  const opened = query.value.get('entry');

  const read = async (cursor: string | null) => {
    const number = ++asked.current;
    const asking = new URLSearchParams(wantedText);
    if (cursor) asking.set('cursor', cursor);
    try {
      const page = await api.getAudit(asking);
      if (number !== asked.current) return;
      list.value = cursor ? [...(list.peek() ?? []), ...page.entries] : page.entries;
      next.value = page.next;
      size.value = page.size;
      searchedTo.value = page.searched.to;
      problem.value = null;
    } catch (error) {
      if (number === asked.current) problem.value = asProblem(error);
    }
  };
  useEffect(() => {
    list.value = null;
    void read(null);
  }, [wantedText]);
  const move = (step: number) => {
    const entries = list.peek() ?? [];
    const at = entries.findIndex((entry) => String(entry.index) === query.peek().get('entry'));
    const to = entries[at < 0 ? 0 : Math.max(0, Math.min(entries.length - 1, at + step))];
    if (to) goQuery({ entry: String(to.index) });
  };
  useShortcuts('Audit log', [
    { keys: 'j', says: 'Next entry', run: () => move(1) },
    { keys: 'k', says: 'Previous entry', run: () => move(-1) },
    { keys: 'Escape', says: 'Close the entry', run: () => goQuery({ entry: null }) },
    { keys: '/', says: 'Search', run: () => document.getElementById('audit-search')?.focus() },
    { keys: 'v', says: 'Verify the log', run: () => (verifying.value = true) },
  ]);

  return (
    <div class="page audit">
      <header class="page-head">
        <h1 class="page-title">Audit log</h1>
        <span class="quiet">{size.value > 0 ? `${count(size.value)} entries, none of which can be changed unseen` : 'what cannot be changed unseen'}</span>
        <span class="stretch" />
        <a class="button" href={api.checkpointFile} download title="The signed state of the log: keep it elsewhere"><Icon name="download" /> Checkpoint</a>
        <a class="button" href={api.keysFile} download title="What verifiers need besides"><Icon name="download" /> Public keys</a>
        <button class="button button-primary" aria-expanded={verifying.value} onClick={() => (verifying.value = true)}>
          <Icon name="shield" /> Verify <Key keys="v" />
        </button>
      </header>
      {verifying.value && <VerifyPanel close={() => (verifying.value = false)} />}
      <AuditFilters />
      {problem.value ? (
        <ProblemNotice what="The audit log could not be read" problem={problem.value} retry={() => void read(null)} />
      ) : list.value === null ? (
        <Ghost lines={10} />
      ) : (
        <div class={`audit-body ${opened ? 'audit-split' : ''}`}>
          <div class="audit-list">
            {list.value.length === 0 && !next.value && (
              <Notice icon="shield" title={wantedText ? 'No entry has all of this' : 'Nothing is on record yet'}>
                {wantedText && <button class="button" onClick={() => goQuery({ q: null, action: null, actor: null, since: null, until: null })}>Show all entries</button>}
              </Notice>
            )}
            <ol class="entries">
              {list.value.map((entry) => (
                <Entry key={entry.index} entry={entry} current={opened === String(entry.index)} />
              ))}
            </ol>
            {next.value && (
              <p class="audit-more">
                {wantedText && <span class="quiet">searched back to entry {count(searchedTo.value)}</span>}
                <button class="button" onClick={() => void read(next.peek())}>{wantedText ? 'Search further back' : 'Older entries'}</button>
              </p>
            )}
          </div>
          {opened && <EntryView key={opened} index={Number(opened)} close={() => goQuery({ entry: null })} />}
        </div>
      )}
    </div>
  );
}

function Entry({ entry, current }: { entry: AuditEntry; current: boolean }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <li ref={row} class={`entry ${current ? 'entry-current' : ''}`}>
      <button class="entry-button" aria-expanded={current} onClick={() => goQuery({ entry: current ? null : String(entry.index) })}>
        <span class="entry-number number quiet">{entry.index}</span>
        <time class="entry-time quiet" title={exactTime(entry.time)}>{dateTime(entry.time)}</time>
        <span class="entry-actor"><Untrusted text={entry.actor} /></span>
        <span class="entry-what">
          {summaryOf(entry.action)} <Untrusted text={subjectOf(entry).slice(0, 80)} class="quiet entry-subject" />
        </span>
      </button>
    </li>
  );
}
