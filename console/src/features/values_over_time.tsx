// Each dot an event: when it happened, and the feature's value then. The line goes through the medians of equal times, of those
// not found malicious: of the others there are as many as one wants to see, not as many as came.
import type { FeatureDefinition, FeaturePreview, FeatureValues, RowLabel } from '../api/contract';
import { lineOf, Plot } from '../models/plot';
import { count } from '../words/number';
import { dateTime } from '../words/time';
import { labelName, labels, number } from './labels';
import { medians, ticksOf, timeTicks } from './scale';

interface Dot {
  time: number;
  value: number;
  label: RowLabel;
}

export function ValuesOverTime({ feature, values, preview }: { feature: FeatureDefinition; values: FeatureValues; preview: FeaturePreview }) {
  const dots: Dot[] = values.sample.flatMap((value, index) =>
    value === null ? [] : [{ time: Date.parse(preview.sample.time[index] ?? ''), value, label: preview.sample.label[index] ?? 'none' }],
  );
  if (dots.length === 0) return <p class="quiet">None of these events has it.</p>;
  const times = dots.map(({ time }) => time);
  const y = ticksOf(Math.min(...dots.map(({ value }) => value)), Math.max(...dots.map(({ value }) => value)));
  const x = timeTicks(Math.min(...times), Math.max(...times));
  const told = `${feature.name} over time: ${dots.length} of ${preview.rows} events from ${dateTime(preview.sample.time[0] ?? null)} to ${dateTime(preview.sample.time.at(-1) ?? null)}, values from ${number(y.least)} to ${number(y.most)}`;
  return (
    <section class="section">
      <header class="section-head">
        <h3>Over time</h3>
        <span class="quiet">{dots.length < preview.rows ? `${count(dots.length)} of ${count(preview.rows)} events, up to half of them malicious` : 'every event a dot'}</span>
      </header>
      <Plot x={{ name: 'event time', low: x.low, high: x.high, ticks: x.ticks }} y={{ name: feature.unit, low: y.low, high: y.high, ticks: y.ticks }} height={230} label={told}>
        {(frame) => (
          <g aria-hidden="true">
            {labels.map((label) =>
              dots.filter((dot) => dot.label === label).map((dot, index) => (
                <circle key={`${label} ${index}`} class={`feature-dot feature-${label}`} cx={frame.x(dot.time)} cy={frame.y(dot.value)} r={label === 'malicious' ? 3 : 2.5}>
                  <title>{`${number(dot.value)} on ${dateTime(new Date(dot.time).toISOString())}: ${labelName[label].toLowerCase()}`}</title>
                </circle>
              )),
            )}
            <path class="line feature-median" d={lineOf(frame, medians(dots.filter(({ label }) => label !== 'malicious'), 24))} />
          </g>
        )}
      </Plot>
      <Legend shown={labels.filter((label) => dots.some((dot) => dot.label === label))} />
    </section>
  );
}

function Legend({ shown }: { shown: RowLabel[] }) {
  return (
    <p class="feature-legend">
      {shown.map((label) => <span key={label} class={`feature-key feature-key-${label}`}>{labelName[label]}</span>)}
      <span class="feature-key feature-key-median">Median, but for the malicious</span>
    </p>
  );
}
