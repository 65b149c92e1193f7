// Who is signed in, which tokens there are, what is kept how long.
import type { NewToken, Retention, RetentionPlan, Role, SignedIn, Token } from '../../src/api/contract';

const hour = 3_600_000;
const day = 24 * hour;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();

export class Access {
  readonly tokens: Token[] = [
    { id: 't-0b61c0ffee01', name: 'mail-gateway', role: 'sensor', created: at(-60 * day), actor: 'root', expires: at(30 * day), revoked: null },
    { id: 't-0b61c0ffee02', name: 'suricata', role: 'sensor', created: at(-60 * day), actor: 'root', expires: null, revoked: null },
    { id: 't-0b61c0ffee03', name: 'ann', role: 'senior', created: at(-12 * day), actor: 'dana', expires: at(78 * day), revoked: null },
    { id: 't-0b61c0ffee04', name: 'soar', role: 'analyst', created: at(-100 * day), actor: 'dana', expires: at(-10 * day), revoked: null },
    { id: 't-0b61c0ffee05', name: 'contractor', role: 'engineer', created: at(-40 * day), actor: 'dana', expires: at(50 * day), revoked: at(-3 * day) },
  ];
  sessions: SignedIn[] = [
    { id: 't-0b61c0ffee03', name: 'ann', role: 'senior', by_provider: false, opened: at(-3 * hour), used: at(-20_000), ends: at(8 * hour) },
    { id: 'o-51b3', name: 'oidc:ben@soc.example', role: 'analyst', by_provider: true, opened: at(-26 * hour), used: at(-2 * hour), ends: at(6 * hour) },
    { id: 'o-51b3', name: 'oidc:ben@soc.example', role: 'analyst', by_provider: true, opened: at(-5 * hour), used: at(-40 * 60_000), ends: at(7 * hour) },
    { id: 'o-77a0', name: 'oidc:otto@soc.example', role: 'auditor', by_provider: true, opened: at(-hour), used: at(-5 * 60_000), ends: at(8 * hour) },
  ];
  readonly retention: Retention = {
    rules: [{ rule: 'retention.mails', days: 90 }, { rule: 'retention.cases', days: 365 }, { rule: 'retention.decisions', days: 90 }],
    next_at: at(9 * hour), running: false,
    last: { by: 'winnow serve', begun_at: at(-15 * hour), ended_at: at(-15 * hour + 42_000), rows: 2_348, mails_erased: 1_204, bytes_erased: 18_874_368, problem: null },
  };
  readonly plans: RetentionPlan[] = [
    { rule: 'retention.mails: 90d', before: at(-90 * day), rows: 1_204, bytes: 18_874_368, first: at(-91.6 * day), last: at(-90 * day), held: 12, open: 3, more: false },
    { rule: 'retention.cases: 365d', before: at(-365 * day), rows: 14, bytes: null, first: at(-366 * day), last: at(-365 * day), held: 1, open: 0, more: false },
    { rule: 'retention.decisions: 90d', before: at(-90 * day), rows: 0, bytes: null, first: null, last: null, held: 12, open: 0, more: false },
  ];

  mayRead = (role: Role): boolean => role === 'admin' || role === 'auditor';
  revoke(id: string): Token | null {
    const found = this.tokens.find((one) => one.id === id);
    if (!found) return null;
    found.revoked = at(0);
    this.signOut(id);
    return found;
  }
  signOut(id: string): number {
    const before = this.sessions.length;
    this.sessions = this.sessions.filter((one) => one.id !== id);
    return before - this.sessions.length;
  }
  make({ name, role, expires }: { name: string; role: Role; expires: string | null }): NewToken | null {
    if (this.tokens.some((one) => one.name === name && one.revoked === null)) return null;
    const made: Token = { id: `t-${String(this.tokens.length).padStart(12, '0')}`, name, role, created: at(0), actor: 'dana', expires, revoked: null };
    this.tokens.push(made);
    return { ...made, token: `wnw_${made.id.slice(2)}_invented` };
  }
}
