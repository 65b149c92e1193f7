// What parts of the events suffer at a threshold that was chosen on all of them.
import type { Slice } from '../api/contract';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { count, figure, share } from '../words/number';
import { capital, type DomainWords } from '../words/vocabulary';

function Meter({ value, bad }: { value: number | null; bad: boolean }) {
  if (value === null) return <span class="quiet">–</span>;
  return (
    <span class="rate">
      <svg class="meter-bar" width="48" height="6" aria-hidden="true">
        <rect class="meter-off" width="48" height="6" rx="3" />
        <rect class={bad ? 'meter-bad' : 'meter-on'} width={48 * Math.min(1, value)} height="6" rx="3" />
      </svg>
      {share(value)}
    </span>
  );
}

export function Slices({ slices, words, threshold }: { slices: Slice[]; words: DomainWords; threshold: string }) {
  if (slices.length === 0) return null;
  return (
    <section class="section">
      <header class="section-head">
        <h2>Slices</h2>
        <span class="quiet">{threshold}</span>
      </header>
      <Table
        label="Slices"
        head={
          <>
            <th scope="col">Slice</th>
            <th scope="col" class="number">{capital(words.many)}</th>
            <th scope="col" class="number">{capital(words.are)}</th>
            <th scope="col">Found</th>
            <th scope="col">False alarms</th>
            <th scope="col" class="number">Average precision</th>
          </>
        }
      >
        {slices.map((slice) => (
          <tr key={slice.name}>
            <td><Untrusted text={slice.name} /></td>
            <td class="number">{count(slice.rows)}</td>
            <td class="number">{count(slice.malicious)}</td>
            <td><Meter value={slice.recall} bad={false} /></td>
            <td><Meter value={slice.false_positive_rate} bad /></td>
            <td class="number">{figure(slice.average_precision)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
