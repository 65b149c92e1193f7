// Who sends what: how each source does, what its mappings make of it, and what could not be used.
import '../style/sources.css';
import { useEffect } from 'preact/hooks';
import type { SourceDetail, Sources } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Figure } from '../kit/figure';
import { Icon } from '../kit/icon';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { useSteps } from '../kit/opened';
import { Spark } from '../kit/spark';
import { Table } from '../kit/table';
import { plainOf, Untrusted } from '../kit/untrusted';
import { goQuery, query } from '../shell/location';
import { isSilent, Lag } from '../status/sources';
import { count, plural } from '../words/number';
import { ago, dateTime, exactTime, now, span } from '../words/time';
import { Coverage } from './coverage';
import { Drift } from './drift';
import { RefusedMappings } from './refused_mappings';
import { Quarantine } from './quarantine';

const readEveryMs = 10_000;

export default function SourcesPage() {
  const { value, problem, reload } = useLoaded('sources', api.getSources);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), readEveryMs);
    return () => clearInterval(timer);
  }, []);
  const list = value.value?.sources ?? [];
  const chosen = list.find(({ name }) => name === query.value.get('source'));
  useSteps('Sources', 'source', () => list.map(({ name }) => name));
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Sources</h1>
        {value.value && <span class="quiet" title={exactTime(value.value.since)}>counted since the service started, {ago(value.value.since, now.value)}</span>}
      </header>
      {problem.value && !value.value ? (
        <ProblemNotice what="The sources could not be read" problem={problem.value} retry={reload} />
      ) : !value.value ? (
        <Ghost lines={8} />
      ) : (
        <>
          <Lost lost={value.value.lost} />
          <RefusedMappings refused={value.value.refused_mappings} />
          <Drift drifts={value.value.drift} />
          {list.length === 0 ? (
            <Notice icon="plug" title="No source has sent this service anything yet">
              <p>Point a shipper at this server, or read files: <code>winnow ingest auto FILE</code></p>
            </Notice>
          ) : (
            <SourceTable list={list} chosen={chosen?.name ?? null} />
          )}
          {chosen && <SourceView key={chosen.name} source={chosen} />}
          <Quarantine source={chosen?.name ?? null} />
        </>
      )}
    </div>
  );
}

function Lost({ lost }: { lost: Sources['lost'] }) {
  const parts = [
    lost.syslog_dropped > 0 && `${plural(lost.syslog_dropped, 'syslog datagram')} for want of room here`,
    lost.syslog_lost_by_kernel > 0 && `${plural(lost.syslog_lost_by_kernel, 'datagram')} for want of room in the system`,
    lost.files_lost > 0 && `the rest of ${plural(lost.files_lost, 'followed file')} that were gone before they were read`,
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <p class="failure" role="status">
      <Icon name="warning" /> Lost since the start: {parts.join('; ')}
    </p>
  );
}

function SourceTable({ list, chosen }: { list: SourceDetail[]; chosen: string | null }) {
  return (
    <Table
      label="Sources"
      kind="sources"
      head={
        <>
          <th scope="col">Source</th>
          <th scope="col">Last</th>
          <th scope="col">By the minute, an hour</th>
          <th scope="col">By the hour, a day</th>
          <th scope="col" class="number">Records</th>
          <th scope="col">Read by</th>
          <th scope="col" class="number" title="How long the oldest accepted record waits">Lag</th>
          <th scope="col" class="number">Quarantined</th>
        </>
      }
    >
      {list.map((source) => (
        <tr key={source.name} class={source.name === chosen ? 'source-chosen' : ''}>
          <td>
            <button class="text-button" aria-pressed={source.name === chosen} title={plainOf(source.name)} onClick={() => goQuery({ source: source.name === chosen ? null : source.name })}>
              <Untrusted text={source.name} class="source-name" />
            </button>
            {source.format?.changed_at && <> <span class="chip auth-bad">writes otherwise</span></>}
          </td>
          <td title={source.last_at ? exactTime(source.last_at) : 'not since the start'}>
            {isSilent(source) ? <span class="chip auth-bad">silent, {ago(source.last_at, now.value)}</span> : source.last_at ? ago(source.last_at, now.value) : <span class="quiet">not yet</span>}
          </td>
          <td><Spark counts={source.minutes} label="Records of the last hour" /></td>
          <td><Spark counts={source.hours} label="Records of the last day" /></td>
          <td class="number">{count(source.mails + source.events)}</td>
          <td>{source.mappings.map(({ name }) => name).join(', ') || <span class="quiet">–</span>}</td>
          <td class="number"><Lag seconds={source.lag_seconds} /></td>
          <td class="number">{count(source.quarantined)}</td>
        </tr>
      ))}
    </Table>
  );
}

const part = (some: number, all: number): string => (all === 0 ? '0 %' : `${((100 * some) / all).toFixed(some === 0 || some === all ? 0 : 1)} %`);

function SourceView({ source }: { source: SourceDetail }) {
  const records = source.mails + source.events;
  const { format } = source;
  return (
    <section class="section source-view" aria-label={`Source ${plainOf(source.name)}`}>
      <header class="section-head">
        <h2><Untrusted text={source.name} /></h2>
        <span class="stretch" />
        <a class="button" href={`/events?source=${encodeURIComponent(source.name)}`}><Icon name="pulse" /> Its events</a>
        <button class="button button-icon" aria-label="Close" onClick={() => goQuery({ source: null })}><Icon name="close" /></button>
      </header>
      {format?.changed_at && (
        <p class="failure" role="status">
          <Icon name="warning" />
          <span>
            Writes otherwise than before since {dateTime(format.changed_at)}: {format.why}.{' '}
            {format.why?.includes('cannot be mapped') ? (
              <>
                Nothing is lost: they are in <a class="entity" href="#quarantine">its quarantine</a> with what is wrong with them, to be tried again when the mapping is mended. Coverage is of those that could be mapped.
              </>
            ) : (
              'Coverage tells what its newest records hold that nobody reads, or that cannot be read.'
            )}
          </span>
        </p>
      )}
      <dl class="figures">
        <Figure name="Mapped" value={part(records, records + source.quarantined)} note={`${count(source.quarantined)} quarantined`} />
        <Figure name="Waiting" value={count(source.waiting)} note={source.lag_seconds > 0 ? `the oldest ${span(source.lag_seconds * 1_000)}` : 'accepted, not yet read'} />
        <Figure name="Behind" value={source.event_lag_seconds === null ? '–' : span(source.event_lag_seconds * 1_000)} note="from an event to its decision" />
        <Figure name="Late" value={count(source.late)} note="happened over a day before" />
        <Figure name="Wrong clock" value={count(source.ahead)} note="dated over 5 min ahead" />
        <Figure name="Unknown keys" value={format ? part(format.unknown_keys_share, 1) : '–'} note={format ? 'of its newest records' : 'nothing to compare yet'} />
        <Figure name="Unreadable" value={format ? part(format.unreadable[0]?.share ?? 0, 1) : '–'} note={format ? (format.unreadable[0] ? `of ${plainOf(format.unreadable[0].field)}, the worst field` : 'every value is as expected') : 'nothing to compare yet'} />
      </dl>
      <Coverage source={source.name} />
    </section>
  );
}
