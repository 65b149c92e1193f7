// Where something comes from, back to data and code: as a graph where there is room for one, and in words.
import '../style/lineage.css';
import type { Lineage } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { pathPart } from '../shell/location';
import { dateTime, exactTime } from '../words/time';
import { shortId } from '../words/vocabulary';
import { LineageGraph } from './lineage_graph';
import { describe, kindName, placeOf } from './node_words';
import { outline, type OutlineLine } from './outline';

export default function LineagePage() {
  const id = pathPart(1);
  const { value, problem, reload } = useLoaded(id, () => api.getLineage(id));
  const graph = value.value;
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Lineage</h1>
        <code class="quiet" title={id}>{shortId(id)}</code>
        <span class="quiet">what it came of is below it, back to data and code</span>
      </header>
      {graph ? (
        <>
          <LineageGraph graph={graph} />
          <InWords graph={graph} />
        </>
      ) : problem.value ? (
        <ProblemNotice what="Its lineage could not be read" problem={problem.value} retry={reload} />
      ) : (
        <Ghost lines={8} />
      )}
    </div>
  );
}

// The same in words: for readers who cannot see the graph, for narrow windows, and for looking up when something was made.
function InWords({ graph }: { graph: Lineage }) {
  return (
    <section class="section">
      <header class="section-head"><h2>In words</h2></header>
      <ul class="outline">
        {outline(graph).map((line, index) => (
          <Told key={index} line={line} start={line.node.id === graph.start && !line.again} />
        ))}
      </ul>
    </section>
  );
}

const deepest = 8; // deeper lines are no further to the right

function Told({ line: { node, depth, how, again }, start }: { line: OutlineLine; start: boolean }) {
  const place = start ? null : placeOf(node);
  const name = <Untrusted text={describe(node)} />;
  return (
    <li class={`outline-line ${start ? 'row-marked' : ''}`} style={{ '--depth': String(Math.min(depth, deepest)) }}>
      <span class="outline-what">
        {depth > 0 && <span class="unseen">Step {depth}: </span>}
        {how && <span class="quiet">{how} </span>}
        <span class="outline-kind">{kindName(node)}</span> {place ? <a class="link" href={place}>{name}</a> : name}
        {again && <span class="quiet"> (told above)</span>}
      </span>
      {node.at && !again && <time class="quiet outline-time" title={exactTime(node.at)}>{dateTime(node.at)}</time>}
    </li>
  );
}
