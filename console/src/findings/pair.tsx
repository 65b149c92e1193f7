// What the two addresses of a finding exchanged, both ways, in the events that arrived around it: one record tells of one packet or flow only.
import type { Conversation } from '../api/contract';
import { getConversation } from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { bytes, count, plural } from '../words/number';
import { dateTime, exactTime, span } from '../words/time';

export function PairView({ finding }: { finding: string }) {
  const { value, problem, reload } = useLoaded(finding, () => getConversation(finding));
  const pair = value.value;
  if (!pair) return problem.value ? <ProblemNotice what="What the two exchanged could not be read" problem={problem.value} retry={reload} /> : null;
  if (pair.source === '' || pair.events === 0) return null;
  return <Pair pair={pair} />;
}

const words = (list: Conversation['states']) =>
  list.map(({ word, events }, index) => (
    <span key={word}>
      {index > 0 && ', '}
      <Untrusted text={word} />
      {list.length > 1 && ` (${count(events)})`}
    </span>
  ));

function Pair({ pair }: { pair: Conversation }) {
  const time = (at: string | null) => (at ? <time title={exactTime(at)}>{dateTime(at)}</time> : '–');
  const way = ({ bytes: size, packets }: Conversation['out']) => `${bytes(size)}, ${plural(packets, 'packet')}`;
  return (
    <div class="pair">
      <h4>The two in all events around it</h4>
      <dl class="facts">
        <div><dt>Events</dt><dd class="number">{count(pair.events)}, {plural(pair.connections, 'connection')} with sizes</dd></div>
        {pair.connections > 0 && (
          <>
            <div><dt>To target</dt><dd class="number">{way(pair.out)}</dd></div>
            <div><dt>To source</dt><dd class="number">{way(pair.in)}</dd></div>
          </>
        )}
        {pair.lasted_ms !== null && <div><dt>Lasted</dt><dd class="number">{span(pair.lasted_ms)}</dd></div>}
        {pair.states.length > 0 && <div><dt>State</dt><dd>{words(pair.states)}</dd></div>}
        {pair.applications.length > 0 && <div><dt>Application</dt><dd>{words(pair.applications)}</dd></div>}
        <div><dt>First seen</dt><dd>{time(pair.first_at)}</dd></div>
        <div><dt>Last seen</dt><dd>{time(pair.last_at)}</dd></div>
      </dl>
      <p class="quiet">Of {count(pair.looked_at)} events that arrived before and after it.</p>
    </div>
  );
}
