// Who decides and who follows: what was promoted last waits where its entity states have to be filled first.
import type { Bundle, DomainStatus, Promotion } from '../api/contract';

export type Deciding = Pick<DomainStatus, 'champion' | 'next'>;

// What was promoted last and does not decide follows, also where the service has not heard of it yet.
export function standingOf({ id, champion }: Pick<Bundle, 'id' | 'champion'>, deciding: Deciding): 'decides' | 'follows' | null {
  if (id === deciding.champion?.bundle) return 'decides';
  return champion || id === deciding.next?.bundle ? 'follows' : null;
}

// By which a bundle decides or will: its newest one. Undefined: not on record, or not read yet.
export const promotionOf = (bundle: string, history: readonly Promotion[]): Promotion | undefined => history.find(({ champion }) => champion === bundle);

// Since when a promoted bundle that decides does: others than those that waited took over at once.
export const decidesSince = ({ at, took_effect }: Pick<Promotion, 'at' | 'took_effect'>): string => took_effect ?? at;
