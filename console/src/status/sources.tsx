// Who sends records, and how far what is decided of them lies behind.
import type { Source } from '../api/contract';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { count } from '../words/number';
import { ago, exactTime, now, span } from '../words/time';

const silentAfterMs = 15 * 60_000;
const lateAfterSeconds = 5 * 60;

// One of which nothing is known since the start is not called silent: its mail may be on the way.
export const isSilent = ({ last_at }: Source): boolean => last_at !== null && now.value - Date.parse(last_at) > silentAfterMs;

export function Lag({ seconds }: { seconds: number }) {
  const text = seconds < 1 ? 'none' : span(seconds * 1_000);
  return seconds > lateAfterSeconds ? <span class="chip auth-bad">{text}</span> : <>{text}</>;
}

export function Sources({ list }: { list: Source[] }) {
  return (
    <Table
      label="Sources"
      head={
        <>
          <th scope="col">Source</th>
          <th scope="col" class="number" title="Mails, and events of other logs">Records</th>
          <th scope="col">Last</th>
          <th scope="col" class="number">Waiting</th>
          <th scope="col" class="number" title="How long the oldest accepted record waits for its decision">Lag</th>
          <th scope="col" class="number" title="From a record's own time to its decision, as a rule">Behind</th>
          <th scope="col" class="number">Quarantined</th>
        </>
      }
    >
      {list.map((source) => (
        <tr key={source.name}>
          <td><a class="link" href={`/sources?source=${encodeURIComponent(source.name)}`}><Untrusted text={source.name} /></a>{source.format?.changed_at && <> <span class="chip auth-bad">writes otherwise</span></>}</td>
          <td class="number">{count(source.mails + source.events)}</td>
          <td title={source.last_at ? exactTime(source.last_at) : 'not since the start'}>
            {isSilent(source) ? <span class="chip auth-bad">silent, {ago(source.last_at, now.value)}</span> : source.last_at ? ago(source.last_at, now.value) : <span class="quiet">not yet</span>}
          </td>
          <td class="number">{count(source.waiting)}</td>
          <td class="number"><Lag seconds={source.lag_seconds} /></td>
          <td class="number">{source.event_lag_seconds === null ? <span class="quiet">–</span> : span(source.event_lag_seconds * 1_000)}</td>
          <td class="number">{count(source.quarantined)}</td>
        </tr>
      ))}
    </Table>
  );
}
