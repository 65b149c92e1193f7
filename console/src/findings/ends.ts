// The two ends of a connection, as an event names them. An alert keeps them among its evidence.
import type { OcsfEvent } from '../api/contract';
import { numberAt, textAt } from './ocsf';

export interface End {
  address: string;
  port: string;
  name: string;
}
export interface Ends {
  source: End;
  target: End;
  isMachine: boolean; // the event names no target: it is the machine that the alert is about
}

const endOf = (event: OcsfEvent, side: 'src' | 'dst'): End => ({
  address: textAt(event, `${side}_endpoint.ip`, `evidences.0.${side}_endpoint.ip`),
  port: textAt(event, `${side}_endpoint.port`, `evidences.0.${side}_endpoint.port`),
  name: textAt(event, `${side}_endpoint.hostname`, ...(side === 'dst' ? ['tls.sni', 'http_request.url.hostname', 'evidences.0.tls.sni', 'evidences.0.http_request.url.hostname'] : [])),
});

// Null where the event names no address of a connection.
export function endsOf(event: OcsfEvent): Ends | null {
  const source = endOf(event, 'src');
  const target = endOf(event, 'dst');
  if (!source.address && !target.address) return null;
  const machine = { address: textAt(event, 'device.ip'), port: target.port, name: textAt(event, 'device.hostname', 'evidences.0.device.hostname') };
  const isAlert = numberAt(event, 'class_uid') === 2004;
  const isMachine = isAlert && !target.address && !target.name && machine.address !== source.address && (machine.address !== '' || machine.name !== '');
  return { source, target: isMachine ? machine : target, isMachine };
}
