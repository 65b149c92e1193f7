// The contract, answered from a world of invented cases: for tests and `npm run dev`, never part of the product.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CaseChange, Counts, Finding, HistoryEntry, Hold, Role, State, Suppression, VerdictGiven } from '../../src/api/contract';
import { Access } from './access';
import { ofCloud } from './cloud';
import { logonOf, ofMachines, processesOf } from './machines';
import { conversationOf, ofNetwork } from './network';
import { hostileFinding, hostileText, ownOfAccess, ownOfConversation, ownOfHolds, ownOfLab, ownOfStatus, ownOfTelemetry, ownOfTree } from './hostile_fields';
import { Holds } from './holds';
import { identitiesOf, ownOfIdentities } from './identities';
import { Lab } from './lab';
import { domainsOf, statusOf } from './status';
import { coverageOf, EventsOf, featuresOf, previewOf, QuarantineOf, sourcesOf } from './telemetry';
import { aboutEvents, mix, redacted, type Record_, World } from './world';

export interface MockOptions {
  cases: number;
  live?: boolean; // cases arrive by themselves
  hostile?: boolean; // every text is hostile
  events?: 'network' | 'machines' | 'cloud' | 'mixed'; // findings are of these and not of mails; mixed: of most cases, of each its own
  signedIn?: boolean; // without asking for a token
  role?: Role;
  provider?: boolean; // people may sign in by an identity provider
}

export interface Mock {
  handle(request: IncomingMessage, response: ServerResponse): boolean; // false: not a path of the API
  world: World;
  arrive(count: number): Record_[]; // new cases, told to whoever listens
  touch(id: string, by: string): void; // someone else changes a case
  endSessions(): void;
  signIn(): void; // as an identity provider does it
  person: { name: string; role: Role }; // who is signed in
  away: boolean; // refuses every connection while true
  streams: boolean; // false: the live view is refused, as by a proxy
  delayMs: number;
  close(): void;
}

const token = 'wnw_demo_token';
const csrf = 'csrf-of-the-mock';

interface Answer {
  status: number;
  body?: unknown; // text is sent as it is
  headers?: Record<string, string>;
}
const ok = (body: unknown, headers: Record<string, string> = {}): Answer => ({ status: 200, body, headers });
const problem = (status: number, detail: string, hint = ''): Answer => ({
  status,
  body: { type: `urn:winnow:problem:${status}`, title: 'Problem', status, detail, hint },
});

