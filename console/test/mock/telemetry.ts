// Sources, what could not be used, the event log and features, as of an invented company.
import type {
  Coverage, EventDetail, EventLine, EventPage, FeatureDefinition, FeaturePreview, FeatureSet, Finding, FeatureValues, QuarantinedRecord, QuarantineReason, RowLabel, SourceDetail, Sources,
} from '../../src/api/contract';
import { ofNetwork } from './network';
import { hex, pick, randomFrom } from './random';
import { statusOf } from './status';
import type { World } from './world';

const random = randomFrom(41);
const before = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function detail(source: Sources['sources'][number] | ReturnType<typeof statusOf>['sources'][number], level: number, mapping: string): SourceDetail {
  const of = randomFrom(source.name.length);
  const counts = (length: number, each: number) => Array.from({ length }, (_, index) => Math.round(each * (0.6 + 0.8 * of()) * (1 + Math.sin(index / 5) / 2)));
  const silent = source.last_at === null || Date.now() - Date.parse(source.last_at) > 15 * 60_000;
  return {
    ...source,
    mappings: [{ name: mapping, domain: mapping === 'mail' ? 'mail' : mapping === 'cloudtrail' ? 'cloud' : 'network', records: source.mails + source.events }],
    minutes: silent ? counts(60, 0) : counts(60, level),
    hours: silent ? counts(24, level * 60).fill(0, 20) : counts(24, level * 60),
  };
}

export function sourcesOf(): Sources {
  const [gateway, reported, archive, ids, cloud] = statusOf().sources;
  return {
    since: before(60 * 52),
    sources: [detail(gateway!, 190, 'mail'), detail(reported!, 12, 'mail'), detail(archive!, 3, 'mail'), detail(ids!, 2_400, 'suricata'), detail(cloud!, 55, 'cloudtrail')],
    drift: statusOf().drift,
    refused_mappings: statusOf().refused_mappings,
    lost: { syslog_dropped: 318, syslog_lost_by_kernel: 0, files_lost: 0 },
  };
}

export function coverageOf(source: string): Coverage {
  const found = sourcesOf().sources.find(({ name }) => name === source);
  const mapping = found?.mappings[0]?.name ?? 'mail';
  if (mapping === 'mail') return { source, records: 500, mails: 500, unknown: 0, examined: 2_112, mappings: [] };
  const event = (name: string, kind: string, records: number, ignored: string[]) => ({
    event: name, class: kind, records, values: { ocsf: records * 21, unmapped: records * 3, ignored: ignored.length * records, unreadable: name === 'dns' ? records : 0 },
    fields: {
      ocsf: [{ path: 'src_ip', records, attributes: ['src_endpoint.ip'] }, { path: 'dest_ip', records, attributes: ['dst_endpoint.ip'] }],
      unmapped: ['flow_id', 'community_id', 'in_iface'].map((path) => ({ path, records, attributes: [] })),
      ignored: ignored.map((path, index) => ({ path, records: Math.max(1, records - index * 17), attributes: [] })),
      unreadable: name === 'dns' ? [{ path: 'src_port', records, attributes: ['src_endpoint.port'] }] : [],
    },
  });
  return {
    source, records: 500, mails: 0, unknown: 0, examined: 1_204,
    mappings: [{
      mapping, title: mapping === 'suricata' ? 'Suricata EVE' : 'AWS CloudTrail', domain: found?.mappings[0]?.domain ?? 'network', records: 500, unreadable: 0,
      events: mapping === 'suricata'
        ? [event('flow', 'network_activity', 312, ['flow.tx_cnt']), event('dns', 'dns_activity', 141, []), event('alert', 'detection_finding', 47, ['alert.rev', 'alert.metadata.updated_at', 'alert.metadata.confidence'])]
        : [event('call', 'api_activity', 500, ['userIdentity.sessionContext.attributes.mfaAuthenticated', 'additionalEventData.bytesTransferredIn', 'tlsDetails.cipherSuite', 'sharedEventID'])],
    }],
  };
}

