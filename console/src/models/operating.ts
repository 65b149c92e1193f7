// What a threshold would mean where events are as many, and as often malicious, as somebody expects. Rates of the test carry
// over; its share of malicious ones does not, so everything that depends on it is computed anew.
import { count } from '../words/number';
import type { CurvePoint, Evaluation, Figures, Run, RunPolicy } from '../api/contract';

export interface Workload {
  eventsADay: number;
  share: number; // of them that is malicious, 0 to 1
  minutes: number; // of an analyst, for one alert
}

export interface Outcome {
  alertsADay: number;
  falseAlarmsADay: number;
  missedOfThousand: number; // malicious events nobody is told of
  minutesADay: number;
  precision: number; // of the alerts; NaN without any
}

export function outcomeOf(point: Pick<CurvePoint, 'recall' | 'false_positive_rate'>, { eventsADay, share, minutes }: Workload): Outcome {
  const found = eventsADay * share * point.recall;
  const falseAlarmsADay = eventsADay * (1 - share) * point.false_positive_rate;
  const alertsADay = found + falseAlarmsADay;
  return { alertsADay, falseAlarmsADay, missedOfThousand: 1000 * (1 - point.recall), minutesADay: alertsADay * minutes, precision: found / alertsADay };
}

const numberAt = (parameters: Record<string, unknown>, group: string, name: string, otherwise: number): number => {
  const value = (parameters[group] as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
};

// As the content of its training said when the run was made.
export const workloadOf = ({ parameters }: Pick<Run, 'parameters'>): Workload => ({
  eventsADay: numberAt(parameters, 'capacity', 'events_per_day', 1000),
  share: numberAt(parameters, 'capacity', 'prevalence', 0.01),
  minutes: numberAt(parameters, 'costs', 'review', 2),
});

export interface Share {
  value: number;
  low: number;
  high: number;
}

// A share of so many rows with its 95 % interval (Wilson's score interval): as if rows were drawn one by one.
export function shareOf(value: number, rows: number): Share {
  if (rows <= 0) return { value, low: 0, high: 1 };
  const z = 1.959964;
  const middle = (value + (z * z) / (2 * rows)) / (1 + (z * z) / rows);
  const half = (z / (1 + (z * z) / rows)) * Math.sqrt((value * (1 - value)) / rows + (z * z) / (4 * rows * rows));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

// The threshold from which the policy tells people; null where it tells nobody by a threshold.
export function threshold(policy: RunPolicy | null | undefined): number | null {
  const telling = (policy?.routes ?? []).filter(({ route, from }) => route !== 'close' && from > 0).map(({ from }) => from);
  return telling.length > 0 ? Math.min(...telling) : null;
}

// On which rows the one curve of a run was measured, in words.
export function measuredOn({ splits, seen_in_training }: Evaluation, model: Figures, many: string, are: string): string {
  const rows = `${count(model.rows)} ${many}, ${count(model.malicious)} of them ${are}`;
  if (splits && splits.length > 0) {
    const tests = splits.length === 1 ? 'the one test' : `all ${splits.length} tests together`;
    return `${rows}: the rows of ${tests} (${splits.map(({ name }) => name).join('; ')}), each scored by a model that was not trained on it`;
  }
  const seen = seen_in_training ? `; the model was trained on ${count(seen_in_training)} of them` : '; the model was trained on none of them';
  return `${rows}: the labelled ones that this evaluation chose${seen}`;
}

// As somebody writes it into a policy. Where few events may be read, thresholds stand close to 1.
export function decimals(threshold: number): string {
  const nearest = Math.min(threshold, 1 - threshold);
  return nearest <= 0 ? String(threshold) : threshold.toFixed(nearest < 0.001 ? 6 : nearest < 0.1 ? 3 : 2);
}

// The last point that is not below the threshold: what that threshold does. A curve comes best first.
export function pointAt(curve: CurvePoint[], threshold: number): number {
  let at = 0;
  while (at + 1 < curve.length && (curve[at + 1] as CurvePoint).threshold >= threshold) at++;
  return at;
}

// The point of the curve nearest to a place in the plot (both axes 0 to 1, precision measured in `tall` of recall's unit).
export function nearestPoint(curve: CurvePoint[], recall: number, precision: number, tall: number): number {
  let best = 0;
  let least = Infinity;
  curve.forEach((point, index) => {
    const distance = (point.recall - recall) ** 2 + ((point.precision - precision) * tall) ** 2;
    if (distance < least) {
      least = distance;
      best = index;
    }
  });
  return best;
}
