// One entry opened: what was recorded, where it leads, and the proof that it is in the log.
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Opened } from '../kit/opened';
import { Untrusted } from '../kit/untrusted';
import { count } from '../words/number';
import { exactTime } from '../words/time';
import { linesOf } from './detail_words';
import { placeOf, summaryOf } from './entry_words';

export function EntryView({ index }: { index: number }) {
  const { value, problem, reload } = useLoaded(String(index), () => api.getAuditEntry(index));
  const entry = value.value;
  const place = entry ? placeOf(entry) : null;
  return (
    <Opened noun="entry" label="Entry" title={`Entry ${count(index)}`}>
      {entry ? (
        <>
          <p class="entry-lead">
            <strong><Untrusted text={entry.actor} /></strong> {summaryOf(entry.action).toLowerCase()}
          </p>
          <dl class="facts">
            <div><dt>When</dt><dd>{exactTime(entry.time)}</dd></div>
            <div><dt>Action</dt><dd><code><Untrusted text={entry.action} /></code></dd></div>
            <div><dt>Of what</dt><dd>{place ? <a class="link" href={place}><code class="digest"><Untrusted text={entry.subject} /></code></a> : <code class="digest"><Untrusted text={entry.subject} /></code>}</dd></div>
          </dl>
          <Details action={entry.action} details={entry.details} />
          <p class="entry-proof">
            <a class="button" href={api.proofOf(index)} download><Icon name="download" /> Proof</a>
            <span class="quiet">that this entry is one of the {count(entry.size)} of the signed log; it holds the entry and verifies without Winnow, with the public keys alone (C2SP tlog-proof)</span>
          </p>
          <details class="fold">
            <summary><Icon name="chevron" size={12} /> <h3>As it is hashed</h3></summary>
            <pre class="canonical"><Untrusted text={entry.canonical} /></pre>
          </details>
        </>
      ) : problem.value ? (
        <ProblemNotice what="The entry could not be read" problem={problem.value} retry={reload} />
      ) : (
        <Ghost lines={5} />
      )}
    </Opened>
  );
}

function Details({ action, details }: { action: string; details: Record<string, unknown> }) {
  const lines = linesOf(action, details);
  if (lines.length === 0) return null;
  return (
    <dl class="facts">
      {lines.map(({ name, value }) => (
        <div key={name}>
          <dt><Untrusted text={name} /></dt>
          <dd><Untrusted text={value} /></dd>
        </div>
      ))}
    </dl>
  );
}
