// Who changed what, when and why: newest first, searched, each entry with a proof to take away, the whole to be verified.
import '../style/audit.css';
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AuditEntry } from '../api/contract';
import * as api from '../api/endpoints';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Listed, useSteps } from '../kit/opened';
import { Untrusted } from '../kit/untrusted';
import { usePages } from '../kit/use_pages';
import { goQuery, query } from '../shell/location';
import { count } from '../words/number';
import { dateTime, exactTime } from '../words/time';
import { subjectOf, summaryOf } from './entry_words';
import { EntryView } from './entry_view';
import { AuditFilters } from './audit_filters';
import { VerifyPanel } from './verify_panel';

const filters = ['q', 'action', 'actor', 'since', 'until'] as const;

export default function AuditPage() {
  const { asked, pages, problem, more } = usePages(filters, api.getAudit);
  const verifying = useSignal(false);
  const list = pages.value?.flatMap(({ entries }) => entries) ?? null;
  const last = pages.value?.at(-1);
  const size = useRef(0); // stays told while another search is on its way
  size.current = last?.size ?? size.current;
  const opened = query.value.get('entry');
  useSteps('Audit log', 'entry', () => list?.map(({ index }) => String(index)) ?? [], [
    { keys: '/', says: 'Search', run: () => document.getElementById('audit-search')?.focus() },
    { keys: 'v', says: 'Verify the log', run: () => (verifying.value = true) },
  ]);

  return (
    <div class="page audit">
      <header class="page-head">
        <h1 class="page-title">Audit log</h1>
        <span class="quiet">{size.current > 0 ? `${count(size.current)} entries, none of which can be changed unseen` : 'what cannot be changed unseen'}</span>
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
        <ProblemNotice what="The audit log could not be read" problem={problem.value} retry={more} />
      ) : list === null ? (
        <Ghost lines={10} />
      ) : (
        <div class={`audit-body ${opened ? 'beside' : ''}`}>
          <div>
            {list.length === 0 && !last?.next && (
              <Notice icon="shield" title={asked ? 'No entry has all of this' : 'Nothing is on record yet'}>
                {asked && <button class="button" onClick={() => goQuery({ q: null, action: null, actor: null, since: null, until: null })}>Show all entries</button>}
              </Notice>
            )}
            <ol class="entries">
              {list.map((entry) => <Entry key={entry.index} entry={entry} current={opened === String(entry.index)} />)}
            </ol>
            {last?.next && (
              <p class="listed-more">
                {asked && <span class="quiet">searched back to entry {count(last.searched.to)}</span>}
                <button class="button" onClick={more}>{asked ? 'Search further back' : 'Older entries'}</button>
              </p>
            )}
          </div>
          {opened && <EntryView key={opened} index={Number(opened)} />}
        </div>
      )}
    </div>
  );
}

function Entry({ entry, current }: { entry: AuditEntry; current: boolean }) {
  return (
    <Listed noun="entry" id={String(entry.index)} current={current}>
      <span class="entry-number number quiet">{entry.index}</span>
      <time class="entry-time quiet" title={exactTime(entry.time)}>{dateTime(entry.time)}</time>
      <span class="entry-actor"><Untrusted text={entry.actor} /></span>
      <span class="entry-what">
        {summaryOf(entry.action)} <Untrusted text={subjectOf(entry).slice(0, 80)} class="quiet entry-subject" />
      </span>
    </Listed>
  );
}
