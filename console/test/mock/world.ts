// The cases of the mock: light records made once, details made when asked for. The same seed gives the same world.
import type { Explanation, Case, CaseSummary, Finding, FindingKind, FindingSummary, HistoryEntry, Route, Severity, State, Verdict } from '../../src/api/contract';
import { type Lure, lures, people, staff } from './lures';
import { hex, pick, randomFrom } from './random';

export interface Record_ extends CaseSummary {
  lure: Lure;
  number: number;
  history: HistoryEntry[];
}

const minute = 60_000;
const iso = (time: number): string => new Date(time).toISOString();
const fill = (text: string, number: number): string => text.replaceAll('{n}', String(4000 + (number % 900))).replaceAll('{d}', String(2 + (number % 7)));
const severities: Severity[] = ['low', 'medium', 'high', 'critical'];

function makeRecord(number: number, now: number): Record_ {
  const random = randomFrom(number * 7919 + 17);
  const lure = lures[Math.floor(random() ** 1.25 * lures.length)] as Lure;
  const [low, high] = lure.probability;
  const probability = low + (high - low) * random();
  // A few dozen are open and recent, the rest is the past; the last of them months ago.
  const opened = now - (number < 60 ? number * 4.3 + random() * 9 : 300 + (number - 60) * 3 + random() * 60) * minute;
  const state: State = number < 400 ? (random() < 0.22 ? 'in_progress' : random() < 0.08 ? 'snoozed' : 'new') : random() < 0.62 ? 'new' : 'resolved';
  const findings = random() < 0.55 ? 1 : 1 + Math.floor(random() ** 3 * 40);
  const severity = severities[Math.max(0, Math.min(3, Math.floor((probability - 0.4) * 5.2 + (findings > 10 ? 0.8 : 0))))] as Severity;
  const owner = state === 'in_progress' ? pick(random, people) : state === 'resolved' ? pick(random, people) : null;
  const slaMinutes = { critical: 60, high: 240, medium: 1440, low: 4320 }[severity];
  const due = opened + slaMinutes * minute;
  const verdict: Verdict | null =
    state !== 'resolved' ? null : lure.benign ? (random() < 0.5 ? 'benign_positive' : 'false_positive') : random() < 0.9 ? 'true_positive' : 'false_positive';
  const sender = fill(lure.sender, number % 37);
  const recipients = Array.from({ length: Math.min(findings, 5) }, () => `${pick(random, staff)}@soc.example`);
  const route: Route = probability >= 0.9 ? 'escalate' : 'queue';
  const domain = lure.link?.[2].replaceAll('[.]', '.') ?? '';
  return {
    id: `c-${hex(random, 12)}`,
    version: 1,
    title: fill(pick(random, lure.titles), number),
    state,
    domains: ['mail'],
    severity,
    urgency: Math.min(1, probability * 0.45 + severities.indexOf(severity) * 0.05 + Math.min(0.06, findings / 300) + (number < 60 ? 0.3 * random() + 0.05 : 0)),
    findings,
    sender,
    recipients,
    recipient_count: Math.max(recipients.length, findings),
    probability,
    route,
    owner,
    opened_at: iso(opened),
    updated_at: iso(opened + 2 * minute),
    last_finding_at: iso(opened + random() * 3 * minute),
    due_at: state === 'resolved' ? null : iso(number < 60 ? now + (slaMinutes - number * 4) * minute * (0.4 + random()) : Math.max(due, now + random() * 5000 * minute)),
    overdue: false,
    snoozed_until: state === 'snoozed' ? iso(now + (60 + random() * 900) * minute) : null,
    grouped_by: findings > 1 ? `the same text, ${domain ? `links to ${domain}` : `the same sender ${sender}`}` : '',
    reasons: lure.reasons.slice(0, 3).map(([, text]) => fill(text, number)),
    techniques: lure.techniques,
    technique_names: lure.techniques.map((id) => techniqueNames[id] ?? ''),
    verdict,
    lure,
    number,
    history: [],
  };
}

export class World {
  readonly cases: Record_[] = [];
  readonly byId = new Map<string, Record_>();
  readonly withoutMails = new Set<string>(); // cases whose mails were removed by age

  constructor(size: number, readonly now = Date.now()) {
    for (let number = 0; number < size; number++) this.add(number);
    for (const one of this.cases) one.overdue = one.due_at !== null && Date.parse(one.due_at) < now;
  }

  add(number: number): Record_ {
    const one = makeRecord(number, this.now);
    one.history = baseHistory(one);
    this.cases.push(one);
    this.byId.set(one.id, one);
    return one;
  }

