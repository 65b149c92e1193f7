// What could make the figures look better than they are: models that should know nothing, and what they know.
import type { LeakProbes } from '../api/contract';
import { Icon } from '../kit/icon';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { figure, plural } from '../words/number';
import type { DomainWords } from '../words/vocabulary';

// Half of what there is to know above knowing nothing: above it learn/leak_probes.cc warns.
export const boundOf = (prevalence: number | null): number | null => (prevalence === null ? null : prevalence + (1 - prevalence) / 2);
const knowsTooMuch = (value: number | null, prevalence: number | null): boolean => value !== null && value > (boundOf(prevalence) ?? 1);

const sourceTold = 0.95;

export function LeakProbesView({ probes, words }: { probes: LeakProbes; words: DomainWords }) {
  const lines: { name: string; value: number | null; meaning: string; warns: boolean }[] = [
    { name: 'Labels dealt out at random', value: probes.shuffled_labels, meaning: `should be about the share of ${words.sought}: else the test leaks into training`, warns: true },
    { name: 'Identifiers only', value: probes.identifiers_only, meaning: 'likewise', warns: true },
    { name: 'Missing values only', value: probes.missing_only, meaning: 'above it, what a source does not record tells its label', warns: true },
    { name: 'A split that ignores time', value: probes.shuffled_time, meaning: 'what it gains over the real split is owed to knowing the future', warns: false },
  ];
  const prevalenceTold = probes.prevalence !== null;
  const told = probes.sources.filter(({ auc }) => auc !== null && auc > sourceTold);
  return (
    <section class="section">
      <header class="section-head">
        <h2>Leak probes</h2>
        <span class="quiet">average precision of models that should know nothing; knowing nothing gives {figure(probes.prevalence)}</span>
      </header>
      <Table label="Leak probes">
        {lines.map(({ name, value, meaning, warns }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number">{figure(value)}</td>
            <td>
              {warns && (
                <span class={`chip ${knowsTooMuch(value, probes.prevalence) ? 'auth-bad' : 'auth-good'}`}>
                  <Icon name={knowsTooMuch(value, probes.prevalence) ? 'warning' : 'check'} size={12} />{' '}
                  {knowsTooMuch(value, probes.prevalence) ? 'knows too much' : 'quiet'}
                </span>
              )}
            </td>
            <td class="quiet number">{warns && prevalenceTold && `warns above ${figure(boundOf(probes.prevalence))}`}</td>
            <td class="quiet">{meaning}</td>
          </tr>
        ))}
      </Table>
      {told.length > 0 && (
        <p class="quiet">
          {plural(told.length, 'source')} of {probes.sources.length} can be told from the others of its class almost surely (
          {told.slice(0, 6).map(({ source }, index) => (
            <>
              {index > 0 && ', '}
              <Untrusted text={source} />
            </>
          ))}
          {told.length > 6 && ', …'}): trust splits that hold sources out.
        </p>
      )}
    </section>
  );
}
