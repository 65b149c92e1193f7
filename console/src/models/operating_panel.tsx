// The operating point: what would change if people were told from another threshold on.
import { useSignal } from '@preact/signals';
import type { Evaluation, Figures, Run } from '../api/contract';
import { Figure } from '../kit/figure';
import { goQuery, query } from '../shell/location';
import { about, count, share } from '../words/number';
import { capital, type DomainWords, wordsOf } from '../words/vocabulary';
import { decimals, outcomeOf, pointAt, type Outcome, type Workload, workloadOf } from './operating';
import { PrecisionRecall } from './precision_recall';

const duration = (minutes: number): string => (minutes < 90 ? `${about(minutes)} minutes` : `${about(minutes / 60)} hours`);

const sentence = (outcome: Outcome, { sought }: DomainWords): string =>
  `${about(outcome.alertsADay)} alerts a day, ${about(outcome.missedOfThousand)} of 1,000 ${sought} missed, ${duration(outcome.minutesADay)} of analysts a day`;

// "12 more", "3 fewer": against what training chose.
function change(now: number, then: number, unit: string): string {
  const difference = now - then;
  return Math.abs(difference) < 0.05 ? `as many ${unit}` : `${about(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'} ${unit}`;
}

interface WorkloadFieldsProps {
  workload: Workload;
  words: DomainWords;
  change: (workload: Workload) => void;
}
function WorkloadFields({ workload, words, change }: WorkloadFieldsProps) {
  const field = (name: string, value: number, unit: string, least: number, most: number, set: (value: number) => Workload) => (
    <label>
      {name}
      <span class="workload-field">
        <input
          class="field number"
          type="number"
          inputMode="decimal"
          step="any"
          min={least}
          max={most}
          value={value}
          onInput={(event) => {
            const wanted = event.currentTarget.valueAsNumber;
            if (wanted >= least && wanted <= most) change(set(wanted));
          }}
        />
        {unit}
      </span>
    </label>
  );
  return (
    <div class="workload">
      {field(capital(words.many), workload.eventsADay, 'a day', 1, 1e9, (eventsADay) => ({ ...workload, eventsADay }))}
      {field(`${capital(words.are)} among them`, Number((workload.share * 100).toPrecision(6)), '%', 0.000001, 99, (percents) => ({ ...workload, share: percents / 100 }))}
      {field('An alert takes', workload.minutes, 'minutes', 0, 1000, (minutes) => ({ ...workload, minutes }))}
    </div>
  );
}

export function OperatingPanel({ run, evaluation, model }: { run: Run; evaluation: Evaluation; model: Figures }) {
  const words = wordsOf(run.domain);
  const curve = model.curve ?? [];
  const chosen = evaluation.operating_point ? pointAt(curve, evaluation.operating_point.close) : null;
  const wanted = Number(query.value.get('threshold') ?? Number.NaN);
  const at = Number.isNaN(wanted) ? (chosen ?? Math.floor(curve.length / 2)) : pointAt(curve, wanted);
  const workload = useSignal(workloadOf(run));
  const point = curve[at];
  if (!point) return null;
  const outcome = outcomeOf(point, workload.value);
  const before = chosen === null ? null : outcomeOf(curve[chosen] ?? point, workload.value);
  const marks = [
    ...(chosen === null ? [] : [{ name: 'chosen in training: people read from here up', at: chosen }]),
    ...(evaluation.operating_point ? [{ name: 'chosen in training: an alert from here up', at: pointAt(curve, evaluation.operating_point.alert) }] : []),
  ];
  return (
    <section class="section">
      <header class="section-head">
        <h2>Operating point</h2>
        <span class="quiet">drag the point, or focus it and use the arrow keys</span>
      </header>
      <div class="operating">
        <div>
          <PrecisionRecall
            curve={curve}
            baseline={evaluation.baseline?.curve ?? []}
            marks={marks}
            at={at}
            words={words}
            says={sentence(outcome, words)}
            move={(to) => goQuery({ threshold: String(curve[to]?.threshold ?? '') })}
          />
          <p class="legend" aria-hidden="true">
            <span class="legend-model">this model</span>
            {evaluation.baseline?.curve && <span class="legend-baseline">plain baseline</span>}
            {chosen !== null && <span class="legend-mark">chosen in training</span>}
          </p>
        </div>
        <div class="operating-words">
          <p class="operating-lead" aria-live="polite">
            Telling people from a probability of <strong class="number">{decimals(point.threshold)}</strong> up means
          </p>
          <dl class="figures operating-figures">
            <Figure name="Alerts" value={about(outcome.alertsADay)} note={`a day, ${about(outcome.falseAlarmsADay)} of them false`} />
            <Figure name="Missed" value={about(outcome.missedOfThousand)} note={`of 1,000 ${words.sought}`} />
            <Figure name="Work" value={duration(outcome.minutesADay)} note="of analysts a day" />
            <Figure name="Worth it" value={share(outcome.precision)} note={`of alerts are ${words.are}`} />
          </dl>
          {before && at !== chosen && (
            <p class="quiet">
              Against the point that training chose: {change(outcome.alertsADay, before.alertsADay, 'alerts a day')},{' '}
              {change(outcome.missedOfThousand, before.missedOfThousand, 'missed of 1,000')},{' '}
              {change(outcome.minutesADay, before.minutesADay, 'minutes a day')}.{' '}
              <button class="text-button" onClick={() => goQuery({ threshold: null })}>Go back to it</button>
            </p>
          )}
          <WorkloadFields workload={workload.value} words={words} change={(to) => (workload.value = to)} />
          <p class="quiet">
            As measured on {count(model.rows)} {words.many} of the test, {count(model.malicious)} of them {words.are}. To decide so, set the <code>queue</code> route in{' '}
            <code>content/policies/{run.domain}.yaml</code> to <code>from: {decimals(point.threshold)}</code>, build a bundle, and promote it.
          </p>
        </div>
      </div>
    </section>
  );
}