  summary(one: Record_): CaseSummary {
    const { lure: _lure, number: _number, history: _history, ...summary } = one;
    return summary;
  }

  // Its first findings are each of their kind where it has many; the others are alike.
  kinds(one: Record_): FindingKind[] {
    const rare = this.rareKinds(one);
    const told = (subject: string, findings: number): FindingKind => ({ subject, findings, probability: one.probability, first_at: one.opened_at, last_at: one.last_finding_at });
    return [...rare.map((subject) => told(subject, 1)), told(one.title, one.findings - rare.length)];
  }
  private rareKinds = (one: Record_): string[] => (one.findings > 20 ? ['rundll32.exe dumped lsass.exe', 'whoami.exe'] : []);

  findings(one: Record_, from: number, most: number): FindingSummary[] {
    const rare = this.rareKinds(one);
    const random = randomFrom(one.number + 5);
    return Array.from({ length: Math.max(0, Math.min(most, one.findings - from)) }, (_, nth) => from + nth).map((index) => ({
      id: findingId(one, index),
      sender: one.sender,
      subject: rare[index] ?? one.title,
      recipient: `${pick(random, staff)}@soc.example`,
      probability: Math.max(0, (one.probability ?? 0) - index * 0.002),
      route: one.route,
      event_time: iso(Date.parse(one.last_finding_at) - index * 47_000),
      decided_at: iso(Date.parse(one.last_finding_at) - index * 47_000 + 1_200),
    }));
  }

  detail(one: Record_): Omit<Case, 'holds'> {
    const similar = this.cases
      .slice(400, 4000)
      .filter((other) => other.lure === one.lure && other.state === 'resolved')
      .slice(one.number % 5, (one.number % 5) + 4);
    return {
      ...this.summary(one),
      kinds: this.kinds(one),
      finding_list: this.findings(one, 0, 100),
      history: one.history,
      similar: similar.map((other) => ({
        id: other.id,
        title: other.title,
        state: other.state,
        verdict: other.verdict,
        resolved_at: other.updated_at,
        why: other.sender === one.sender ? 'the same sender' : 'nearly the same text',
      })),
    };
  }

  finding(id: string): Finding | null {
    const [, caseHex, index] = /^d-([0-9a-f]+)-(\d+)$/.exec(id) ?? [];
    const one = this.byId.get(`c-${caseHex}`);
    if (!one || index === undefined || Number(index) >= one.findings) return null;
    const made = makeFinding(one, Number(index));
    if (!this.withoutMails.has(one.id)) return made;
    return { ...made, mail: null, mail_removed: { at: iso(this.now), rule: 'retention.mails: 90d, audit entry 164' } };
  }
}

const findingId = (one: Record_, index: number): string => `d-${one.id.slice(2)}-${index}`;

function baseHistory(one: Record_): HistoryEntry[] {
  const at = Date.parse(one.opened_at);
  const list: HistoryEntry[] = [{ at: iso(at), actor: 'winnow', what: 'opened', detail: `A mail from ${one.sender} was ${one.route === 'escalate' ? 'escalated' : 'queued'}` }];
  for (let finding = 1; finding < Math.min(one.findings, 100); finding++)
    list.unshift({ at: iso(at + 1_000 * finding), actor: 'winnow', what: 'joined', detail: `d-${one.id.slice(2, 10)}${String(finding).padStart(4, '0')}: ${one.grouped_by}` });
  if (one.owner) list.unshift({ at: iso(at + 70_000), actor: one.owner, what: 'owner', detail: 'Took the case' });
  if (one.verdict) list.unshift({ at: one.updated_at, actor: one.owner ?? 'ann', what: 'verdict', detail: `${one.verdict.replace('_', ' ')}: seen before` });
  return list;
}

