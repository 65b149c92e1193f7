// The decisions of each route, lined up by minute and piled on each other.
import type { Route, Status } from '../api/contract';

// From the bottom of the pile to its top.
export const routes: readonly Route[] = ['playbook', 'escalate', 'queue', 'close'];

export interface Stack {
  times: number[]; // seconds
  values: Map<Route, number[]>; // as counted
  tops: Map<Route, number[]>; // with what lies below
}

// Lines up the routes' series by time; a minute in which a route had nothing counts as 0. The minute that is not over at
// `now` is left out: half of it would look like a fall.
export function stack(series: Status['series'], now: number): Stack {
  const over = ([time]: [string, number]) => Date.parse(time) + 60_000 <= now;
  const times = [...new Set(Object.values(series.by_route).flatMap((one) => one.filter(over).map(([time]) => Date.parse(time) / 1000)))].sort((a, b) => a - b);
  const place = new Map(times.map((time, index) => [time, index]));
  const values = new Map<Route, number[]>();
  const tops = new Map<Route, number[]>();
  let below = times.map(() => 0);
  for (const route of routes) {
    const counts = times.map(() => 0);
    for (const [time, value] of (series.by_route[route] ?? []).filter(over)) counts[place.get(Date.parse(time) / 1000) ?? 0] = value;
    values.set(route, counts);
    below = below.map((sum, index) => sum + (counts[index] ?? 0));
    tops.set(route, below);
  }
  return { times, values, tops };
}
