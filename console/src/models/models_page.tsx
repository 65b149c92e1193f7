// Every run with how good its model was: trainings, evaluations, imports. Two of them can be compared.
import '../style/models.css';
import { useSignal } from '@preact/signals';
import type { RunSummary } from '../api/contract';
import * as api from '../api/endpoints';
import { Key } from '../kit/key';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { usePages } from '../kit/use_pages';
import { go, goQuery, query } from '../shell/location';
import { useShortcuts } from '../shell/shortcuts';
import { ago, exactTime, now } from '../words/time';
import { domainOfRun, mayCompare, runKindName, shortId } from '../words/vocabulary';
import { EstimateView } from './figures_table';

const kinds = ['train', 'train_novelty', 'evaluate', 'model_import', 'intel_import'];

export default function ModelsPage() {
  const { pages, problem, more } = usePages(['kind'], api.getRuns);
  const list = pages.value?.flatMap(({ runs }) => runs) ?? null;
  const chosen = useSignal<readonly string[]>([]); // at most two, for comparing
  const kind = query.value.get('kind') ?? '';
  const choose = (id: string) => {
    const before = chosen.peek();
    chosen.value = before.includes(id) ? before.filter((other) => other !== id) : [...before.slice(-1), id];
  };
  const [before, after] = chosen.value.map((id) => list?.find((run) => run.id === id));
  const whyNot = !before || !after ? 'Choose two runs' : mayCompare(before, after) ? '' : 'Runs of two domains measured different things: choose two of one';
  const compare = () => {
    const [one, other] = chosen.peek();
    if (one && other && whyNot === '') go(`/models/${one}/${other}`);
  };
  useShortcuts('Models', [{ keys: 'c', says: 'Compare the two chosen runs', run: compare }]);

  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Models</h1>
        <span class="quiet">what was trained, evaluated and imported, and how good it was</span>
        <span class="stretch" />
        <select class={`choice ${kind ? 'choice-set' : ''}`} aria-label="Kind" value={kind} onChange={(event) => goQuery({ kind: event.currentTarget.value || null })}>
          <option value="">Every kind</option>
          {kinds.map((one) => <option key={one} value={one}>{runKindName[one]}</option>)}
        </select>
        <button class="button" disabled={whyNot !== ''} title={whyNot} onClick={compare}>
          Compare <Key keys="c" />
        </button>
      </header>
      {problem.value ? (
        <ProblemNotice what="The runs could not be read" problem={problem.value} retry={more} />
      ) : list === null ? (
        <Ghost lines={8} />
      ) : list.length === 0 ? (
        <Notice icon="curve" title={kind ? 'No run of this kind' : 'Nothing was trained yet'}>
          <p><code>winnow train mail</code> learns from labelled mail, and likewise in the other domains. Each run is kept here with everything that explains it.</p>
        </Notice>
      ) : (
        <>
          <Runs list={list} chosen={chosen.value} choose={choose} />
          {chosen.value.length === 2 && whyNot && <p class="quiet" role="status">{whyNot}.</p>}
          {pages.value?.at(-1)?.next && <button class="button more-button" onClick={more}>Older runs</button>}
        </>
      )}
    </div>
  );
}

interface RunsProps {
  list: RunSummary[];
  chosen: readonly string[];
  choose: (id: string) => void;
}

function Runs({ list, chosen, choose }: RunsProps) {
  return (
    <Table
      label="Runs"
      kind="runs"
      head={
        <>
          <th scope="col"><span class="unseen">Compare</span></th>
          <th scope="col">Run</th>
          <th scope="col">When</th>
          <th scope="col">Average precision</th>
          <th scope="col">Recall at 0.1 % FPR</th>
          <th scope="col">Recall at 1 % FPR</th>
          <th scope="col">Plain baseline</th>
        </>
      }
    >
      {list.map((run) => (
        <tr key={run.id}>
          <td>
            <input type="checkbox" class="check" aria-label={`Compare ${run.id}`} checked={chosen.includes(run.id)} onChange={() => choose(run.id)} />
          </td>
          <td>
            <a class="link" href={`/models/${run.id}`}>{runKindName[run.kind] ?? run.kind} <code>{shortId(run.id)}</code></a>{' '}
            <small class="quiet">{domainOfRun(run)}</small>
            {run.status === 'failed' && (
              <p class="run-failure"><span class="chip auth-bad">failed</span> <Untrusted text={run.failure} class="quiet" /></p>
            )}
          </td>
          <td title={exactTime(run.started)}>
            {ago(run.started, now.value)} <small class="quiet">by <Untrusted text={run.actor} /></small>
          </td>
          <td><EstimateView estimate={run.figures?.model.average_precision} /></td>
          <td><EstimateView estimate={run.figures?.model.recall_at_fpr_0_1_percent} /></td>
          <td><EstimateView estimate={run.figures?.model.recall_at_fpr_1_percent} /></td>
          <td><EstimateView estimate={run.figures?.baseline?.average_precision} /></td>
        </tr>
      ))}
    </Table>
  );
}
