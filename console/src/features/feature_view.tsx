// One feature: its declaration, and its values over time and by what events were found to be.
import type { FeatureDefinition, FeaturePreview, FeatureSet, FeatureValues, RowLabel } from '../api/contract';
import { Ghost } from '../kit/notice';
import { Opened } from '../kit/opened';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { count, share } from '../words/number';
import { Histogram } from './histogram';
import { labelName, labels, number } from './labels';
import { yamlOf } from './yaml';
import { ValuesOverTime } from './values_over_time';

interface FeatureViewProps {
  feature: FeatureDefinition;
  set: FeatureSet;
  preview: FeaturePreview | null;
  replaying: boolean;
}

export function FeatureView({ feature, set, preview, replaying }: FeatureViewProps) {
  const values = preview?.features.find(({ name }) => name === feature.name);
  return (
    <Opened noun="feature" label="Feature" title={<code>{feature.name}</code>}>
      <p><Untrusted text={feature.meaning} /></p>
      {preview && values ? (
        preview.rows === 0 ? (
          <p class="quiet">No event of the domain is there to look at.</p>
        ) : (
          <>
            <ValuesOverTime feature={feature} values={values} preview={preview} />
            <Histogram feature={feature} values={values} />
            <Quantiles values={values} rows={preview.rows} />
          </>
        )
      ) : (
        replaying && <Ghost lines={6} />
      )}
      <section class="section">
        <header class="section-head"><h3>Declaration</h3><span class="quiet">of {set.groups.find(({ name }) => name === feature.group)?.title ?? feature.group}</span></header>
        <pre class="canonical" tabIndex={0} aria-label="Declaration"><Untrusted text={yamlOf(feature)} /></pre>
      </section>
    </Opened>
  );
}

const points = ['least', '5 %', '25 %', 'median', '75 %', '95 %', 'most'];

function Quantiles({ values, rows }: { values: FeatureValues; rows: number }) {
  const lines: [string, number, number, number[] | null][] = [['All', rows, values.present, values.quantiles]];
  for (const label of labels) {
    const of = values.by_label[label as RowLabel];
    if (of) lines.push([labelName[label], of.rows, of.present, of.quantiles]);
  }
  return (
    <Table
      label="Quantiles"
      kind="quantiles"
      head={
        <>
          <th scope="col">Events</th>
          <th scope="col" class="number">Rows</th>
          <th scope="col" class="number">Missing</th>
          {points.map((name) => <th key={name} scope="col" class="number">{name}</th>)}
        </>
      }
    >
      {lines.map(([name, all, present, quantiles]) => (
        <tr key={name}>
          <td>{name}</td>
          <td class="number">{count(all)}</td>
          <td class="number">{share(all === 0 ? null : 1 - present / all)}</td>
          {points.map((point, index) => <td key={point} class="number">{quantiles ? number(quantiles[index] ?? null) : '–'}</td>)}
        </tr>
      ))}
    </Table>
  );
}
