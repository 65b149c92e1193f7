// Who reached whom, by what, and how much went each way: in this event, and of the same two in the events around it. An alert keeps its
// connection among its evidence; one of an agent has the machine that it is about.
import type { OcsfEvent } from '../api/contract';
import { Entity } from '../kit/entity';
import { bytes, plural } from '../words/number';
import { type End, endsOf } from './ends';
import { numberAt, textAt } from './ocsf';
import { PairView } from './pair';

// `finding` is the decision on it, null where there is none.
export function Connection({ event, finding }: { event: OcsfEvent; finding: string | null }) {
  if (numberAt(event, 'class_uid') === 3002) return null; // a logon shows where it comes from
  const ends = endsOf(event);
  if (!ends) return null;
  const { source, target, isMachine } = ends;
  const transport = textAt(event, 'connection_info.protocol_name', 'evidences.0.connection_info.protocol_name');
  const application = textAt(event, 'app_protocol_name');
  const duration = numberAt(event, 'duration');
  const state = textAt(event, 'status_code', 'status_detail');
  return (
    <section class="section">
      <header class="section-head">
        <h3>Connection</h3>
        <span class="stretch" />
        {duration !== null && <span class="quiet number">{lasted(duration)}</span>}
        {state && <span class="chip" title="The state in which it ended, as the sensor calls it">{state}</span>}
      </header>
      <div class="connection">
        <EndView end={source} role="Source" />
        <div class="connection-middle">
          <span class="connection-protocol">{[transport.toUpperCase(), application].filter(Boolean).join(' · ') || 'connection'}</span>
          <Way event={event} name="sent" direction="out" />
          <Way event={event} name="answered" direction="in" />
        </div>
        <EndView end={target} role={isMachine ? 'Machine' : 'Target'} />
      </div>
      {finding && !isMachine && source.address && target.address && <PairView finding={finding} />}
    </section>
  );
}

const lasted = (milliseconds: number): string => (milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`);

function EndView({ end, role }: { end: End; role: string }) {
  return (
    <div class="connection-end">
      <span class="quiet">{role}</span>
      {end.address ? <Entity name={end.address} class="connection-address" /> : !end.name && <span class="connection-address">no address</span>}
      {end.port && <span class="quiet number">port {end.port}</span>}
      {end.name && end.name !== end.address && <Entity name={end.name} class="connection-name" />}
    </div>
  );
}

// Bars share one scale, so that one sees which way the data went.
function Way({ event, name, direction }: { event: OcsfEvent; name: string; direction: 'out' | 'in' }) {
  const size = numberAt(event, `traffic.bytes_${direction}`);
  if (size === null) return null;
  const packets = numberAt(event, `traffic.packets_${direction}`);
  const most = Math.max(1, numberAt(event, 'traffic.bytes_out') ?? 0, numberAt(event, 'traffic.bytes_in') ?? 0);
  return (
    <div class={`connection-way connection-${direction}`}>
      <span class="connection-bar" aria-hidden="true">
        <span style={{ width: `${(size / most) * 100}%` }} />
      </span>
      <span class="quiet number">
        {bytes(size)} {name}
        {packets !== null && <>, {plural(packets, 'packet')}</>}
      </span>
    </div>
  );
}