// What could not be used; it can be tried again, and then some of it can.
export class QuarantineOf {
  private reasonList: QuarantineReason[] = [
    { source: 'cloud-trail', mapping: 'cloudtrail', kind: 'unmapped', reason: 'call: it has no time: eventTime is missing', records: 212, first_seen: before(95), last_seen: before(2) },
    { source: 'mail-gateway', mapping: null, kind: 'too large', reason: 'larger than 32 MiB', records: 41, first_seen: before(60 * 40), last_seen: before(33) },
    { source: 'ids', mapping: 'suricata', kind: 'bad JSON', reason: 'a line that is no JSON object, at byte 118', records: 7, first_seen: before(400), last_seen: before(180) },
    { source: 'archive-import', mapping: null, kind: 'empty', reason: 'nothing in it to judge', records: 12, first_seen: before(190), last_seen: before(190) },
  ];
  reasons() {
    return { reasons: this.reasonList, total: this.reasonList.reduce((sum, { records }) => sum + records, 0) };
  }
  page(query: URLSearchParams, mayReadMail: boolean) {
    const found = this.reasonList.filter((one) => one.source === query.get('source') && (!query.get('reason') || one.reason === query.get('reason')));
    const from = Number(query.get('cursor') ?? 0);
    const limit = Number(query.get('limit') ?? 20);
    const of = randomFrom(9);
    const all = found.flatMap((one) =>
      Array.from({ length: Math.min(one.records, 12) }, (_, index): QuarantinedRecord => ({
        digest: hex(of, 64), source: one.source, mapping: one.mapping, kind: one.kind, reason: one.reason, size: 300 + index * 41, first_seen: one.first_seen, last_tried: null, tries: 0,
        sample: one.mapping || mayReadMail ? `{"eventVersion":"1.11","eventName":"GetObject","sourceIPAddress":"198.51.100.${index}","when":"2026-03-04 09:1${index % 10}"}` : null,
        sample_cut: index % 2 === 1,
      })),
    );
    return { records: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null, total: all.length };
  }
  retry(wanted: { source: string | null; mapping: string | null }) {
    const tried = this.reasonList.filter((one) => (!wanted.source || one.source === wanted.source) && (!wanted.mapping || one.mapping === wanted.mapping));
    const used = tried.filter(({ mapping }) => mapping === 'cloudtrail');
    this.reasonList = this.reasonList.filter((one) => !used.includes(one));
    const count = (list: QuarantineReason[]) => list.reduce((sum, { records }) => sum + records, 0);
    return { tried: count(tried), released: count(used), decided: 12, kept: count(used) - 12, next: null };
  }
}

// ---- the event log

const kinds: { class: string; domain: EventLine['domain']; mapping: string; source: string; subject: (number: number) => string; actor: (number: number) => string }[] = [
  { class: 'dns_activity', domain: 'network', mapping: 'suricata', source: 'ids', subject: (number) => `dns: n${number}.example`, actor: (number) => `10.20.0.${number % 40}` },
  { class: 'network_activity', domain: 'network', mapping: 'suricata', source: 'ids', subject: (number) => `tls to mail${number % 9}.example:443`, actor: (number) => `10.20.0.${number % 40}` },
  { class: 'detection_finding', domain: 'network', mapping: 'suricata', source: 'ids', subject: () => 'alert: MALWARE call home of a known family', actor: () => '10.20.0.34' },
  { class: 'api_activity', domain: 'cloud', mapping: 'cloudtrail', source: 'cloud-trail', subject: (number) => `call: ${pick(random, ['GetObject', 'AssumeRole', 'CreateUser', 'PutBucketPolicy'])} ${number}`, actor: (number) => `arn:aws:iam::123456789012:user/dev${number % 5}` },
  { class: 'email_activity', domain: 'mail', mapping: 'mail', source: 'mail-gateway', subject: (number) => `Invoice ${number} is overdue`, actor: (number) => `billing@northwind-ledger${number % 30}.example` },
];
const stored = 1_200;
const pageSize = 50;
const examinedAPage = 400;