function makeFinding(one: Record_, index: number): Finding {
  const random = randomFrom(one.number * 31 + index);
  const { lure } = one;
  const put = (text: string) => fill(text, one.number);
  const sent = Date.parse(one.last_finding_at) - index * 47_000;
  const domain = one.sender.slice(one.sender.indexOf('@') + 1);
  const failed = !lure.benign;
  return {
    id: findingId(one, index),
    event: hex(random, 64),
    event_time: iso(sent),
    decided_at: iso(sent + 1_200),
    route: one.route,
    decided_by: (one.probability ?? 0) < 0.6 ? 'second stage' : 'model',
    because: (one.probability ?? 0) < 0.6 ? 'the sender’s name is a brand that the sender’s domain does not belong to' : '',
    probability: Math.max(0, (one.probability ?? 0) - index * 0.002),
    sender: one.sender,
    subject: one.title,
    reasons: lure.reasons.map(([feature, text, weight]) => ({ feature, text: put(text), weight: weight * (0.9 + random() * 0.2) })),
    techniques: one.techniques,
    technique_names: one.technique_names ?? [],
    case: one.id,
    explanation: explanationOf(one.probability ?? 0, one.route),
    features: [
      { name: 'auth_dmarc', value: failed ? -1 : 1, unit: '', meaning: 'what DMARC said: 1 passed, -1 failed, 0 nothing' },
      { name: 'link_count', value: lure.link ? 1 : 0, unit: 'links', meaning: 'web links in the mail' },
      { name: 'link_text_mismatch', value: lure.link ? 1 : 0, unit: 'yes/no', meaning: 'a link shows one address and leads to another' },
      { name: 'sender_mails', value: lure.benign ? 41 : 0, unit: 'mails', meaning: 'mail from this sender in the last 90 days' },
      { name: 'date_skew', value: 2.1, unit: 's', meaning: 'between the date of the mail and its arrival' },
      { name: 'html_visible_ratio', value: 0.8127, unit: '', meaning: 'share of the HTML that can be seen' },
      { name: 'domain_age', value: null, unit: 'days', meaning: 'how long the sender’s domain has been known' },
    ],
    mail: {
      subject: one.title,
      from: { name: lure.name, mailbox: one.sender },
      reply_to: lure.name.includes('CEO') ? ['helena.private@webmail.example'] : [],
      to: one.recipients.slice(0, 1),
      cc: one.recipients.slice(1),
      date: iso(sent - 4_000),
      received: [
        { from: `mx2.soc.example`, by: 'mailbox-7.soc.example', at: iso(sent) },
        { from: `relay.${domain}`, by: 'mx2.soc.example', at: iso(sent - 1_000) },
        { from: 'unknown [203.0.113.41]', by: `relay.${domain}`, at: iso(sent - (failed ? 190_000 : 3_000)) },
      ],
      authentication: [
        { method: 'spf', result: failed ? 'fail' : 'pass', detail: `203.0.113.41 ${failed ? 'may not' : 'may'} send for ${domain}` },
        { method: 'dkim', result: failed ? 'none' : 'pass', detail: failed ? 'no signature' : `signed by ${domain}` },
        { method: 'dmarc', result: failed ? 'fail' : 'pass', detail: `policy of ${domain}: ${failed ? 'none' : 'reject'}` },
      ],
      headers: [
        { name: 'Received', value: `from relay.${domain} by mx2.soc.example with ESMTPS id 4XyZ${one.number}` },
        { name: 'From', value: `"${lure.name}" <${one.sender}>` },
        { name: 'To', value: one.recipients.join(', ') },
        { name: 'Subject', value: one.title },
        { name: 'Date', value: new Date(sent - 4_000).toUTCString() },
        { name: 'Message-ID', value: `<${hex(random, 20)}@${domain}>` },
        { name: 'Content-Type', value: 'multipart/alternative; boundary="b1"' },
        { name: 'X-Mailer', value: 'Bulk 4.1' },
      ],
      redacted: false,
      text: put(lure.text),
      truncated: false,
      links: lure.link ? [{ text: put(lure.link[0]), target: put(lure.link[1]), domain: lure.link[2] }] : [],
      attachments: lure.attachment
        ? [{ name: put(lure.attachment[0]), type: lure.attachment[1], size: 18_000 + Math.floor(random() * 400_000), problems: [lure.attachment[2]] }]
        : [],
      problems: one.number % 9 === 4 ? ['two parts claim to be the text; both were read'] : [],
    },
    bundle: { id: 'b-9cd0922e41f7', run: 'r-2026-11-19-71ac', model: 'forest and text, calibrated' },
  };
}

// As the server answers a role that may not read what mails say.
export function redacted(finding: Finding): Finding {
  if (!finding.mail) return finding;
  const { mail } = finding;
  return {
    ...finding,
    mail: {
      ...mail,
      redacted: true,
      text: null,
      headers: mail.headers.filter(({ name }) => name !== 'Content-Type' && name !== 'X-Mailer'),
      links: mail.links.map((link) => ({ ...link, text: null, target: null })),
      attachments: mail.attachments.map((file) => ({ ...file, name: null })),
    },
  };
}

