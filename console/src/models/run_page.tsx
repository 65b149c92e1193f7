// One run: how good its model is, what another operating point would change, and where it comes from.
import '../style/models.css';
import type { Run } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { pathPart } from '../shell/location';
import { count } from '../words/number';
import { dateTime, exactTime, span } from '../words/time';
import { domainOfRun, runKindName, shortId, wordsOf } from '../words/vocabulary';
import { CalibrationPlot } from './calibration_plot';
import { Decay } from './decay';
import { FiguresTable } from './figures_table';
import { LeakProbesView } from './leak_probes';
import { OperatingPanel } from './operating_panel';
import { Record } from './record';
import { Slices } from './slices';

export default function RunPage() {
  const id = pathPart(1);
  const { value, problem, reload } = useLoaded(id, () => api.getRun(id));
  const run = value.value;
  return (
    <div class="page">
      {run ? <RunView run={run} /> : problem.value ? <ProblemNotice what="The run could not be read" problem={problem.value} retry={reload} /> : <Ghost lines={12} />}
    </div>
  );
}

function Head({ run }: { run: Run }) {
  const newest = run.bundles[0];
  return (
    <header class="page-head">
      <a class="button button-icon" href="/models" aria-label="All runs" title="All runs"><Icon name="back" /></a>
      <h1 class="page-title">{runKindName[run.kind] ?? run.kind}</h1>
      <span>{domainOfRun(run)}</span>
      <code class="quiet">{run.id}</code>
      <span class={`chip ${run.status === 'succeeded' ? 'auth-good' : 'auth-bad'}`}>{run.status}</span>
      <span class="quiet" title={exactTime(run.started)}>
        {dateTime(run.started)} by <Untrusted text={run.actor} />, {span(Date.parse(run.ended) - Date.parse(run.started))}
      </span>
      <span class="stretch" />
      {newest && <a class="button" href={`/deployments?bundle=${newest.id}`}><Icon name="promote" /> {`Bundle ${shortId(newest.id)}`}</a>}
      <a class="button" href={`/lineage/${run.id}`}><Icon name="lineage" /> Lineage</a>
    </header>
  );
}

function RunView({ run }: { run: Run }) {
  const evaluation = run.evaluation;
  const model = evaluation?.model ?? evaluation?.figures;
  const words = wordsOf(run.domain);
  return (
    <>
      <Head run={run} />
      {run.failure && <p class="failure" role="alert"><Icon name="alert" /> <Untrusted text={run.failure} /></p>}
      {evaluation?.seen_in_training ? (
        <p class="failure">
          <Icon name="warning" /> The model was trained on {count(evaluation.seen_in_training)} of these {words.many}: the numbers flatter it.
        </p>
      ) : null}
      {evaluation && model && (
        <>
          {evaluation.probes && <LeakProbesView probes={evaluation.probes} words={words} />}
          <FiguresTable model={model} baseline={evaluation.baseline} words={words} />
          {model.curve ? (
            <OperatingPanel run={run} evaluation={evaluation} model={model} />
          ) : (
            <section class="section">
              <header class="section-head"><h2>Operating point</h2></header>
              <p class="quiet">
                This run was recorded before runs kept their curve. <code>winnow evaluate</code> or another training makes one that can be tried at every
                threshold.
              </p>
            </section>
          )}
          <div class="columns">
            <CalibrationPlot model={model} words={words} />
            <Decay evaluation={evaluation} />
          </div>
          <Slices slices={evaluation.slices ?? []} words={words} threshold={evaluation.model ? 'at the threshold of 1 % false positives over all' : 'at a probability of 0.5'} />
        </>
      )}
      <Record run={run} />
    </>
  );
}