export class EventsOf {
  private lines: EventLine[];
  constructor(private world: World) {
    const of = randomFrom(77);
    this.lines = Array.from({ length: stored }, (_, index): EventLine => {
      const kind = kinds[Math.floor(of() * kinds.length)]!;
      const found = index % 37 === 3 ? world.cases[index % world.cases.length] : undefined;
      const finding = found ? world.detail(found).finding_list[0] : undefined;
      const actor = kind.actor(index);
      return {
        digest: hex(of, 64), event_time: before(index * 3.1), received_at: before(index * 3.1 - 0.2), source: kind.source, mapping: kind.mapping, domain: kind.domain, class: kind.class,
        actor, subject: kind.subject(index),
        entities: [{ kind: kind.domain === 'mail' ? 'mailbox' : kind.domain === 'cloud' ? 'cloud_principal' : 'ip', role: 'actor', key: actor }, { kind: 'domain', role: 'target', key: `n${index}.example` }],
        label: index % 41 === 0 ? 'phish' : null, removed: index === 29,
        decision: kind.domain === 'cloud' ? null : { id: finding?.id ?? `d-${hex(of, 12)}`, route: finding ? 'queue' : 'close', case: found?.id ?? null },
      };
    });
  }
  page(query: URLSearchParams): EventPage {
    const words = (query.get('q') ?? '').toLowerCase().split(' ').filter(Boolean);
    const entity = query.get('entity')?.toLowerCase();
    const passes = (line: EventLine) =>
      words.every((word) => `${line.subject} ${line.actor} ${line.source}`.toLowerCase().includes(word)) &&
      (!entity || line.entities.some(({ key }) => key.toLowerCase() === entity)) &&
      (['source', 'domain', 'class'] as const).every((name) => !query.get(name) || line[name] === query.get(name));
    const from = Number(query.get('cursor') ?? 0);
    const events: EventLine[] = [];
    let at = from;
    while (at < this.lines.length && events.length < pageSize && at - from < examinedAPage) {
      const line = this.lines[at++]!;
      if (passes(line)) events.push(line);
    }
    return { events, next: at < this.lines.length ? String(at) : null, examined: at - from, skipped: 0, read: at - from, searched_until: this.lines[at - 1]?.event_time ?? null };
  }
  // The decision on an event that opened no case.
  closed(id: string): Finding | null {
    const line = this.lines.find(({ decision }) => decision?.id === id);
    const like = this.world.finding(this.world.detail(this.world.cases[0]!).finding_list[0]!.id);
    if (!line || !like) return null;
    const reasons = [{ feature: 'sender_days', text: 'its sender has been known for 412 days', weight: -1.8 }];
    return { ...like, id, event: line.digest, event_time: line.event_time, decided_at: line.received_at, route: 'close', case: null, probability: 0.03, techniques: [], because: '', reasons };
  }
  one(digest: string): EventDetail | null {
    const line = this.lines.find((other) => other.digest === digest);
    if (!line) return null;
    const finding = this.world.finding(this.world.detail(this.world.cases[0]!).finding_list[0]!.id);
    const isMail = line.domain === 'mail';
    return {
      ...line, removed: line.removed ? { at: before(60 * 24), rule: 'retention.mails: 90d, audit entry 211' } : null, raw_bytes: 912,
      mail: isMail && !line.removed ? (finding?.mail ?? null) : null,
      ocsf: isMail || line.removed || !finding ? null : (ofNetwork(finding).ocsf ?? null),
    };
  }
}

// ---- features