// As a bundle tells it that decides by 0.9, 0.4 and a band from 0.3 to 0.6.
function explanationOf(probability: number, route: Finding['route']): Explanation {
  const says = [`thresholds of the probability: escalate from 90 % (${Math.abs(100 * (probability - 0.9)).toFixed(1)} points ${probability < 0.9 ? 'below' : 'above'}), queue from 40 % (${Math.abs(100 * (probability - 0.4)).toFixed(1)} points ${probability < 0.4 ? 'below' : 'above'})`];
  const percent = `${(100 * probability).toFixed(0)} %`;
  if (probability >= 0.6) return { says: [`the model decided: it gave ${percent}`, ...says], rule_applied: false, rules: [], model_saw: [] };
  const when = [
    { text: 'name_says_brand >= 1', found: '1', holds: true },
    { text: 'auth_dmarc missing', found: 'missing', holds: true },
  ];
  const rule = { name: 'borrowed-brand', says: 'the sender’s name is a brand that the sender’s domain does not belong to', route, when };
  return {
    says: [`the second stage decided: the model gave ${percent}, inside the band from 30 % to 60 % in which the policy's rules decide`, `rule 'borrowed-brand' says ${route}: ${rule.says}`, ...says],
    rule_applied: true,
    rules: [rule],
    model_saw: [],
  };
}

const techniqueNames: Record<string, string> = {
  'T1566.001': 'Phishing: Spearphishing Attachment', 'T1566.002': 'Phishing: Spearphishing Link', T1656: 'Impersonation',
};

// A case of events: whom they name, and what techniques.
export function aboutEvents(one: Record_, domain: CaseSummary['domains'][number]): void {
  one.domains = [domain];
  const critical = one.number % 4 === 2;
  one.entities = [
    { kind: 'host', key: critical ? 'dc-01.soc.example' : `ws-${String(one.number).padStart(4, '0')}`, criticality: critical ? 'critical' : '' },
    { kind: 'user', key: 'ana.brandt', criticality: one.number % 3 === 0 ? 'high' : '' },
    { kind: 'ip', key: '198.51.100.23', criticality: '' },
  ];
  one.criticality = critical ? 'critical' : '';
  one.techniques = ['T1071.001', 'T1046'];
  one.technique_names = ['Application Layer Protocol: Web Protocols', 'Network Service Discovery'];
  one.severity_because = critical ? 'its route is escalate, dc-01.soc.example is a critical asset' : 'a probability of at least 70 %';
}

const deeds: readonly { domain: CaseSummary['domains'][number]; title: string; sender: string; reason: string; technique: string; called: string; host: string }[] = [
  { domain: 'network', title: 'tls to 198.51.100.23:443', sender: '10.20.0.31', reason: 'few sources greet like this one: 1 source with this JA3 in 1 day', technique: 'T1071.001', called: 'Application Layer Protocol: Web Protocols', host: '10.20.250.50' },
  { domain: 'endpoint', title: 'process: rundll32.exe comsvcs.dll, MiniDump 4459', sender: 'jean.denham', reason: 'rundll32.exe is rarely started by helper.exe', technique: 'T1003.001', called: 'OS Credential Dumping: LSASS Memory', host: 'ws-0011.soc.example' },
  { domain: 'cloud', title: 'call: GetCallerIdentity', sender: 'arn:aws:sts::111122223333:assumed-role/administrator/holly', reason: 'few act from there: 1 principal from 198.51.100.0/24 in 1 day', technique: 'T1087.004', called: 'Account Discovery: Cloud Account', host: '198.51.100.23' },
  { domain: 'alerts', title: 'alert: Multiple web server 400 error codes', sender: 'intranet-01', reason: 'many rules fired on the host: 17 rules with alerts on the host in 1 h', technique: 'T1595.002', called: 'Active Scanning: Vulnerability Scanning', host: '10.143.2.4' },
];

// Two of three cases are of no mail.
export function mix(one: Record_): void {
  const deed = deeds[one.number % 6];
  if (!deed) return;
  const worth = one.number % 4 === 1 ? 'high' : one.number % 4 === 2 ? 'critical' : '';
  Object.assign(one, {
    domains: [deed.domain], title: deed.title, sender: deed.sender, reasons: [deed.reason], techniques: [deed.technique], technique_names: [deed.called], recipients: [], recipient_count: 0, criticality: worth,
    entities: [{ kind: deed.host.endsWith('example') ? 'host' : 'ip', key: deed.host, criticality: worth }, ...(deed.domain === 'endpoint' ? [{ kind: 'user', key: deed.sender, criticality: 'high' }] : [])],
  });
}
