// How the service is: for the operator, and for an analyst who wonders why the queue is quiet.
import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { Status } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { online } from '../api/request';
import { Figure } from '../kit/figure';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { bytes, count, plural } from '../words/number';
import { now, span } from '../words/time';
import { DecidedChart } from './decided_chart';
import { Domains } from './domains';
import { Sources, isSilent } from './sources';
import { SpoolFacts } from './spool';

const status = signal<Status | null>(null);
const problem = signal<Problem | null>(null);
const readEveryMs = 5_000;

async function read(): Promise<void> {
  try {
    status.value = await api.getStatus();
    problem.value = null;
  } catch (error) {
    problem.value = asProblem(error);
  }
}

const lessThan = (ms: number | null): string => (ms === null ? '–' : ms < 1 ? '< 1 ms' : ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);

export default function StatusPage() {
  useEffect(() => {
    void read();
    const timer = setInterval(() => !document.hidden && void read(), readEveryMs);
    return () => clearInterval(timer);
  }, []);
  const at = status.value;
  if (!at)
    return (
      <div class="page">
        <h1 class="page-title">Status</h1>
        {problem.value ? <ProblemNotice what="The status could not be read" problem={problem.value} retry={() => void read()} /> : <Ghost lines={8} />}
      </div>
    );
  const silent = at.sources.filter(isSilent).length;
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Status</h1>
        <span class={`chip ${at.ready && online.value ? 'auth-good' : 'auth-bad'}`}>
          <Icon name={at.ready && online.value ? 'check' : 'warning'} size={12} /> {!online.value ? 'no connection' : at.ready ? 'deciding' : 'not ready'}
        </span>
        <span class="quiet">
          Winnow {at.version}, built with <code>{at.build}</code>, up {span(now.value - Date.parse(at.started_at))}
        </span>
      </header>
      <dl class="figures">
        <Figure name="Decided" value={count(at.mails.decided)} note="since the start, all domains" />
        <Figure name="Rate" value={count(Math.round(at.mails.rate_per_minute))} note="a minute" />
        <Figure name="Time to decide" value={lessThan(at.mails.p50_ms)} note={at.mails.p99_ms === null ? '' : `median; 99 % in ${lessThan(at.mails.p99_ms)}`} />
        <Figure name="Waiting" value={count(at.mails.waiting + at.spool.records)} note="records" />
        <Figure name="In no case yet" value={at.cases ? count(at.cases.waiting) : '–'} note={at.cases && at.cases.lag_seconds >= 1 ? `for ${span(at.cases.lag_seconds * 1_000)}` : 'decisions'} />
        <Figure name="Storage" value={bytes(at.storage.bytes)} note={`${bytes(at.storage.free_bytes)} free`} />
        <Figure name="Memory" value={bytes(at.memory_bytes)} note="" />
      </dl>
      <section class="section">
        <header class="section-head">
          <h2>Decided per minute, by route</h2>
          <span class="quiet">the full minutes of the last hour</span>
        </header>
        <DecidedChart series={at.series} />
      </section>
      <section class="section">
        <header class="section-head">
          <h2>Sources</h2>
          <a class="link" href="/sources">more of them</a>
          {silent > 0 && <span class="chip auth-bad">{plural(silent, 'source is', 'sources are')} silent</span>}
        </header>
        {at.sources.length === 0 ? <p class="quiet">No source has sent this service anything yet.</p> : <Sources list={at.sources} />}
      </section>
      <section class="section">
        <header class="section-head">
          <h2>Accepted, not yet decided</h2>
          {at.spool.late && <span class="chip auth-bad">the oldest waits {span(at.spool.oldest_seconds * 1_000)}</span>}
          {at.spool.damages > 0 && <span class="chip auth-bad">{plural(at.spool.damages, 'damaged place')}</span>}
        </header>
        <SpoolFacts spool={at.spool} />
      </section>
      <Domains list={at.domains} />
    </div>
  );
}
