// How the model holds up month by month: trained again before each window, and never again.
import type { Evaluation, Month } from '../api/contract';
import { figure } from '../words/number';
import { type Frame, lineOf, Plot } from './plot';

const ticks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: at.toFixed(2) }));

// At most eight names below the axis.
const named = (months: Month[]): { at: number; text: string }[] => {
  const every = Math.ceil(months.length / 8);
  return months.map(({ month }, at) => ({ at, text: month })).filter((_, at) => at % every === 0);
};

function Line({ frame, months, name }: { frame: Frame; months: Month[]; name: 'model' | 'frozen' }) {
  const known = months.flatMap(({ average_precision }, at): [number, number][] => (average_precision === null ? [] : [[at, average_precision]]));
  return (
    <g>
      <path class={`line line-${name}`} d={lineOf(frame, known)} />
      {known.map(([at, value]) => (
        <circle key={at} class={`plot-dot dot-${name}`} cx={frame.x(at)} cy={frame.y(value)} r={3}>
          <title>{`${months[at]?.month}: ${figure(value)}`}</title>
        </circle>
      ))}
    </g>
  );
}

export function Decay({ evaluation }: { evaluation: Evaluation }) {
  const months = evaluation.months ?? [];
  const frozen = evaluation.months_frozen ?? [];
  if (months.length === 0) return null;
  return (
    <section class="section">
      <header class="section-head">
        <h2>Over time</h2>
        <span class="quiet">average precision by month</span>
      </header>
      <Plot
        x={{ name: '', low: -0.5, high: months.length - 0.5, ticks: named(months) }}
        y={{ name: 'average precision', low: 0, high: 1, ticks }}
        height={220}
        label={`Average precision by month. ${months.map(({ month, average_precision }, at) => `${month}: ${figure(average_precision)}, never trained again ${figure(frozen[at]?.average_precision)}`).join('. ')}`}
      >
        {(frame) => (
          <g aria-hidden="true">
            <Line frame={frame} months={frozen} name="frozen" />
            <Line frame={frame} months={months} name="model" />
          </g>
        )}
      </Plot>
      <p class="legend">
        <span class="legend-model">trained again before each window: {figure(evaluation.aut_average_precision)} over all months</span>
        <span class="legend-frozen">the first model, never trained again: {figure(evaluation.aut_average_precision_frozen)}</span>
      </p>
    </section>
  );
}
