// The figures and curves of two runs. Intervals that do not overlap are a difference; the rest may be luck.
import type { Estimate, Figures, Run } from '../api/contract';
import { Table } from '../kit/table';
import { figure } from '../words/number';
import { shortId, wordsOf } from '../words/vocabulary';
import { EstimateView, figureLines } from './figures_table';
import { lineOf, percents, Plot } from './plot';

const figuresOf = ({ evaluation }: Run): Figures | undefined => evaluation?.model ?? evaluation?.figures;

function verdict(before: Estimate, after: Estimate): string {
  if (before.value === null || after.value === null) return '';
  const difference = after.value - before.value;
  const sign = difference > 0 ? '+' : '−';
  const apart = before.low !== null && before.high !== null && after.low !== null && after.high !== null && (after.low > before.high || after.high < before.low);
  return `${sign}${figure(Math.abs(difference))}${apart ? '' : ', may be luck'}`;
}

export function CompareFigures({ before, after }: { before: Run; after: Run }) {
  const one = figuresOf(before);
  const other = figuresOf(after);
  if (!one || !other) return <p class="quiet">Only runs that evaluated something have figures to compare.</p>;
  const words = wordsOf(after.domain);
  const sameTest = one.rows === other.rows && one.malicious === other.malicious;
  return (
    <section class="section">
      <header class="section-head">
        <h2>Figures</h2>
        {!sameTest && <span class="chip verdict-benign_positive">they were tested on different {words.many}</span>}
      </header>
      <div class="columns">
        <Table
          label="Figures"
          head={
            <>
              <th scope="col">Figure</th>
              <th scope="col"><code>{shortId(before.id)}</code></th>
              <th scope="col"><code>{shortId(after.id)}</code></th>
              <th scope="col">Difference</th>
            </>
          }
        >
          {figureLines.map(({ name, of }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td><EstimateView estimate={of(one)} /></td>
              <td><EstimateView estimate={of(other)} /></td>
              <td class="number">{verdict(of(one), of(other))}</td>
            </tr>
          ))}
        </Table>
        {one.curve && other.curve && (
          <div>
            <Plot
              x={{ name: `share of ${words.sought} found`, low: 0, high: 1, ticks: percents }}
              y={{ name: `share of alerts that are ${words.are}`, low: 0, high: 1, ticks: percents }}
              height={240}
              label="Precision over recall of both runs"
            >
              {(frame) => (
                <g aria-hidden="true">
                  <path class="line line-frozen" d={lineOf(frame, (one.curve ?? []).map((point) => [point.recall, point.precision]))} />
                  <path class="line line-model" d={lineOf(frame, (other.curve ?? []).map((point) => [point.recall, point.precision]))} />
                </g>
              )}
            </Plot>
            <p class="legend">
              <span class="legend-frozen">{shortId(before.id)}</span>
              <span class="legend-model">{shortId(after.id)}</span>
            </p>
          </div>
        )}
      </div>
    </section>
  );
}
