// What becomes of the fields of a source's newest records: OCSF, kept beside it, read by nobody, or
// nonsense to the mapping.
import { useState } from 'preact/hooks';
import type { Coverage as Answer, FieldCount } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { className } from '../events/words';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { count, plural, share } from '../words/number';
import { domainName } from '../words/vocabulary';

export function Coverage({ source }: { source: string }) {
  const { value, problem, reload } = useLoaded(source, () => api.getCoverage(source));
  const found = value.value;
  if (!found) return problem.value ? <ProblemNotice what="The coverage could not be read" problem={problem.value} retry={reload} /> : <Ghost lines={4} />;
  return (
    <>
      <header class="section-head">
        <h3>Coverage</h3>
        <span class="quiet">{told(found)}</span>
      </header>
      {found.mappings.map((mapping) => (
        <div key={mapping.mapping} class="coverage">
          <p>
            <strong>{mapping.title}</strong> <span class="quiet">{mapping.mapping}, {domainName[mapping.domain]}, {plural(mapping.records, 'record')}{mapping.unreadable > 0 ? `, ${count(mapping.unreadable)} no longer readable` : ''}</span>
          </p>
          {mapping.events.map((event) => (
            <CoveredEvent key={event.event} event={event} />
          ))}
        </div>
      ))}
    </>
  );
}

const told = ({ records, mails, unknown, examined }: Answer): string => {
  if (records === 0) return `none of the newest ${count(examined)} events of the log is of this source`;
  const parts = [`the newest ${plural(records, 'record')}`];
  if (mails > 0) parts.push(`${plural(mails, 'mail')}, read whole`);
  if (unknown > 0) parts.push(`${count(unknown)} by a mapping that is not there any more`);
  return parts.join('; ');
};

type Event = Answer['mappings'][number]['events'][number];

function CoveredEvent({ event }: { event: Event }) {
  const { ocsf, unmapped, ignored, unreadable } = event.values;
  const all = Math.max(1, ocsf + unmapped + ignored + unreadable);
  const says =
    `${share(ocsf / all)} of the values in OCSF, ${share(unmapped / all)} kept beside it, ${share(ignored / all)} read by nobody` +
    (unreadable > 0 ? `, ${share(unreadable / all)} cannot be read` : '');
  return (
    <div class="covered">
      <div class="covered-line">
        <span class="covered-name">{event.event} <span class="quiet">{className(event.class)}, {plural(event.records, 'record')}</span></span>
        <span class="covered-bar" role="img" aria-label={says}>
          <span class="covered-ocsf" style={{ width: `${(100 * ocsf) / all}%` }} />
          <span class="covered-unmapped" style={{ width: `${(100 * unmapped) / all}%` }} />
          <span class="covered-unreadable" style={{ width: `${(100 * unreadable) / all}%` }} />
        </span>
        <span class="quiet covered-says">{says}</span>
      </div>
      <Fields name="Cannot be read" list={event.fields.unreadable} of={event.records} />
      <Fields name="Kept beside OCSF" list={event.fields.unmapped} of={event.records} />
      <Fields name="Read by nobody" list={event.fields.ignored} of={event.records} />
      <Fields name="In OCSF" list={event.fields.ocsf} of={event.records} />
    </div>
  );
}

function Fields({ name, list, of }: { name: string; list: FieldCount[]; of: number }) {
  const [open, setOpen] = useState(false);
  if (list.length === 0) return null;
  return (
    <details class="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="chevron" size={12} /> <h4>{name}</h4> <span class="quiet">{plural(list.length, 'field')}</span>
      </summary>
      {open && (
        <ul class="covered-fields">
          {list.map(({ path, records, attributes }) => (
            <li key={path}>
              <code><Untrusted text={path} /></code> <span class="quiet">in {share(records / Math.max(1, of))}{attributes.length > 0 && `, for ${attributes.join(', ')}`}</span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
