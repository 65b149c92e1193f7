// The figures of a model with their intervals, and the plain baseline beside them.
import type { Estimate, Figures } from '../api/contract';
import { Table } from '../kit/table';
import { count, figure } from '../words/number';
import type { DomainWords } from '../words/vocabulary';

export function EstimateView({ estimate }: { estimate: Estimate | undefined }) {
  if (!estimate || estimate.value === null) return <span class="quiet">–</span>;
  return (
    <span class="estimate">
      {figure(estimate.value)}{' '}
      {estimate.low !== null && estimate.high !== null && (
        <small class="quiet" title="95 % interval">
          {figure(estimate.low)}–{figure(estimate.high)}
        </small>
      )}
    </span>
  );
}

export const figureLines: { name: string; of: (figures: Figures) => Estimate }[] = [
  { name: 'Average precision', of: (figures) => figures.average_precision },
  { name: 'Recall at 0.1 % false positives', of: (figures) => figures.recall_at_fpr_0_1_percent },
  { name: 'Recall at 1 % false positives', of: (figures) => figures.recall_at_fpr_1_percent },
  { name: 'Recall of what a day has room for', of: (figures) => figures.recall_at_daily_alerts },
  { name: 'ROC AUC', of: (figures) => figures.roc_auc },
];

export function FiguresTable({ model, baseline, words }: { model: Figures; baseline: Figures | undefined; words: DomainWords }) {
  return (
    <section class="section">
      <header class="section-head">
        <h2>Figures</h2>
        <span class="quiet">
          {count(model.rows)} {words.many} tested, {count(model.malicious)} of them {words.are}; with 95 % intervals
        </span>
      </header>
      <Table
        label="Figures"
        head={
          <>
            <th scope="col">Figure</th>
            <th scope="col">This model</th>
            {baseline && <th scope="col">Plain baseline</th>}
          </>
        }
      >
        {figureLines.map(({ name, of }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td><EstimateView estimate={of(model)} /></td>
            {baseline && <td><EstimateView estimate={of(baseline)} /></td>}
          </tr>
        ))}
      </Table>
    </section>
  );
}
