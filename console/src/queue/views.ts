// The named views of the queue, as the navigation offers them.
import type { Counts } from '../api/contract';
import type { IconName } from '../kit/icon';
import type { Filter } from './filter';

export interface View {
  name: string;
  href: string;
  icon: IconName;
  keys: string;
  matches: (wanted: Filter) => boolean;
  count: (counts: Counts) => number | null;
}

const byState =
  (state: string) =>
  (wanted: Filter): boolean =>
    wanted.state === state && wanted.owner === '';

export const views: View[] = [
  { name: 'Open', href: '/queue', icon: 'inbox', keys: 'g q', matches: byState('open'), count: (counts) => counts.new + counts.in_progress },
  {
    name: 'Mine', href: '/queue?owner=me', icon: 'person', keys: 'g m',
    matches: (wanted) => wanted.state === 'open' && wanted.owner === 'me', count: (counts) => counts.mine,
  },
  {
    name: 'Unassigned', href: '/queue?owner=nobody', icon: 'layers', keys: 'g u',
    matches: (wanted) => wanted.state === 'open' && wanted.owner === 'nobody', count: () => null,
  },
  { name: 'Snoozed', href: '/queue?state=snoozed', icon: 'bell_off', keys: 'g z', matches: byState('snoozed'), count: (counts) => counts.snoozed },
  { name: 'Resolved', href: '/queue?state=resolved&sort=newest', icon: 'check', keys: 'g r', matches: byState('resolved'), count: () => null },
  { name: 'All', href: '/queue?state=all&sort=newest', icon: 'list', keys: 'g a', matches: byState('all'), count: () => null },
];

export const viewName = (wanted: Filter): string => views.find((view) => view.matches(wanted))?.name ?? 'Open';