const feature = (name: string, group: string, unit: string, meaning: string, value: string, more: Partial<FeatureDefinition> = {}): FeatureDefinition => ({
  name, group, unit, meaning, value, when: '', monotone: 0, pivot: 0.5, high: `it is much ({value})`, low: `it is little ({value})`, missing: '', in_model: true, ...more,
});
const declared: FeatureDefinition[] = [
  feature('links_to_sender', 'links', 'share', 'Links to the sender\u2019s own domain.', 'share(links: site == from_domain)', { monotone: -1, low: 'the links lead elsewhere, and not to {from_domain}' }),
  feature('sender_mails', 'sender', 'log count', 'Mails of the sender before this one.', 'log1p(total(sender.mails))', { pivot: 2 }),
  feature('sender_days', 'sender', 'log days', 'How long the sender has been known.', 'log1p(days_since_first(sender.seen))'),
  feature('text_urgency', 'text', 'per 100 words', 'Words that press for haste.', '100 * count(words where is_urgent) / length(words)', { monotone: 1, when: 'size(words) > 0' }),
  feature('auth_dmarc', 'authentication', 'result', 'What DMARC said of the sender.', 'dmarc', { pivot: 0 }),
  feature('has_program', 'attachments', 'yes/no', 'A program is attached.', 'any(attachments: is_program)'),
  feature('reply_elsewhere', 'sender', 'yes/no', 'Replies would go to another domain.', 'reply_domain != from_domain', { in_model: false }),
];

export const featuresOf = (domain: string): FeatureSet =>
  domain === 'mail' || domain === 'network'
    ? {
        domain, bundle: 'b-9cd0922e41f7', run: domain === 'mail' ? 'r-2026-11-19-71ac' : null, feature_set: '4f1d', has_model: domain === 'mail',
        groups: [...new Set(declared.map(({ group }) => group))].map((name) => ({ name, title: name.charAt(0).toUpperCase() + name.slice(1) })),
        features: declared.map((one) => (domain === 'mail' ? one : { ...one, in_model: false })),
      }
    : { domain: domain as FeatureSet['domain'], bundle: null, run: null, feature_set: null, has_model: false, groups: [], features: [] };

export function previewOf(): FeaturePreview {
  const of = randomFrom(5);
  const rows = 500;
  const label = Array.from({ length: rows }, (): RowLabel => (of() < 0.3 ? 'malicious' : of() < 0.1 ? 'unwanted' : of() < 0.6 ? 'benign' : 'none'));
  const values = (name: string, place: number): FeatureValues => {
    const yesNo = declared[place]?.unit === 'yes/no';
    const sample = label.map((one, index) => {
      if (of() < 0.04 * place) return null;
      const bad = one === 'malicious' ? 1 : 0;
      if (yesNo) return of() < 0.05 + 0.5 * bad ? 1 : 0;
      return Number(((place + 1) * (0.3 + 0.5 * of() + 0.6 * bad) + Math.sin(index / 60)).toFixed(4));
    });
    const quantilesOf = (list: (number | null)[]): number[] | null => {
      const sorted = list.filter((one) => one !== null).toSorted((a, b) => a - b);
      return sorted.length === 0 ? null : [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1].map((at) => sorted[Math.round(at * (sorted.length - 1))] ?? 0);
    };
    const all = quantilesOf(sample);
    const low = all?.[0] ?? 0;
    const high = all?.[6] ?? 0;
    const by_label: FeatureValues['by_label'] = {};
    const counts: FeatureValues['histogram']['counts'] = {};
    for (const one of ['malicious', 'unwanted', 'benign', 'none'] as const) {
      const mine = sample.filter((_, index) => label[index] === one);
      const bins = Array.from({ length: 24 }, () => 0);
      for (const value of mine) if (value !== null) bins[Math.min(23, Math.floor(((value - low) / (high - low)) * 24))]!++;
      by_label[one] = { rows: mine.length, present: mine.filter((value) => value !== null).length, quantiles: quantilesOf(mine) };
      counts[one] = bins;
    }
    const present = sample.filter((value) => value !== null).length * 10;
    return { name, present, distinct: new Set(sample).size, quantiles: all, by_label, histogram: { low, high, counts }, importance: declared[place]?.in_model ? 0.9 / (place + 1) : 0, sample };
  };
  return {
    replayed: rows * 10, unreadable: 2, rows: rows * 10, whole: false, stopped: false, remembers_from: before(60 * 24 * 40),
    sample: { time: label.map((_, index) => before((rows - index) * 110)), label, event: label.map(() => hex(of, 64)) },
    features: declared.map(({ name }, place) => values(name, place)),
  };
}
