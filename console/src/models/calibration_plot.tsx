// Whether 0.9 means nine in ten: each dot is an equal part of the test, in order of probability.
import type { Figures, ReliabilityBin } from '../api/contract';
import { figure, plural, share } from '../words/number';
import type { DomainWords } from '../words/vocabulary';
import { lineOf, percents, Plot } from './plot';

const tell = (bin: ReliabilityBin, { one, are }: DomainWords): string =>
  `${plural(bin.rows, one)} said to be ${are} with ${share(bin.mean_probability)}: ${share(bin.share_malicious)} are`;

export function CalibrationPlot({ model, words }: { model: Figures; words: DomainWords }) {
  const told = (bin: ReliabilityBin) => tell(bin, words);
  const bins = model.reliability ?? [];
  return (
    <section class="section">
      <header class="section-head">
        <h2>Calibration</h2>
        <span class="quiet">Brier score {figure(model.brier)}, calibration error {figure(model.calibration_error)}</span>
      </header>
      {bins.length === 0 ? (
        <p class="quiet">This run kept no calibration bins.</p>
      ) : (
        <Plot
          x={{ name: 'probability that the model gave', low: 0, high: 1, ticks: percents }}
          y={{ name: `share that was ${words.are}`, low: 0, high: 1, ticks: percents }}
          height={260}
          label={`Calibration. ${bins.map(told).join('. ')}`}
        >
          {(frame) => (
            <g aria-hidden="true">
              <path class="line line-ideal" d={lineOf(frame, [[0, 0], [1, 1]])} />
              <path class="line line-model" d={lineOf(frame, bins.map((bin) => [bin.mean_probability, bin.share_malicious]))} />
              {bins.map((bin, index) => (
                <circle key={index} class="plot-dot" cx={frame.x(bin.mean_probability)} cy={frame.y(bin.share_malicious)} r={4}>
                  <title>{told(bin)}</title>
                </circle>
              ))}
            </g>
          )}
        </Plot>
      )}
    </section>
  );
}
