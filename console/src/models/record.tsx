// The record of a run: what went in, what came out, and everything it takes to do it again.
import type { ArtifactRef, Run } from '../api/contract';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';
import { artifactName, shortId } from '../words/vocabulary';

function Artifacts({ title, list, none }: { title: string; list: ArtifactRef[]; none: string }) {
  return (
    <section class="section">
      <header class="section-head">
        <h2>{title}</h2>
      </header>
      {list.length === 0 ? (
        <p class="quiet">{none}</p>
      ) : (
        <ul class="artifacts">
          {list.map((ref) => (
            <li key={ref.kind + ref.digest}>
              <span>{artifactName[ref.kind] ?? ref.kind}</span>
              <Untrusted text={ref.name} class="quiet" />
              <a class="link digest" href={`/lineage/${ref.digest}`} title={ref.digest}>
                <code>{shortId(ref.digest)}</code>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

// {a: {b: 1}} as "a.b" and "1".
function flat(value: unknown, path: string): [string, string][] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
  return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
}

function Values({ title, values }: { title: string; values: Record<string, unknown> }) {
  const lines = flat(values, '').filter(([, text]) => text !== 'null');
  if (lines.length === 0) return null;
  return (
    <details class="section fold">
      <summary>
        <Icon name="chevron" size={12} /> <h2>{title}</h2> <span class="quiet">{lines.length} values</span>
      </summary>
      <table class="table">
        <tbody>
          {lines.map(([name, text]) => (
            <tr key={name}>
              <th scope="row"><code><Untrusted text={name} /></code></th>
              <td><Untrusted text={text} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Record({ run }: { run: Run }) {
  const code: [string, string][] = [
    ['Commit', run.code.commit || 'outside a repository'],
    ['Content', run.code.content_digest ?? 'unknown'],
    ['Build', run.build_id],
    ['Seed', run.seed],
  ];
  return (
    <>
      <div class="columns">
        <Artifacts title="Read" list={run.inputs} none="It read nothing that is on record." />
        <Artifacts title="Made" list={run.outputs} none="It made nothing." />
      </div>
      <section class="section">
        <header class="section-head">
          <h2>Code</h2>
          <span class="quiet">the record is signed, and its signature was verified just now</span>
        </header>
        <dl class="facts">
          {code.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd><code class="digest"><Untrusted text={value} /></code></dd>
            </div>
          ))}
        </dl>
      </section>
      <Values title="Parameters" values={run.parameters} />
      <Values title="Environment" values={run.environment} />
    </>
  );
}