export function createMock(options: MockOptions): Mock {
  const world = new World(options.cases);
  const lab = new Lab();
  const domain = options.events && ({ network: 'network', machines: 'endpoint', cloud: 'cloud', mixed: null } as const)[options.events];
  if (domain) for (const one of world.cases) aboutEvents(one, domain);
  if (options.events === 'mixed') for (const one of world.cases) mix(one);
  const holds = new Holds(world, options.hostile);
  const access = new Access();
  const events = new EventsOf(world);
  const quarantine = new QuarantineOf();
  const listeners = new Set<ServerResponse>();
  let signedIn = options.signedIn ?? false;
  let nextNumber = options.cases;
  const me = () => ({ ...mock.person, csrf, workspace: 'soc.example', expires_at: new Date(Date.now() + 3_600_000).toISOString() });
  const suppressions: Suppression[] = [
    {
      id: 's-1', scope: { kind: 'sender', value: 'training@phish-drill.example' }, reason: 'The awareness drill of this quarter, agreed with HR', by: 'dana',
      created_at: new Date(Date.now() - 6 * 86_400_000).toISOString(), expires_at: new Date(Date.now() + 24 * 86_400_000).toISOString(), hits: 1284,
      last_hit_at: new Date(Date.now() - 120_000).toISOString(), revoked_at: null,
    },
    {
      id: 's-2', scope: { kind: 'sender_domain', value: 'scanner-vendor.example' }, reason: 'Reports of the mail scanner quote what they found', by: 'ben',
      created_at: new Date(Date.now() - 40 * 86_400_000).toISOString(), expires_at: new Date(Date.now() - 10 * 86_400_000).toISOString(), hits: 57,
      last_hit_at: new Date(Date.now() - 11 * 86_400_000).toISOString(), revoked_at: null,
    },
    {
      id: 's-3', scope: { kind: 'campaign', value: 'c-91ab33f0c2d4' }, reason: 'Penetration test, week 47', by: 'ann',
      created_at: new Date(Date.now() - 3 * 86_400_000).toISOString(), expires_at: new Date(Date.now() + 4 * 86_400_000).toISOString(), hits: 12,
      last_hit_at: new Date(Date.now() - 7_200_000).toISOString(), revoked_at: null,
    },
  ];

  const identityAnswer = (finding: Finding): Answer => {
    const told = identitiesOf(finding);
    return ok(options.hostile ? hostileText(told, 4, ownOfIdentities) : told);
  };

  let counted: Counts | undefined;
  const counts = (): Counts => (counted ??= count());
  const count = (): Counts => {
    const sum: Counts = { new: 0, in_progress: 0, snoozed: 0, resolved: 0, mine: 0, overdue: 0 };
    for (const one of world.cases) {
      sum[one.state]++;
      const open = one.state === 'new' || one.state === 'in_progress';
      if (open && one.owner === 'ann') sum.mine++;
      if (open && one.overdue) sum.overdue++;
    }
    return sum;
  };
  const forget = () => {
    counted = undefined;
    foundBefore.clear();
  };
  const tell = (...touched: Record_[]) => {
    forget();
    const lines = touched.slice(0, 20).map(({ id, version }) => `event: case\ndata: ${JSON.stringify({ id, version })}\n\n`);
    for (const listener of listeners) listener.write(`${lines.join('')}event: queue\ndata: ${JSON.stringify({ counts: counts() })}\n\n`);
  };
  const note = (one: Record_, actor: string, what: HistoryEntry['what'], detail: string) => {
    one.version++;
    one.updated_at = new Date().toISOString();
    one.history = [{ at: one.updated_at, actor, what, detail }, ...one.history];
  };
  const change = (one: Record_, wanted: CaseChange, actor: string) => {
    if (wanted.owner !== undefined) {
      one.owner = wanted.owner === 'me' ? actor : wanted.owner;
      note(one, actor, 'owner', one.owner ? `Assigned to ${one.owner}` : 'Gave the case back');
    }
    if (wanted.snoozed_until) {
      one.state = 'snoozed';
      one.snoozed_until = wanted.snoozed_until;
      note(one, actor, 'snoozed', `Until ${wanted.snoozed_until}`);
    }
    if (wanted.state) {
      const reopened = one.state === 'resolved' && wanted.state !== 'resolved';
      one.state = wanted.state;
      one.snoozed_until = null;
      if (wanted.state !== 'resolved') one.verdict = null;
      note(one, actor, reopened ? 'reopened' : 'state', `Set to ${wanted.state.replace('_', ' ')}`);
    }
  };
  const judge = (one: Record_, given: VerdictGiven, actor: string) => {
    one.state = 'resolved';
    one.verdict = given.verdict;
    note(one, actor, 'verdict', `${given.verdict.replace('_', ' ')}: ${given.reason}`);
  };

  const detailOf = (one: Record_) => {
    const detail = { ...world.detail(one), holds: holds.about(one, mock.person.role) };
    return options.hostile ? hostileText(detail, one.number) : detail;
  };

  // What a query finds, kept until something changes: a real server has an index.
  const foundBefore = new Map<string, Record_[]>();
  function find(query: URLSearchParams): Record_[] {
    const key = ['state', 'owner', 'severity', 'domain', 'q', 'sort'].map((name) => query.get(name) ?? '').join('\n');
    const found = foundBefore.get(key) ?? search(query);
    foundBefore.set(key, found);
    return found;
  }
  function search(query: URLSearchParams): Record_[] {
    const wanted = (query.get('state') ?? 'open') as State | 'open' | 'all';
    const owner = query.get('owner');
    const severity = query.get('severity');
    const domain = query.get('domain');
    const words = (query.get('q') ?? '').toLowerCase();
    const found = world.cases.filter(
      (one) =>
        (wanted === 'all' || (wanted === 'open' ? one.state === 'new' || one.state === 'in_progress' : one.state === wanted)) &&
        (!owner || (owner === 'nobody' ? one.owner === null : one.owner === (owner === 'me' ? 'ann' : owner))) &&
        (!severity || one.severity === severity) &&
        (!domain || one.domains.some((name) => name === domain)) &&
        (!words || one.title.toLowerCase().includes(words) || one.sender.includes(words) || one.id.startsWith(words)),
    );
    const sort = query.get('sort') ?? 'urgency';
    if (sort === 'urgency') found.sort((a, b) => b.urgency - a.urgency || (a.id < b.id ? -1 : 1));
    else if (sort === 'newest') found.sort((a, b) => (a.last_finding_at < b.last_finding_at ? 1 : -1));
    else found.sort((a, b) => (a.due_at ?? '9').localeCompare(b.due_at ?? '9'));
    return found;
  }

  function queue(query: URLSearchParams): Answer {
    const found = find(query);
    const from = Number(query.get('cursor') ?? 0);
    const limit = Math.min(500, Number(query.get('limit') ?? 100));
    const page = found.slice(from, from + limit).map((one) => world.summary(one));
    return ok({
      cases: options.hostile ? page.map((one, index) => hostileText(one, from + index)) : page,
      next: from + limit < found.length ? String(from + limit) : null,
      total: found.length,
      counts: counts(),
    });
  }

  function caseAnswer(method: string, parts: string[], query: URLSearchParams, body: unknown, ifMatch: string | undefined): Answer {
    const [, , id = '', action] = parts;
    if (id === 'bulk') {
      const { ids, change: wanted, verdict } = body as { ids: string[]; change: CaseChange | null; verdict: VerdictGiven | null };
      const results = ids.map((key) => {
        const one = world.byId.get(key);
        if (!one) return { id: key, status: 404, detail: 'no such case' };
        if (wanted) change(one, wanted, 'ann');
        if (verdict) judge(one, verdict, 'ann');
        return { id: key, status: 200, detail: '' };
      });
      tell(...ids.flatMap((key) => world.byId.get(key) ?? []));
      return ok({ results });
    }
    const one = world.byId.get(id);
    if (!one) return problem(404, `there is no case '${id}'`, 'the queue lists those that exist');
    if (action === 'findings') {
      const list = world.findings(one, Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 100));
      return ok({ findings: options.hostile ? hostileText(list, one.number) : list });
    }
    if (method === 'PATCH') {
      if (ifMatch && ifMatch !== `"${one.version}"`) return problem(412, 'the case was changed meanwhile', 'read it again');
      change(one, body as CaseChange, 'ann');
    } else if (action === 'notes') note(one, 'ann', 'note', (body as { text: string }).text);
    else if (action === 'verdict') {
      const kind = (body as VerdictGiven).scope?.kind;
      if (kind && kind !== 'campaign' && !one.domains.includes('mail')) return problem(400, 'a suppression by sender is of mail, and no finding of this case is a mail');
      judge(one, body as VerdictGiven, 'ann');
    }
    if (method !== 'GET') tell(one);
    return ok(detailOf(one), { etag: `"${one.version}"` });
  }

  function suppressionAnswer(method: string, id: string | undefined, body: unknown): Answer {
    if (method === 'GET') return ok({ suppressions: options.hostile ? suppressions.map((one, index) => hostileText(one, index)) : suppressions });
    if (method === 'DELETE') {
      const one = suppressions.find((other) => other.id === id);
      if (!one) return problem(404, 'there is no such suppression');
      if (one.revoked_at) return problem(409, `${one.id} is revoked already`);
      one.revoked_at = new Date().toISOString();
      return { status: 204 };
    }
    const { scope, reason, expires } = body as { scope: Suppression['scope']; reason: string; expires: string };
    if (scope.kind === 'sender' && !scope.value.includes('@')) return problem(400, `'${scope.value}' is no mailbox`, 'write it as name@domain');
    const made: Suppression = {
      id: `s-${suppressions.length + 1}`, scope, reason, by: 'ann', created_at: new Date().toISOString(), expires_at: expires, hits: 0, last_hit_at: null, revoked_at: null,
    };
    suppressions.unshift(made);
    return ok(made);
  }

  function holdAnswer(method: string, id: string | undefined, body: unknown): Answer {
    if (!holds.mayRead(me().role) || (method !== 'GET' && me().role !== 'admin')) return problem(403, 'your role may not do this');
    if (method === 'GET') return ok({ holds: options.hostile ? hostileText(holds.list, 2, ownOfHolds) : holds.list });
    if (method === 'DELETE') {
      const released = holds.release(id ?? '', me().name);
      return released ? ok(released) : problem(404, `there is no hold '${id}'`);
    }
    const { scope, reason } = body as Pick<Hold, 'scope' | 'reason'>;
    if (Object.values(scope).every((part) => part === null)) return problem(400, 'the hold has no scope', 'a case, a mailbox or a time of arrival');
    return { ...ok(holds.place(scope, reason, me().name)), status: 201 };
  }

  function accessAnswer(method: string, parts: string[], body: unknown): Answer {
    const [, kind, first = ''] = parts;
    const id = decodeURIComponent(first);
    if (kind === 'retention') {
      if (!holds.mayRead(me().role)) return problem(403, 'your role may not do this');
      return ok(first === 'plan' ? { plans: access.plans } : access.retention);
    }
    if (!access.mayRead(me().role) || (method !== 'GET' && me().role !== 'admin')) return problem(403, 'your role may not do this');
    if (kind === 'sessions') return ok(method === 'GET' ? { sessions: access.sessions } : { id, name: id, ended: access.signOut(id) });
    if (method === 'GET') return ok({ tokens: access.tokens });
    if (method === 'DELETE') {
      const revoked = access.revoke(id);
      return revoked ? ok(revoked) : problem(404, `there is no token '${id}'`);
    }
    const made = access.make(body as { name: string; role: Role; expires: string | null });
    return made ? { ...ok(made), status: 201 } : problem(409, 'a valid token has that name', 'revoke it first, or choose another name');
  }

  function deploymentAnswer(parts: string[], query: URLSearchParams, body: unknown): Answer {
    const { bundle, reason } = (body ?? {}) as { bundle?: string; reason?: string };
    if (parts[3] === 'bundles') return ok({ bundles: lab.bundles });
    if (parts[3] === undefined) return ok({ history: lab.promotions });
    const plan = lab.plan(parts[3] === 'plan' ? query.get('bundle') : (bundle ?? null));
    if (!plan) return problem(404, 'there is nothing to go back to');
    if (parts[3] === 'plan') return ok(plan);
    return ok(lab.promote(plan.champion, Date.now(), reason ?? '', parts[3] === 'rollback'));
  }

  function auditAnswer(parts: string[], query: URLSearchParams, body: unknown): Answer {
    const entry = lab.entries[Number(parts[2])];
    if (parts[2] === undefined) return ok(lab.search(query));
    if (parts[2] === 'verify') {
      const { known } = body as { known: string[] };
      const verification = { entries: lab.entries.length, checkpoints: 88, known_checkpoints: known.length, origin: 'winnow.local/soc', root: 'q1ZkF0pB3m8f7c2nK1w5rN4yJq9tVxC6dLhG0sUeAaI=', at: new Date().toISOString(), took_ms: 41.7 };
      const cut = known.some((text) => text.includes('cut'));
      const findings = cut ? [{ what: 'the newest 12 entries were cut off: a checkpoint kept elsewhere covers 212, found are 200', entry: 200, unchanged_until: lab.entries[150]?.time ?? null }] : [];
      return ok({ ...verification, verified: !cut, findings });
    }
    if (!entry) return problem(404, `the audit log has no entry ${parts[2]}`);
    return parts[3] === 'proof' ? ok(`c2sp.org/tlog-proof@v1\nindex ${entry.index}\n`) : ok({ ...entry, canonical: JSON.stringify(entry), size: lab.entries.length });
  }

  function labAnswer(method: string, parts: string[], query: URLSearchParams, body: unknown): Answer {
    const [, kind, first = ''] = parts;
    if (method !== 'GET' && kind === 'deployments' && !['senior', 'admin'].includes(me().role)) return problem(403, 'your role may not do this');
    if (kind === 'deployments') return deploymentAnswer(parts, query, body);
    if (kind === 'audit') return auditAnswer(parts, query, body);
    if (kind === 'lineage') {
      const graph = lab.lineage(decodeURIComponent(first));
      return graph ? ok(graph) : problem(404, `nothing on record is called '${first}'`);
    }
    if (first === '') {
      const found = lab.runs.toReversed().filter((run) => !query.get('kind') || run.kind === query.get('kind'));
      return ok({ runs: found.map((run) => lab.summary(run)), next: null });
    }
    const run = lab.runs.find(({ id }) => id === first);
    if (!run) return problem(404, `there is no run '${first}'`);
    if (parts[3] !== 'diff') return ok(run);
    const other = lab.runs.find(({ id }) => id === query.get('with'));
    if (!other) return problem(404, `there is no run '${query.get('with')}'`);
    return ok({
      before: run.id, after: other.id,
      changes: [
        { field: 'data_set', before: run.data_set ?? '', after: other.data_set ?? '' },
        { field: 'parameters.plan.forest.trees', before: '200', after: '400' },
        { field: 'parameters.plan.text_share', before: '', after: '0.4' },
        { field: 'seed', before: run.seed, after: other.seed },
      ],
    });
  }

  function telemetryAnswer(method: string, parts: string[], query: URLSearchParams, body: unknown): Answer {
    const [, kind, first = '', second = ''] = parts;
    if (kind === 'sources') return ok(first === 'coverage' ? coverageOf(query.get('source') ?? '') : sourcesOf());
    if (kind === 'features') return first === 'values' ? ok(previewOf()) : ok(featuresOf(query.get('domain') ?? 'mail'));
    if (kind === 'events' && first === '') return ok(events.page(query));
    if (kind === 'events') {
      const found = events.one(second);
      return found ? ok(found) : problem(404, `there is no event ${second}`);
    }
    if (method === 'POST') return ['engineer', 'admin'].includes(me().role) ? ok(quarantine.retry(body as { source: string | null; mapping: string | null })) : problem(403, 'your role may not do this');
    return ok(first === 'reasons' ? quarantine.reasons() : quarantine.page(query, ['analyst', 'senior'].includes(me().role)));
  }

  function answer(request: IncomingMessage, url: URL, body: unknown): Answer {
    const parts = url.pathname.split('/').filter(Boolean);
    const method = request.method ?? 'GET';
    const [, kind = ''] = parts;
    if (kind === 'sign-in') {
      const provider = { kind: 'oidc', name: 'Example Company', start: '/v1/sign-in/oidc' };
      return ok({ ways: [...(options.provider ? [provider] : []), { kind: 'token', name: 'a token', start: null }] });
    }
    if (kind === 'session' && method === 'POST') {
      if ((body as { token: string }).token !== token) return problem(401, 'the token is not known', 'it may have expired; winnow tokens create makes one');
      signedIn = true;
      return ok(me(), { 'set-cookie': 'winnow=1; HttpOnly; SameSite=Strict; Path=/' });
    }
    if (!signedIn) return problem(401, 'the request names no session', 'sign in');
    if (method !== 'GET' && request.headers['x-winnow-csrf'] !== csrf) return problem(403, 'the CSRF value is missing');
    if (kind === 'session') {
      signedIn = false;
      return { status: 204 };
    }
    if (kind === 'me') return ok(me());
    if (kind === 'people') return ok({ people: ['ann', 'ben', 'chris', 'dana'].map((name) => ({ name, role: name === 'dana' ? 'senior' : 'analyst' })) });
    if (kind === 'queue') return queue(url.searchParams);
    if (kind === 'cases') return caseAnswer(method, parts, url.searchParams, body, request.headers['if-match']);
    if (kind === 'findings') {
      const found = world.finding(parts[2] ?? '') ?? events.closed(parts[2] ?? '');
      if (!found) return problem(404, `there is no finding '${parts[2]}'`);
      const shown = ['auditor', 'engineer'].includes(me().role) ? redacted(found) : found;
      if (parts[3] === 'identities') return identityAnswer(found);
      if (parts[3] === 'conversation') return ok(options.hostile ? hostileText(conversationOf(), 3, ownOfConversation) : conversationOf());
      if (parts[3] === 'processes') return ok(options.hostile ? hostileText(processesOf(), 1, ownOfTree) : processesOf());
      const machines = world.cases.findIndex((one) => one.id === found.case) % 2 === 1 ? logonOf : ofMachines;
      const told = options.events === 'network' ? ofNetwork(shown) : options.events === 'machines' ? machines(shown) : options.events === 'cloud' ? ofCloud(shown) : shown;
      return ok(options.hostile ? hostileFinding(told) : told);
    }
    if (kind === 'holds') return holdAnswer(method, parts[2], body);
    if (['tokens', 'sessions', 'retention'].includes(kind)) {
      const found = accessAnswer(method, parts, body);
      return options.hostile && found.status === 200 ? { ...found, body: hostileText(found.body, 1, ownOfAccess) } : found;
    }
    if (kind === 'suppressions') return suppressionAnswer(method, parts[2], body);
    if (['runs', 'deployments', 'audit', 'lineage'].includes(kind)) {
      const found = labAnswer(method, parts, url.searchParams, body);
      return options.hostile && found.status === 200 ? { ...found, body: hostileText(found.body, 5, ownOfLab) } : found;
    }
    if (['sources', 'quarantine', 'events', 'features'].includes(kind)) {
      const found = telemetryAnswer(method, parts, url.searchParams, body);
      return options.hostile && found.status === 200 ? { ...found, body: hostileText(found.body, 2, ownOfTelemetry) } : found;
    }
    if (kind === 'status') {
      const status = { ...statusOf(), domains: domainsOf(lab) };
      return ok(options.hostile ? hostileText(status, 3, ownOfStatus) : status);
    }
    return problem(404, 'there is no such path');
  }

  function stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  }

  const mock: Mock = {
    world,
    away: false,
    streams: true,
    delayMs: 0,
    person: { name: 'ann', role: options.role ?? 'senior' },
    signIn() {
      signedIn = true;
    },
    arrive(count) {
      const made = Array.from({ length: count }, () => {
        const one = world.add(nextNumber++);
        Object.assign(one, { state: 'new', owner: null, urgency: 1, verdict: null, severity: 'critical' });
        one.last_finding_at = one.opened_at = one.updated_at = new Date().toISOString();
        one.due_at = new Date(Date.now() + 3_600_000).toISOString();
        return one;
      });
      tell(...made);
      return made;
    },
    touch(id, by) {
      const one = world.byId.get(id);
      if (!one) return;
      change(one, { owner: by }, by);
      tell(one);
    },
    endSessions() {
      signedIn = false;
      for (const listener of listeners) listener.end();
    },
    close() {
      clearInterval(arrivals);
      for (const listener of listeners) listener.end();
    },
    handle(request, response) {
      const url = new URL(request.url ?? '/', 'http://mock');
      if (!url.pathname.startsWith('/v1/')) return false;
      if (mock.away) {
        request.socket.destroy();
        return true;
      }
      if (url.pathname === '/v1/stream' && signedIn && mock.streams) {
        stream(response);
        return true;
      }
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { status, body, headers } = answer(request, url, text ? JSON.parse(text) : undefined);
        const send = () => {
          response.writeHead(status, {
            'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
            'cache-control': 'no-store',
            ...headers,
          });
          response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
        };
        mock.delayMs ? setTimeout(send, mock.delayMs) : send();
      });
      return true;
    },
  };
  const arrivals = options.live ? setInterval(() => mock.arrive(1), 20_000) : undefined;
  arrivals?.unref();
  return mock;
}
