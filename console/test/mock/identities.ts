// Who was where, when a finding of the network was made.
import type { Finding, FindingIdentities, IdentitySpan } from '../../src/api/contract';

export const ownOfIdentities: ReadonlySet<string> = new Set(['from', 'until', 'ending', 'relation', 'strength', 'known_at', 'says', 'event', 'criticality']);

export function identitiesOf(finding: Finding): FindingIdentities {
  const at = Date.parse(finding.event_time);
  const time = (minutes: number) => new Date(at + minutes * 60_000).toISOString();
  const span = (told: Partial<IdentitySpan> & Pick<IdentitySpan, 'relation' | 'witness'>, from: number, until: number): IdentitySpan => ({
    user: null, host: null, address: null, strength: 'strong', from: time(from), until: time(until), ending: 'assumed', told: [], hardware: null, contradicted_by: [],
    evidence: [{ event: '9f'.repeat(32), says: 'begins', at: time(from), known_at: time(from + 1) }],
    ...told,
  });
  return {
    at: finding.event_time,
    answers: [
      {
        kind: 'address', key: '10.20.0.34', at: finding.event_time, more: true,
        direct: [
          span({ relation: 'address of host', witness: 'DHCP lease', host: 'ws-0042', address: '10.20.0.34', hardware: '08:00:27:7f:09:e1', told: ['WS-0042'], contradicted_by: ['kiosk'] }, -32, 1408),
          span({ relation: 'address of host', witness: 'NTLM', strength: 'weak', host: 'kiosk', address: '10.20.0.34', told: ['KIOSK'], contradicted_by: ['ws-0042'] }, -4, 6),
        ],
        through: [span({ relation: 'user on host', witness: 'logon', host: 'ws-0042', user: 'ann', ending: 'told' }, -28, 481)],
      },
    ],
    assets: [
      { kind: 'host', name: 'ws-0042', criticality: 'critical', owner: 'IT', department: 'Finance', purpose: 'payment workstation', tags: ['privileged'], aliases: [], since: null, until: null },
    ],
  };
}
