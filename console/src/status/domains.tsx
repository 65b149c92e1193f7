// Who decides in each domain, and how much.
import type { DomainStatus, Filling } from '../api/contract';
import { Icon } from '../kit/icon';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { count } from '../words/number';
import { dateTime, exactTime } from '../words/time';
import { domainName, shortId } from '../words/vocabulary';
import { fillingWords } from './filling_words';

function Next({ next }: { next: Filling }) {
  return (
    <div class="quiet" title={`promoted ${exactTime(next.promoted_at)}`}>
      <code title={next.bundle}>{shortId(next.bundle)}</code> follows <WhenFilled next={next} />
    </div>
  );
}

// When `next` follows.
export function WhenFilled({ next }: { next: Filling }) {
  return (
    <>
      once its states are filled: {fillingWords(next)}
      {next.problem && (
        <div class="failure" role="alert">
          <Icon name="warning" /> <span>The last try failed; there is another every 10 seconds: <Untrusted text={next.problem} /></span>
        </div>
      )}
    </>
  );
}

export function Domains({ list }: { list: DomainStatus[] }) {
  return (
    <section class="section">
      <header class="section-head">
        <h2>Champions</h2>
        <span class="quiet">the bundle that decides in each domain</span>
      </header>
      <Table
        label="Champions"
        head={
          <>
            <th scope="col">Domain</th>
            <th scope="col">Bundle</th>
            <th scope="col">Decides by</th>
            <th scope="col">Promoted</th>
            <th scope="col" class="number">Last hour</th>
            <th scope="col" class="number">Since the start</th>
          </>
        }
      >
        {list.map(({ domain, champion, next, decided, last_hour }) => (
          <tr key={domain}>
            <td>{domainName[domain]}</td>
            {champion ? (
              <>
                <td>
                  <a class="link" href={`/deployments?domain=${domain}`}><code title={champion.bundle}>{shortId(champion.bundle)}</code></a>
                  {next && <Next next={next} />}
                </td>
                <td>
                  {champion.model === null ? 'rules alone' : champion.run ? <>a model of <a class="link" href={`/models/${champion.run}`}><code title={champion.run}>{shortId(champion.run)}</code></a></> : 'a model, no run on record'}
                </td>
                <td title={exactTime(champion.promoted_at)}>{dateTime(champion.promoted_at)}</td>
              </>
            ) : (
              <td colSpan={3} class="quiet">
                nothing decides here; what comes is kept. {next ? <Next next={next} /> : <code>winnow bundles build --domain {domain}</code>}
              </td>
            )}
            <td class="number">{count(last_hour)}</td>
            <td class="number">{count(decided)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
