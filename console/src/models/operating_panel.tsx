// The operating point: what would change if people were told from another threshold on. One curve: that of the run's figures.
import { useSignal } from '@preact/signals';
import type { Evaluation, Figures, OperatingPoint, Run } from '../api/contract';
import { Figure } from '../kit/figure';
import { goQuery, query } from '../shell/location';
import { about, share } from '../words/number';
import { capital, type DomainWords, shortId, wordsOf } from '../words/vocabulary';
import { decimals, measuredOn, outcomeOf, pointAt, type Outcome, type Share, shareOf, threshold, type Workload, workloadOf } from './operating';
import { PrecisionRecall } from './precision_recall';

const duration = (minutes: number): string => (minutes < 90 ? `${about(minutes)} minutes` : `${about(minutes / 60)} hours`);

const sentence = (outcome: Outcome, { sought }: DomainWords): string =>
  `${about(outcome.alertsADay)} alerts a day, ${about(outcome.missedOfThousand)} of 1,000 ${sought} missed, ${duration(outcome.minutesADay)} of analysts a day`;

// "12 more", "3 fewer": against what the policy does.
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

// What a point does, with how far it could be off.
function Intervals({ recall, falsePositives, words }: { recall: Share; falsePositives: Share; words: DomainWords }) {
  const range = ({ low, high }: Share) => `${share(low)} to ${share(high)}`;
  return (
    <p class="quiet">
      Found in the test: <span class="number">{share(recall.value)}</span> of {words.sought} (95 % interval {range(recall)}); false alarms:{' '}
      <span class="number">{share(falsePositives.value)}</span> of the others ({range(falsePositives)}).
    </p>
  );
}

// Another measurement on other rows: no point of this curve.
function Suggested({ point }: { point: OperatingPoint | undefined }) {
  if (!point) return null;
  return (
    <p class="quiet">
      Training suggested to read from {decimals(point.close)} up and to raise an alert from {decimals(point.alert)}, by its own rows (out of fold) and the costs it was
      given. The policy does not follow that by itself, and it is no point of this curve.
    </p>
  );
}

export function OperatingPanel({ run, evaluation, model }: { run: Run; evaluation: Evaluation; model: Figures }) {
  const words = wordsOf(run.domain);
  const curve = model.curve ?? [];
  const ofPolicy = threshold(run.policy);
  const chosen = ofPolicy === null ? null : pointAt(curve, ofPolicy);
  const wanted = Number(query.value.get('threshold') ?? Number.NaN);
  const moved = !Number.isNaN(wanted);
  const at = moved ? pointAt(curve, wanted) : (chosen ?? Math.floor(curve.length / 2));
  const workload = useSignal(workloadOf(run));
  const point = curve[at];
  if (!point) return null;
  const from = !moved && ofPolicy !== null ? ofPolicy : point.threshold;
  const outcome = outcomeOf(point, workload.value);
  const recall = shareOf(point.recall, model.malicious);
  const falsePositives = shareOf(point.false_positive_rate, model.rows - model.malicious);
  const least = outcomeOf({ recall: recall.low, false_positive_rate: falsePositives.low }, workload.value);
  const most = outcomeOf({ recall: recall.high, false_positive_rate: falsePositives.high }, workload.value);
  const before = chosen === null ? null : outcomeOf(curve[chosen] ?? point, workload.value);
  const marks = (run.policy?.routes ?? []).filter(({ from: least }) => least > 0).map(({ route, from: least }) => ({ name: `the policy's ${route} from ${decimals(least)}`, at: pointAt(curve, least) }));
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
            {marks.length > 0 && <span class="legend-mark">thresholds of the policy</span>}
          </p>
          <p class="quiet operating-rows">
            Measured on {measuredOn(evaluation, model, words.many, words.are)}. Rules, which may decide otherwise, are left out.
          </p>
        </div>
        <div class="operating-words">
          <p class="operating-lead" aria-live="polite">
            Telling people from a probability of <strong class="number">{decimals(from)}</strong> up{!moved && ofPolicy !== null && ', as the policy does,'} means
          </p>
          <dl class="figures operating-figures">
            <Figure name="Alerts" value={about(outcome.alertsADay)} note={`a day (${about(least.alertsADay)} to ${about(most.alertsADay)}), ${about(outcome.falseAlarmsADay)} of them false`} />
            <Figure name="Missed" value={about(outcome.missedOfThousand)} note={`of 1,000 ${words.sought} (${about(most.missedOfThousand)} to ${about(least.missedOfThousand)})`} />
            <Figure name="Work" value={duration(outcome.minutesADay)} note="of analysts a day" />
            <Figure name="Worth it" value={share(outcome.precision)} note={`of alerts are ${words.are}`} />
          </dl>
          <Intervals recall={recall} falsePositives={falsePositives} words={words} />
          {before && at !== chosen && (
            <p class="quiet">
              Against the policy: {change(outcome.alertsADay, before.alertsADay, 'alerts a day')},{' '}
              {change(outcome.missedOfThousand, before.missedOfThousand, 'missed of 1,000')},{' '}
              {change(outcome.minutesADay, before.minutesADay, 'minutes a day')}.{' '}
              <button class="text-button" onClick={() => goQuery({ threshold: null })}>Go back to it</button>
            </p>
          )}
          <WorkloadFields workload={workload.value} words={words} change={(to) => (workload.value = to)} />
          <p class="quiet">
            {run.policy ? (
              <>
                The thresholds are those of bundle <code>{shortId(run.policy.bundle)}</code>.{' '}
              </>
            ) : (
              <>No bundle holds this model yet, so no policy decides by it. </>
            )}
            To decide so, set the <code>queue</code> route in <code>content/policies/{run.domain}.yaml</code> to <code>from: {decimals(from)}</code>, build a bundle, and promote it.
          </p>
          <Suggested point={evaluation.operating_point} />
        </div>
      </div>
    </section>
  );
}
