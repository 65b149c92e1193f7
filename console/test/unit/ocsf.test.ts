import { describe, expect, test } from 'vitest';
import { namesProcess } from '../../src/findings/process_tree';
import { endsOf } from '../../src/findings/ends';
import { linesOf, maxLines, numberAt, textAt } from '../../src/findings/ocsf';

const event = { src_endpoint: { ip: '10.0.0.7', port: 443 }, answers: [{ rdata: 'a' }, { rdata: 'b' }], is_alert: true, none: null };

test('a path leads to texts and numbers, also within lists, the first that is there', () => {
  expect(textAt(event, 'src_endpoint.ip')).toBe('10.0.0.7');
  expect(textAt(event, 'src_endpoint.port')).toBe('443');
  expect(textAt(event, 'answers.1.rdata')).toBe('b');
  expect(textAt(event, 'dst_endpoint.ip', 'none', 'src_endpoint.ip')).toBe('10.0.0.7');
  expect(textAt(event, 'src_endpoint', 'is_alert', 'src_endpoint.ip.0')).toBe(''); // an object, a yes, the inside of a text: no texts
  expect(numberAt(event, 'src_endpoint.ip', 'src_endpoint.port')).toBe(443);
  expect(numberAt(event, 'nothing.of.it')).toBeNull();
});

test('the whole of an event is its values by path, and no more than anybody reads', () => {
  expect(linesOf(event)).toEqual([
    { path: 'src_endpoint.ip', value: '10.0.0.7' },
    { path: 'src_endpoint.port', value: '443' },
    { path: 'answers.0.rdata', value: 'a' },
    { path: 'answers.1.rdata', value: 'b' },
    { path: 'is_alert', value: 'true' },
  ]);
  expect(linesOf({ many: Array.from({ length: 10 * maxLines }, (_, index) => index) })).toHaveLength(maxLines);
});

test('processes are asked for only where the event names one', () => {
  expect(namesProcess({ actor: { process: { pid: 4 } } })).toBe(true);
  expect(namesProcess({ evidences: [{ process: { uid: '90597916092' } }] })).toBe(true);
  expect(namesProcess(event)).toBe(false);
  expect(namesProcess({ process: { name: 'a.exe' } })).toBe(false); // a name alone is found nowhere else
});

describe('the ends of a connection', () => {
  const alert = { class_uid: 2004, device: { hostname: 'mail', ip: '192.0.2.5' }, evidences: [{ src_endpoint: { ip: '198.51.100.9' } }] };
  test('of an alert of an agent that names its source only, the other is its machine', () => {
    expect(endsOf(alert)).toEqual({ source: { address: '198.51.100.9', port: '', name: '' }, target: { address: '192.0.2.5', port: '', name: 'mail' }, isMachine: true });
  });
  test('that the event names are not replaced', () => {
    const named = { ...alert, evidences: [{ src_endpoint: { ip: '198.51.100.9' }, dst_endpoint: { ip: '203.0.113.7', port: 22 } }] };
    expect(endsOf(named)?.target).toEqual({ address: '203.0.113.7', port: '22', name: '' });
    expect(endsOf({ ...alert, class_uid: 4001 })?.isMachine).toBe(false);
  });
  test('are none where no address is named', () => expect(endsOf({ class_uid: 2004, device: { ip: '192.0.2.5' } })).toBeNull());
});
