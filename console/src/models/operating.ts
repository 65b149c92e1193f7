// What a threshold would mean where events are as many, and as often malicious, as somebody expects. Rates of the test carry
// over; its share of malicious ones does not, so everything that depends on it is computed anew.
import type { CurvePoint, Run } from '../api/contract';

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
