import type { DomainStatus, Route, Status } from '../../src/api/contract';
import type { Lab } from './lab';
import { randomFrom } from './random';

// An hour of a service that had a wave of phishing half an hour ago, and a source that went silent.
export function statusOf(now = Date.now()): Omit<Status, 'domains'> {
  const random = randomFrom(7);
  const last = Math.floor(now / 60_000) * 60_000;
  const series = (level: number, wave: number): [string, number][] =>
    Array.from({ length: 60 }, (_, index) => {
      const swell = Math.exp(-(((index - 34) / 5) ** 2));
      return [new Date(last - (59 - index) * 60_000).toISOString(), Math.round(level * (0.8 + 0.4 * random()) + wave * swell * (0.7 + 0.6 * random()))];
    });
  const by_route: Partial<Record<Route, [string, number][]>> = { close: series(210, 10), queue: series(9, 22), escalate: series(3, 34) };
  const decided = (by_route.close ?? []).map(([time], index): [string, number] => [
    time,
    Object.values(by_route).reduce((sum, one) => sum + (one[index]?.[1] ?? 0), 0),
  ]);
  const before = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  return {
    ready: true,
    version: '0.3.0',
    build: '6965533',
    started_at: before(60 * 52),
    mails: { decided: 1_284_551, rate_per_minute: 231, p50_ms: 1.4, p99_ms: 6.2, waiting: 0 },
    spool: {
      deliveries: 14,
      records: 1_322,
      bytes: 9_860_000,
      oldest_at: before(6.5),
      oldest_seconds: 390,
      late: true,
      file_bytes: 33_600_000,
      max_bytes: 1_073_741_824,
      damages: 0,
    },
    cases: { waiting: 0, lag_seconds: 0 },
    sources: [
      { name: 'mail-gateway', mails: 1_190_204, events: 0, last_at: before(0.1), quarantined: 41, late: 12, ahead: 3, format: null, waiting: 0, lag_seconds: 0, event_lag_seconds: 3 },
      { name: 'reported-phishing', mails: 94_021, events: 0, last_at: before(7), quarantined: 0, late: 0, ahead: 0, format: null, waiting: 1_322, lag_seconds: 390, event_lag_seconds: 407 },
      { name: 'archive-import', mails: 326, events: 0, last_at: before(190), quarantined: 12, late: 326, ahead: 0, format: null, waiting: 0, lag_seconds: 0, event_lag_seconds: null },
      { name: 'ids', mails: 0, events: 9_881_020, last_at: before(0), quarantined: 7, late: 0, ahead: 0, format: { unmappable_share: 0, unknown_keys_share: 0.012, unreadable: [], changed_at: null, why: null }, waiting: 0, lag_seconds: 0, event_lag_seconds: 1 },
      { name: 'cloud-trail', mails: 0, events: 180_112, last_at: before(0.5), quarantined: 212, late: 0, ahead: 41, format: { unmappable_share: 0.31, unknown_keys_share: 0.22, unreadable: [{ field: 'eventTime', share: 0.31 }], changed_at: before(95), why: '31 % of its records cannot be mapped, 0 % as a rule; 22 % of its keys are unknown to the mapping, 9 % as a rule' }, waiting: 0, lag_seconds: 0, event_lag_seconds: 840 },
    ],
    drift: [
      { domain: 'network', mapping: 'suricata', state: 'differs', waiting: 41, advice: 'winnow bundles build --domain network, then winnow deployments promote latest' },
      { domain: 'network', mapping: 'zeek', state: 'missing', waiting: 18_204, advice: 'winnow bundles build --domain network, then winnow deployments promote latest' },
    ],
    refused_mappings: [{ mapping: 'firewall', file: 'firewall.yaml', held: false, reason: "firewall.yaml:12: unknown key 'titel' (did you mean 'title'?)" }],
    storage: { bytes: 18_400_000_000, free_bytes: 210_000_000_000 },
    memory_bytes: 181_000_000,
    series: { decided, by_route },
  };
}

// Mail's newest bundle decides; the same one waits for its states beside the network's, and cannot have them for endpoints.
export function domainsOf({ promotions, bundles }: Lab, now = Date.now()): DomainStatus[] {
  const [newest, before] = promotions;
  if (!newest || !before) throw new Error('the lab promoted fewer than two bundles');
  const run = bundles.find(({ id }) => id === newest.champion)?.run ?? null;
  const promoted_at = new Date(now - 9 * 60_000).toISOString();
  const next = { bundle: newest.champion, promoted_at, problem: null };
  return [
    { domain: 'mail', champion: { bundle: newest.champion, run, model: '71ac22', promoted_at: newest.at }, next: null, decided: 1_284_551, last_hour: 13_840 },
    { domain: 'network', champion: { bundle: before.champion, run: null, model: null, promoted_at: before.at }, next: { ...next, events: 6_204_118, of: 9_902_344 }, decided: 9_881_020, last_hour: 148_211 },
    { domain: 'endpoint', champion: null, next: { ...next, events: 0, of: 0, problem: "opening 'data/states/endpoint.beside/data.mdb': No space left on device" }, decided: 0, last_hour: 0 },
    { domain: 'cloud', champion: null, next: null, decided: 0, last_hour: 0 },
  ];
}
