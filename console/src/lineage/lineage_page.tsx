// Where something comes from, as a graph from the decision back to data and code.
import '../style/lineage.css';
import type { Lineage, LineageNode } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { pathPart } from '../shell/location';
import { dateTime, exactTime } from '../words/time';
import { shortId } from '../words/vocabulary';
import { layout, type Placed } from './layout';
import { describe, kindName, placeOf } from './node_words';

const step = { x: 236, y: 74 };
const card = { width: 196, height: 58 };
const edge = 8; // around all

export default function LineagePage() {
  const id = pathPart(1);
  const { value, problem, reload } = useLoaded(id, () => api.getLineage(id));
  const graph = value.value;
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Lineage</h1>
        <code class="quiet">{shortId(id)}</code>
        <span class="quiet">what it came of, to the right, back to data and code</span>
      </header>
      {graph ? (
        <>
          <Graph graph={graph} />
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

const leftOf = ({ column }: Placed): number => edge + column * step.x;
const topOf = ({ row }: Placed): number => edge + row * step.y;

function Graph({ graph }: { graph: Lineage }) {
  const placed = layout(graph);
  const byId = new Map(placed.map((one) => [one.node.id, one]));
  const width = Math.max(...placed.map(leftOf)) + card.width + edge;
  const height = Math.max(...placed.map(topOf)) + card.height + edge;
  return (
    <div class="lineage" tabIndex={0} role="region" aria-label="Graph" data-scrolls>
      <svg width={width} height={height} >
        <g aria-hidden="true">
        {graph.edges.map(({ from, to, how }) => {
          const [one, other] = [byId.get(from), byId.get(to)];
          if (!one || !other) return null;
          const [x1, y1, x2, y2] = [leftOf(one) + card.width, topOf(one) + card.height / 2, leftOf(other), topOf(other) + card.height / 2];
          const bend = Math.max(20, (x2 - x1) / 2);
          return (
            <path key={`${from} ${to}`} class="lineage-edge" d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}>
              <title>{how}</title>
            </path>
          );
        })}
        </g>
        {placed.map((one) => (
          <foreignObject key={one.node.id} x={leftOf(one)} y={topOf(one)} width={card.width} height={card.height}>
            <Card node={one.node} start={one.node.id === graph.start} />
          </foreignObject>
        ))}
      </svg>
    </div>
  );
}

function Card({ node, start }: { node: LineageNode; start: boolean }) {
  const place = start ? null : placeOf(node);
  const content = (
    <>
      <span class="node-kind">{kindName(node)}</span>
      <Untrusted text={describe(node)} class="node-name" />
    </>
  );
  const name = `node node-${node.kind} ${start ? 'node-start' : ''}`;
  return place ? <a class={name} href={place} title={describe(node)}>{content}</a> : <div class={name} title={describe(node)}>{content}</div>;
}

// The same in words: for readers who cannot see the graph, and for looking things up in it.
function InWords({ graph }: { graph: Lineage }) {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return (
    <section class="section">
      <header class="section-head"><h2>In words</h2></header>
      <Table
        label="In words"
        head={
          <>
            <th scope="col">What</th>
            <th scope="col">Which</th>
            <th scope="col">Came of</th>
            <th scope="col">When</th>
          </>
        }
      >
        {graph.nodes.map((node) => {
          const place = placeOf(node);
          const name = <Untrusted text={describe(node)} />;
          return (
            <tr key={node.id} class={node.id === graph.start ? 'row-marked' : ''}>
              <th scope="row">{kindName(node)}</th>
              <td>{place ? <a class="link" href={place}>{name}</a> : name}</td>
              <td>
                <ul>
                  {graph.edges.filter(({ from }) => from === node.id).map(({ to, how }) => {
                    const other = byId.get(to);
                    return other ? <li key={to}><span class="quiet">{how}</span> {kindName(other).toLowerCase()} <Untrusted text={describe(other)} /></li> : null;
                  })}
                </ul>
              </td>
              <td title={node.at ? exactTime(node.at) : ''}>{node.at ? dateTime(node.at) : <span class="quiet">–</span>}</td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}
