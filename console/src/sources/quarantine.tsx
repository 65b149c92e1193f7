// What could not be used: why, how it looks, and the way back once a mapping was mended.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { QuarantinedRecord, QuarantineReason } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { useLoaded } from '../api/use_loaded';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { mayMendSources } from '../session/session';
import { tellDone, tellProblem } from '../shell/toasts';
import { bytes, count, plural } from '../words/number';
import { ago, exactTime, now } from '../words/time';

const keyOf = ({ source, mapping, kind, reason }: QuarantineReason): string => [source, mapping, kind, reason].join('\n');

export function Quarantine({ source }: { source: string | null }) {
  const { value, problem, reload } = useLoaded('reasons', api.getQuarantineReasons);
  const opened = useSignal<string | null>(null);
  const trying = useSignal(false);
  const reasons = (value.value?.reasons ?? []).filter((one) => source === null || one.source === source);
  const tryAgain = async (which: { source: string | null; mapping: string | null }) => {
    trying.value = true;
    let tried = 0;
    let released = 0;
    let kept = 0;
    try {
      for (let after: string | null = null; ; ) {
        const answer = await api.retryQuarantined({ ...which, after });
        tried += answer.tried;
        released += answer.released;
        kept += answer.kept;
        after = answer.next;
        if (after === null) break;
      }
      tellDone(`${count(released)} of ${plural(tried, 'record')} could be used now${kept > 0 ? `; ${count(kept)} of them are kept until a champion reads them` : ''}`);
    } catch (error) {
      tellProblem('Not tried again', error);
    }
    trying.value = false;
    opened.value = null;
    reload();
  };
  const why = mayMendSources.value ? '' : 'Needs an engineer or an admin';
  return (
    <section class="section" id="quarantine">
      <header class="section-head">
        <h2>Quarantine</h2>
        {value.value && <span class="quiet">{value.value.total === 0 ? 'empty: whatever came could be used' : `${plural(value.value.total, 'record')} could not be used${source === null ? '' : '; those of this source:'}`}</span>}
        <span class="stretch" />
        {reasons.length > 0 && (
          <button class="button" disabled={!mayMendSources.value || trying.value} title={why} onClick={() => void tryAgain({ source, mapping: null })}>
            <Icon name="refresh" /> {trying.value ? 'Trying' : 'Try all again'}
          </button>
        )}
      </header>
      {!value.value && (problem.value ? <ProblemNotice what="Quarantine could not be read" problem={problem.value} retry={reload} /> : <Ghost lines={3} />)}
      {value.value && source !== null && reasons.length === 0 && value.value.total > 0 && <p class="quiet">Nothing of this source is there.</p>}
      <ul class="reasons-list">
        {reasons.map((one) => (
          <li key={keyOf(one)} class="quarantine-reason">
            <button class="quarantine-button" aria-expanded={opened.value === keyOf(one)} onClick={() => (opened.value = opened.value === keyOf(one) ? null : keyOf(one))}>
              <span class="number">{count(one.records)}</span>
              <span class="quarantine-why"><Untrusted text={one.reason || one.kind} /></span>
              <span class="quiet"><Untrusted text={one.source} />{one.mapping ? `, refused by ${one.mapping}` : ''}</span>
              <span class="quiet" title={exactTime(one.last_seen)}>{ago(one.last_seen, now.value)}</span>
            </button>
            {opened.value === keyOf(one) && <Samples reason={one} why={why} trying={trying.value} tryAgain={() => void tryAgain({ source: one.source, mapping: one.mapping })} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SamplesProps {
  reason: QuarantineReason;
  why: string;
  trying: boolean;
  tryAgain: () => void;
}

function Samples({ reason, why, trying, tryAgain }: SamplesProps) {
  const list = useSignal<QuarantinedRecord[]>([]);
  const next = useSignal<string | null>(null);
  const problem = useSignal<Problem | null>(null);
  const read = async (cursor: string | null) => {
    const asking = new URLSearchParams({ source: reason.source, reason: reason.reason, limit: '5' });
    if (reason.mapping) asking.set('mapping', reason.mapping);
    // A reason that quotes what the role may not read is told without it: then it cannot be asked for.
    if (reason.reason.includes('…')) asking.delete('reason');
    if (cursor) asking.set('cursor', cursor);
    try {
      const page = await api.getQuarantine(asking);
      list.value = cursor ? [...list.peek(), ...page.records] : page.records;
      next.value = page.next;
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    }
  };
  useEffect(() => void read(null), []);
  if (problem.value) return <ProblemNotice what="The records could not be read" problem={problem.value} retry={() => void read(null)} />;
  return (
    <div class="samples">
      {list.value.map((record) => (
        <article key={record.digest} class="sample">
          <p class="quiet" title={exactTime(record.first_seen)}>
            <code>{record.digest.slice(0, 12)}</code> {bytes(record.size)}, first seen {ago(record.first_seen, now.value)}
            {record.tries > 0 && `, tried again ${plural(record.tries, 'time')}`}
          </p>
          {record.sample === null ? (
            <p class="quiet">It may be a mail, which your role may not read.</p>
          ) : (
            <pre class="sample-text" tabIndex={0} aria-label="The record's beginning" data-scrolls><Untrusted text={record.sample} />{record.sample_cut && <span class="quiet"> … and more</span>}</pre>
          )}
        </article>
      ))}
      <p class="samples-more">
        {next.value && <button class="button" onClick={() => void read(next.peek())}>More of them</button>}
        <button class="button" disabled={why !== '' || trying} title={why} onClick={tryAgain}>
          <Icon name="refresh" /> Try {reason.mapping ? <>what <Untrusted text={reason.mapping} /> refused</> : 'those of the source'} again
        </button>
      </p>
    </div>
  );
}
