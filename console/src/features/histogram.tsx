// How the values spread, apart by what the events were found to be: of each label its own shares, so that few stand beside many.
import type { FeatureDefinition, FeatureValues } from '../api/contract';
import { Plot } from '../models/plot';
import { share } from '../words/number';
import { labelName, labels, number } from './labels';
import { ticksOf } from './scale';

export function Histogram({ feature, values }: { feature: FeatureDefinition; values: FeatureValues }) {
  const { low, high, counts } = values.histogram;
  const shown = labels.filter((label) => counts[label]?.some((one) => one > 0));
  if (shown.length === 0 || high <= low) return null;
  const shares = new Map(
    shown.map((label) => {
      const all = counts[label]?.reduce((sum, one) => sum + one, 0) ?? 1;
      return [label, counts[label]?.map((one) => one / all) ?? []];
    }),
  );
  const step = (high - low) / (shares.get(shown[0] ?? 'none')?.length ?? 1);
  const told = shown.map((label) => {
    const of = shares.get(label) ?? [];
    const at = of.indexOf(Math.max(...of));
    return `${labelName[label]}: most (${share(of[at] ?? 0)}) from ${number(low + at * step)} to ${number(low + (at + 1) * step)}`;
  });
  const most = Math.max(...[...shares.values()].flat());
  const y = ticksOf(0, most);
  const ticks = ticksOf(low, high).ticks.filter(({ at }) => at >= low && at <= high);
  return (
    <section class="section">
      <header class="section-head">
        <h3>Spread</h3>
        <span class="quiet">the share of each kind of events</span>
      </header>
      <Plot x={{ name: feature.unit, low, high, ticks }} y={{ name: 'share', low: 0, high: y.high, ticks: y.ticks.map(({ at }) => ({ at, text: `${Number((100 * at).toPrecision(3))} %` })) }} height={180} label={`How ${feature.name} spreads. ${told.join('. ')}`}>
        {(frame) => (
          <g aria-hidden="true">
            {shown.map((label, place) =>
              (shares.get(label) ?? []).map((one, index) => {
                const left = frame.x(low + index * step);
                const width = (frame.x(low + (index + 1) * step) - left - 1) / shown.length;
                return one > 0 && <rect key={`${label} ${index}`} class={`feature-${label}`} x={left + place * width} y={frame.y(one)} width={Math.max(1, width)} height={frame.y(0) - frame.y(one)} />;
              }),
            )}
          </g>
        )}
      </Plot>
    </section>
  );
}
