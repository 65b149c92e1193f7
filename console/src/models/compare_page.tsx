// Two runs beside each other: their figures and curves, and everything that is recorded differently.
import '../style/models.css';
import type { Run, RunDifference } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Icon } from '../kit/icon';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { pathPart } from '../shell/location';
import { dateTime, exactTime } from '../words/time';
import { domainOfRun, mayCompare, runKindName, shortId } from '../words/vocabulary';
import { CompareFigures } from './compare_figures';

interface Pair {
  before: Run;
  after: Run;
  difference: RunDifference;
}

async function read(one: string, other: string): Promise<Pair> {
  const [before, after, difference] = await Promise.all([api.getRun(one), api.getRun(other), api.compareRuns(one, other)]);
  return { before, after, difference };
}

export default function ComparePage() {
  const [one, other] = [pathPart(1), pathPart(2)];
  const { value, problem, reload } = useLoaded(`${one} ${other}`, () => read(one, other));
  const pair = value.value;
  return (
    <div class="page">
      <header class="page-head">
        <a class="button button-icon" href="/models" aria-label="All runs" title="All runs"><Icon name="back" /></a>
        <h1 class="page-title">Two runs compared</h1>
        <span class="stretch" />
        <a class="button" href={`/models/${other}/${one}`}>Swap</a>
      </header>
      {pair && !mayCompare(pair.before, pair.after) ? (
        <Notice icon="curve" title="Runs of two domains cannot be compared">
          <p>
            One is of {domainOfRun(pair.before) || 'every domain'}, the other of {domainOfRun(pair.after) || 'every domain'}: they measured different things on different events, and what would differ says nothing about
            either model.
          </p>
        </Notice>
      ) : pair ? (
        <>
          <CompareFigures before={pair.before} after={pair.after} />
          <Changes {...pair} />
        </>
      ) : problem.value ? (
        <ProblemNotice what="The runs could not be compared" problem={problem.value} retry={reload} />
      ) : (
        <Ghost lines={10} />
      )}
    </div>
  );
}

const RunName = ({ run }: { run: Run }) => (
  <>
    <a class="link" href={`/models/${run.id}`}>{runKindName[run.kind] ?? run.kind} <code>{shortId(run.id)}</code></a>{' '}
    <small class="quiet" title={exactTime(run.started)}>{dateTime(run.started)}</small>
  </>
);

function Changes({ before, after, difference }: Pair) {
  return (
    <section class="section">
      <header class="section-head">
        <h2>What was different</h2>
        <span class="quiet">code, data, parameters, seed, environment, metrics, outputs</span>
      </header>
      {difference.changes.length === 0 ? (
        <p class="quiet">The runs agree in everything that is recorded.</p>
      ) : (
        <Table
          label="What was different"
          kind="changes"
          head={
            <>
              <th scope="col">Field</th>
              <th scope="col"><RunName run={before} /></th>
              <th scope="col"><RunName run={after} /></th>
            </>
          }
        >
          {difference.changes.map((change) => (
            <tr key={change.field}>
              <th scope="row"><code><Untrusted text={change.field} /></code></th>
              <td>{change.before ? <Untrusted text={change.before} /> : <span class="quiet">–</span>}</td>
              <td>{change.after ? <Untrusted text={change.after} /> : <span class="quiet">–</span>}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
