// What came, newest first by the events' own time, searched a bounded part of the log at a time.
import '../style/events.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EventLine } from '../api/contract';
import * as api from '../api/endpoints';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Listed, useSteps } from '../kit/opened';
import { plainOf, Untrusted } from '../kit/untrusted';
import { usePages } from '../kit/use_pages';
import { goQuery, query } from '../shell/location';
import { plural } from '../words/number';
import { shortName } from '../words/short_name';
import { dateTime, exactTime } from '../words/time';
import { routeName } from '../words/vocabulary';
import { EventFilters } from './event_filters';
import { EventPanel } from './event_panel';
import { className } from './words';

const filters = ['q', 'entity', 'source', 'domain', 'class', 'from', 'before'] as const;
const none = Object.fromEntries([...filters, 'event'].map((name) => [name, null]));

export default function EventsPage() {
  const { asked, pages, problem, reading, more, again } = usePages(filters, api.getEvents);
  const list = pages.value?.flatMap(({ events }) => events) ?? null;
  const next = pages.value?.at(-1)?.next;
  const examined = (pages.value ?? []).reduce((sum, page) => sum + page.examined, 0);
  const until = pages.value?.findLast((page) => page.searched_until)?.searched_until ?? null; // how far back was looked
  const opened = query.value.get('event');
  const { runs, run, stop } = useRun(asked, list?.length ?? 0, Boolean(next) && !problem.value, pages.value, more);
  const refresh = () => {
    stop();
    again();
  };
  useSteps('Events', 'event', () => list?.map(({ digest }) => digest) ?? [], [
    { keys: 'r', says: 'Read anew: what came since, too', run: refresh },
    { keys: '/', says: 'Search', run: () => document.getElementById('event-search')?.focus() },
  ]);

  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Events</h1>
        <span class="quiet">what came, the newest first by its own time</span>
        <span class="stretch" />
        <button class="button" disabled={reading.value} onClick={refresh}><Icon name="refresh" /> Refresh <Key keys="r" /></button>
      </header>
      <EventFilters />
      {problem.value ? (
        <ProblemNotice what="The events could not be read" problem={problem.value} retry={more} />
      ) : list === null ? (
        <Ghost lines={10} />
      ) : (
        <div class={`events-body ${opened ? 'beside' : ''}`}>
          <div>
            {list.length === 0 && !next && (
              <Notice icon="pulse" title={asked ? 'No event has all of this' : 'Nothing has come yet'}>
                {asked && <button class="button" onClick={() => goQuery(none)}>Show all events</button>}
              </Notice>
            )}
            <ol class="events" aria-label="Events">
              {list.map((event) => <EventRow key={event.digest} event={event} current={opened === event.digest} />)}
            </ol>
            <p class="listed-more" role="status">
              {next ? (
                <>
                  <span class="quiet">
                    {list.length === 0 ? 'Nothing found so far: ' : ''}
                    {plural(examined, 'event')} looked at, back to {dateTime(until)}
                  </span>
                  {runs ? (
                    <button class="button" onClick={stop}>Stop searching</button>
                  ) : (
                    <button class="button" disabled={reading.value} onClick={asked ? run : more}>
                      {reading.value ? 'Searching' : asked ? 'Search further back' : 'Older events'}
                    </button>
                  )}
                </>
              ) : (
                list.length > 0 && <span class="quiet">All {plural(examined, 'event')} {asked ? 'of that time ' : ''}were looked at.</span>
              )}
            </p>
          </div>
          {opened && <EventPanel key={opened} digest={opened} />}
        </div>
      )}
    </div>
  );
}

// A search that goes on by itself, page after page, until it has found enough to look at, has taken long enough that somebody should say whether it is
// worth it, is at the log's beginning, or is stopped.
const enough = 50;
const longMs = 30_000;

function useRun(asked: string, found: number, goesOn: boolean, pages: unknown, more: () => void): { runs: boolean; run: () => void; stop: () => void } {
  const until = useSignal<{ found: number; at: number } | null>(null); // null: it rests
  const runs = until.value !== null && goesOn;
  const from = (there: number) => (until.value = { found: there + enough, at: Date.now() + longMs });
  useEffect(() => {
    if (asked) from(0);
    else until.value = null;
  }, [asked]);
  useEffect(() => {
    if (until.value === null || pages === null) return; // the first page is on its way
    if (goesOn && found < until.value.found && Date.now() < until.value.at) more();
    else until.value = null;
  }, [pages, until.value === null]);
  return { runs, run: () => void from(found), stop: () => (until.value = null) };
}

function EventRow({ event, current }: { event: EventLine; current: boolean }) {
  const told = event.removed ? 'removed: its time was over' : event.subject;
  return (
    <Listed noun="event" id={event.digest} current={current} title={plainOf(told)}>
      <time class="event-time quiet" title={exactTime(event.event_time)}>{dateTime(event.event_time)}</time>
      <span class="event-class">{className(event.class)}</span>
      <span class="event-actor" title={plainOf(event.actor)}><Untrusted text={shortName(event.actor)} /></span>
      <span class="event-what">{event.removed ? <span class="quiet">{told}</span> : <Untrusted text={told} />}</span>
      <span class="event-source quiet"><Untrusted text={event.source} /></span>
      <span class="event-route">{event.decision && <span class={`chip ${event.decision.route === 'close' ? '' : 'auth-bad'}`}>{routeName[event.decision.route]}</span>}</span>
    </Listed>
  );
}
