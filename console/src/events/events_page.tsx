// What came, newest first by the events' own time, searched a bounded part of the log at a time.
import '../style/events.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { EventLine } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { plainOf, Untrusted } from '../kit/untrusted';
import { goQuery, query } from '../shell/location';
import { useShortcuts } from '../shell/shortcuts';
import { plural } from '../words/number';
import { dateTime, exactTime } from '../words/time';
import { routeName } from '../words/vocabulary';
import { EventFilters } from './event_filters';
import { EventPanel } from './event_panel';
import { className } from './words';

const filters = ['q', 'entity', 'source', 'domain', 'class', 'from', 'before'] as const;
const none = Object.fromEntries([...filters, 'event'].map((name) => [name, null]));

// How far back a search has looked, over all its pages.
interface Searched {
  examined: number;
  until: string | null;
}

export default function EventsPage() {
  const list = useSignal<EventLine[] | null>(null);
  const next = useSignal<string | null>(null);
  const searched = useSignal<Searched>({ examined: 0, until: null });
  const problem = useSignal<Problem | null>(null);
  const reading = useSignal(false);
  const asked = useRef(0);
  const wanted = new URLSearchParams();
  for (const name of filters) if (query.value.get(name)) wanted.set(name, query.value.get(name) ?? '');
  const wantedText = wanted.toString();
  const opened = query.value.get('event');

  const read = async (cursor: string | null) => {
    const number = ++asked.current;
    const asking = new URLSearchParams(wantedText);
    if (cursor) asking.set('cursor', cursor);
    reading.value = true;
    try {
      const page = await api.getEvents(asking);
      if (number !== asked.current) return;
      list.value = cursor ? [...(list.peek() ?? []), ...page.events] : page.events;
      next.value = page.next;
      searched.value = { examined: (cursor ? searched.peek().examined : 0) + page.examined, until: page.searched_until ?? searched.peek().until };
      problem.value = null;
    } catch (error) {
      if (number === asked.current) problem.value = asProblem(error);
    } finally {
      if (number === asked.current) reading.value = false;
    }
  };
  useEffect(() => {
    list.value = null;
    void read(null);
  }, [wantedText]);
  const move = (step: number) => {
    const events = list.peek() ?? [];
    const at = events.findIndex((event) => event.digest === query.peek().get('event'));
    const to = events[at < 0 ? 0 : Math.max(0, Math.min(events.length - 1, at + step))];
    if (to) goQuery({ event: to.digest });
  };
  useShortcuts('Events', [
    { keys: 'j', says: 'Next event', run: () => move(1) },
    { keys: 'k', says: 'Previous event', run: () => move(-1) },
    { keys: 'Escape', says: 'Close the event', run: () => goQuery({ event: null }) },
    { keys: '/', says: 'Search', run: () => document.getElementById('event-search')?.focus() },
  ]);

  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Events</h1>
        <span class="quiet">what came, the newest first by its own time</span>
      </header>
      <EventFilters />
      {problem.value ? (
        <ProblemNotice what="The events could not be read" problem={problem.value} retry={() => void read(null)} />
      ) : list.value === null ? (
        <Ghost lines={10} />
      ) : (
        <div class={opened ? 'events-split' : ''}>
          <div>
            {list.value.length === 0 && !next.value && (
              <Notice icon="pulse" title={wantedText ? 'No event has all of this' : 'Nothing has come yet'}>
                {wantedText && <button class="button" onClick={() => goQuery(none)}>Show all events</button>}
              </Notice>
            )}
            <ol class="events" aria-label="Events">
              {list.value.map((event) => <EventRow key={event.digest} event={event} current={opened === event.digest} />)}
            </ol>
            <p class="events-more" role="status">
              {next.value ? (
                <>
                  <span class="quiet">
                    {list.value.length === 0 ? 'Nothing found so far: ' : ''}
                    {plural(searched.value.examined, 'event')} looked at, back to {dateTime(searched.value.until)}
                  </span>
                  <button class="button" disabled={reading.value} onClick={() => void read(next.peek())}>
                    {reading.value ? 'Searching' : wantedText ? 'Search further back' : 'Older events'}
                  </button>
                </>
              ) : (
                list.value.length > 0 && <span class="quiet">All {plural(searched.value.examined, 'event')} {wantedText ? 'of that time ' : ''}were looked at.</span>
              )}
            </p>
          </div>
          {opened && <EventPanel key={opened} digest={opened} close={() => goQuery({ event: null })} />}
        </div>
      )}
    </div>
  );
}

function EventRow({ event, current }: { event: EventLine; current: boolean }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const told = event.removed ? 'removed: its time was over' : event.subject;
  return (
    <li ref={row} class={`event ${current ? 'event-current' : ''}`}>
      <button class="event-button" aria-expanded={current} title={plainOf(told)} onClick={() => goQuery({ event: current ? null : event.digest })}>
        <time class="event-time quiet" title={exactTime(event.event_time)}>{dateTime(event.event_time)}</time>
        <span class="event-class">{className(event.class)}</span>
        <span class="event-actor"><Untrusted text={event.actor} /></span>
        <span class="event-what">{event.removed ? <span class="quiet">{told}</span> : <Untrusted text={told} />}</span>
        <span class="event-source quiet"><Untrusted text={event.source} /></span>
        <span class="event-route">{event.decision && <span class={`chip ${event.decision.route === 'close' ? '' : 'auth-bad'}`}>{routeName[event.decision.route]}</span>}</span>
      </button>
    </li>
  );
}
