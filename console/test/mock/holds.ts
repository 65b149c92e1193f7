// Legal holds: on one case, and on whoever wrote it. A third one was released.
import type { Hold, Role } from '../../src/api/contract';
import type { Record_, World } from './world';

const day = 86_400_000;

export class Holds {
  readonly list: Hold[] = [];

  constructor({ cases, now }: World, private readonly everywhere = false) {
    const held = cases[2];
    if (!held) return;
    const at = (days: number) => new Date(now + days * day).toISOString();
    const scope = { case: null, mailbox: null, from: null, until: null };
    const standing = { released_at: null, released_by: null };
    this.list = [
      { id: 'h-31', scope: { ...scope, mailbox: held.sender, until: at(1) }, reason: 'asked for by the works council', by: 'dana', placed_at: at(-2), ...standing },
      { id: 'h-2f', scope: { ...scope, case: held.id }, reason: 'matter 2026-17', by: 'dana', placed_at: at(-9), ...standing },
      { id: 'h-1c', scope: { ...scope, case: held.id }, reason: 'matter 2025-3', by: 'dana', placed_at: at(-90), released_at: at(-60), released_by: 'dana' },
    ];
  }

  place(scope: Hold['scope'], reason: string, by: string): Hold {
    const placed: Hold = { id: `h-${(64 + this.list.length).toString(16)}`, scope, reason, by, placed_at: new Date().toISOString(), released_at: null, released_by: null };
    this.list.unshift(placed);
    return placed;
  }

  release(id: string, by: string): Hold | null {
    const found = this.list.find((one) => one.id === id);
    if (found) Object.assign(found, { released_at: new Date().toISOString(), released_by: by });
    return found ?? null;
  }

  mayRead(role: Role): boolean {
    return ['senior', 'admin', 'auditor'].includes(role);
  }

  about(one: Record_, role: Role): string[] | null {
    if (!this.mayRead(role)) return null;
    const fits = ({ scope, released_at }: Hold) => released_at === null && (this.everywhere || scope.case === one.id || scope.mailbox === one.sender);
    return this.list.filter(fits).map(({ id }) => id).reverse();
  }
}
