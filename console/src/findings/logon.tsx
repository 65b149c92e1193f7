// Who signed in, from where, to where, how, and whether it was granted.
import type { OcsfEvent } from '../api/contract';
import { Entity } from '../kit/entity';
import { Untrusted } from '../kit/untrusted';
import { numberAt, textAt } from './ocsf';

const authentication = 3002;
const granted = 1;
const refused = 2;

// Logon types of Windows, as OCSF numbers them.
const ways: Record<number, string> = {
  0: 'by the system',
  2: 'at the machine',
  3: 'over the network',
  4: 'by a scheduled task',
  5: 'by a service',
  7: 'by unlocking',
  8: 'over the network, password in clear text',
  9: 'with other credentials',
  10: 'by remote desktop',
  11: 'at the machine, with remembered credentials',
  12: 'by remote desktop, with remembered credentials',
  13: 'by unlocking, with remembered credentials',
};

const wayOf = (event: OcsfEvent): string => ways[numberAt(event, 'logon_type_id') ?? -1] ?? textAt(event, 'logon_type');

export function Logon({ event }: { event: OcsfEvent }) {
  if (numberAt(event, 'class_uid') !== authentication) return null;
  const status = numberAt(event, 'status_id');
  const by = textAt(event, 'actor.user.name');
  const who = textAt(event, 'user.name', 'user.uid');
  const sides: [string, string, string][] = [
    ['Who', who, textAt(event, 'user.domain')],
    ['From', textAt(event, 'src_endpoint.ip', 'src_endpoint.hostname'), textAt(event, 'src_endpoint.ip') && textAt(event, 'src_endpoint.hostname')],
    ['To', textAt(event, 'dst_endpoint.hostname', 'device.hostname', 'service.name'), textAt(event, 'dst_endpoint.hostname', 'device.hostname') && textAt(event, 'service.name')],
  ];
  const how = [wayOf(event), textAt(event, 'auth_protocol')].filter(Boolean).join(', ');
  return (
    <section class="section">
      <header class="section-head">
        <h3>Logon</h3>
        <span class="stretch" />
        {status === granted && <span class="chip">granted</span>}
        {status === refused && <span class="chip auth-bad">refused</span>}
      </header>
      <div class="logon">
        {sides.map(([role, value, more]) => (
          <div key={role} class="connection-end">
            <span class="quiet">{role}</span>
            {value ? <Entity name={value} class="connection-address" /> : <span class="connection-address">{role === 'From' ? 'not told' : 'unknown'}</span>}
            {more && <Untrusted text={more} class="connection-name quiet" />}
          </div>
        ))}
      </div>
      <dl class="facts">
        {how && <Fact name="How" text={how} />}
        {textAt(event, 'status_detail') && <Fact name="Why" text={textAt(event, 'status_detail')} />}
        {by && by !== who && <Fact name="Asked by" text={by} named />}
        {textAt(event, 'actor.process.file.path') && <Fact name="Program" text={textAt(event, 'actor.process.file.path')} />}
      </dl>
    </section>
  );
}

// `named`: it is a user, host or address.
function Fact({ name, text, named = false }: { name: string; text: string; named?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {named ? <Entity name={text} class="event-value" /> : <Untrusted text={text} class="event-value" />}
      </dd>
    </div>
  );
}
