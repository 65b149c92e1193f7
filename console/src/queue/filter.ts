// Which cases the queue shows: the query part of the address.
import { computed } from '@preact/signals';
import type { CaseSummary } from '../api/contract';
import { query } from '../shell/location';

export interface Filter {
  state: string; // of the contract: open, new, in_progress, snoozed, resolved, all
  owner: string; // "", "me", "nobody", or a name
  severity: string;
  domain: string;
  q: string;
  sort: string;
}

export const filter = computed<Filter>(() => ({
  state: query.value.get('state') ?? 'open',
  owner: query.value.get('owner') ?? '',
  severity: query.value.get('severity') ?? '',
  domain: query.value.get('domain') ?? '',
  q: query.value.get('q') ?? '',
  sort: query.value.get('sort') ?? 'urgency',
}));

export const isNarrowed = computed(() => Boolean(filter.value.owner || filter.value.severity || filter.value.domain || filter.value.q));

export function queryOf(wanted: Filter, limit: number, cursor: string | null): URLSearchParams {
  const parameters = new URLSearchParams({ state: wanted.state, sort: wanted.sort, limit: String(limit) });
  if (wanted.owner) parameters.set('owner', wanted.owner);
  if (wanted.severity) parameters.set('severity', wanted.severity);
  if (wanted.domain) parameters.set('domain', wanted.domain);
  if (wanted.q) parameters.set('q', wanted.q);
  if (cursor) parameters.set('cursor', cursor);
  return parameters;
}

// Whether a case still belongs on the list. What a search would find only the server knows: it stays.
export function belongs(one: CaseSummary, wanted: Filter, myName: string): boolean {
  const state =
    wanted.state === 'all' || (wanted.state === 'open' ? one.state === 'new' || one.state === 'in_progress' : one.state === wanted.state);
  const owner =
    wanted.owner === '' ||
    (wanted.owner === 'nobody' ? one.owner === null : one.owner === (wanted.owner === 'me' ? myName : wanted.owner));
  const domain = wanted.domain === '' || one.domains.some((name) => name === wanted.domain);
  return state && owner && domain && (wanted.severity === '' || one.severity === wanted.severity);
}
