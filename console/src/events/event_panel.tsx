// One event opened: when it was, whom it names, what was decided, and all that it says. Every text may come from an attacker.
import type { EventDetail } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { openFindings } from '../cases/open_case';
import { Decision } from '../findings/decision';
import { EventView } from '../findings/event_view';
import { MailView } from '../findings/mail_view';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Opened } from '../kit/opened';
import { plainOf, Untrusted } from '../kit/untrusted';
import { goQuery } from '../shell/location';
import { bytes } from '../words/number';
import { dateTime, eventTime, exactTime } from '../words/time';
import { domainName, routeName, shortId } from '../words/vocabulary';
import { className } from './words';

const entityName: Record<string, string> = {
  user: 'User', host: 'Host', ip: 'Address', mailbox: 'Mailbox', domain: 'Domain', file_hash: 'File', cloud_principal: 'Principal', process: 'Process', session: 'Session',
};

export function EventPanel({ digest }: { digest: string }) {
  const { value, problem, reload } = useLoaded(digest, () => api.getEvent(digest));
  const event = value.value;
  return (
    <Opened
      noun="event"
      label="Event"
      title={event ? className(event.class) : 'Event'}
      actions={event?.decision?.case && <a class="button" href={`/queue/${event.decision.case}/${event.decision.id}?state=all`}><Icon name="inbox" /> Finding</a>}
    >
      {event ? <Body event={event} /> : problem.value ? <ProblemNotice what="The event could not be read" problem={problem.value} retry={reload} /> : <Ghost lines={6} />}
    </Opened>
  );
}

// Why, of what was closed too: nobody opened a case about that.
function Decided({ id }: { id: string }) {
  const { value, problem } = openFindings.get(id).value;
  if (value) return <Decision finding={value} />;
  return problem ? <ProblemNotice what="The decision could not be read" problem={problem} retry={() => void openFindings.reload(id)} /> : <Ghost lines={3} />;
}

function Body({ event }: { event: EventDetail }) {
  const decided = event.decision && openFindings.get(event.decision.id).value.value;
  return (
    <>
      <dl class="facts">
        <div><dt>Happened</dt><dd title={exactTime(event.event_time)}>{eventTime(event.event_time)}</dd></div>
        <div><dt>Came</dt><dd title={exactTime(event.received_at)}>{eventTime(event.received_at)}, {bytes(event.raw_bytes)}</dd></div>
        <div><dt>Source</dt><dd><Untrusted text={event.source} />, read by <Untrusted text={event.mapping} />{event.domain ? ` (${domainName[event.domain]})` : ''}</dd></div>
        {event.label && <div><dt>Found to be</dt><dd>{event.label}</dd></div>}
        <div>
          <dt>Decided</dt>
          <dd>
            {event.decision ? (
              <>{routeName[event.decision.route]} <a class="link" href={`/lineage/${encodeURIComponent(event.decision.id)}`}><code>{shortId(event.decision.id)}</code></a></>
            ) : (
              <span class="quiet">no</span>
            )}
          </dd>
        </div>
        <div><dt>Digest</dt><dd><code class="digest">{event.digest}</code></dd></div>
      </dl>
      {event.decision && <Decided id={event.decision.id} />}
      {event.entities.length > 0 && (
        <section class="section">
          <header class="section-head"><h3>Names</h3><span class="quiet">choose one to see its events</span></header>
          <ul class="event-entities">
            {event.entities.map(({ kind, role, key }) => (
              <li key={`${kind} ${role} ${key}`}>
                <button class="chip event-entity" title={`Events that name ${plainOf(key)}`} onClick={() => goQuery({ q: null, class: null, source: null, domain: null, from: null, before: null, entity: key.slice(0, 300) })}>
                  <span class="quiet">{entityName[kind] ?? kind}</span> <Untrusted text={key} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {event.mail ? (
        <MailView mail={event.mail} />
      ) : event.ocsf ? (
        <EventView event={event.ocsf} decision={event.decision?.id ?? null} features={decided?.features ?? []} />
      ) : event.removed ? (
        <div class="mail-text mail-withheld">
          <Icon name="archive" />
          <p>
            The record was removed on <span title={exactTime(event.removed.at)}>{dateTime(event.removed.at)}</span>, its time being over (<Untrusted text={event.removed.rule} />).
          </p>
        </div>
      ) : (
        <p class="quiet">The record is kept, but no mapping reads it any more.</p>
      )}
    </>
  );
}
