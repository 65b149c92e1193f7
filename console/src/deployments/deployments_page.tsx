// Who decides, since when, by whose word; what could decide instead; what decided before.
import '../style/models.css';
import { useSignal } from '@preact/signals';
import type { Bundle, Domain, DomainStatus, Promotion } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { chosenDomain, DomainChoice } from '../kit/domain_choice';
import { Icon } from '../kit/icon';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { mayPromote } from '../session/session';
import { query } from '../shell/location';
import { Next } from '../status/domains';
import { ago, dateTime, exactTime, now } from '../words/time';
import { artifactsHeld, shortId } from '../words/vocabulary';
import { PromoteDialog } from './promote_dialog';

async function read(domain: string): Promise<{ history: Promotion[]; bundles: Bundle[]; next: DomainStatus['next'] }> {
  const [{ history }, { bundles }, { domains }] = await Promise.all([api.getDeployments(domain), api.getBundles(domain), api.getStatus()]);
  return { history, bundles, next: domains.find((one) => one.domain === domain)?.next ?? null };
}

export default function DeploymentsPage() {
  const domain = chosenDomain();
  return <DeploymentsOf key={domain} domain={domain} />;
}

function DeploymentsOf({ domain }: { domain: Domain }) {
  const { value, problem, reload } = useLoaded(domain, () => read(domain));
  const wanted = useSignal<{ bundle: string | null } | null>(null); // null within: go back
  const loaded = value.value;
  const why = mayPromote.value ? '' : 'Needs a senior analyst or an admin';
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Deployments</h1>
        <span class="quiet">which bundle decides</span>
        <DomainChoice />
        <span class="stretch" />
        {loaded && loaded.history.length > 1 && (
          <button class="button" disabled={!mayPromote.value} title={why} onClick={() => (wanted.value = { bundle: null })}>
            <Icon name="back" /> Go back
          </button>
        )}
      </header>
      {loaded ? (
        <>
          <Champion history={loaded.history} bundles={loaded.bundles} next={loaded.next} />
          <Bundles list={loaded.bundles} follows={loaded.next?.bundle} why={why} promote={(bundle) => (wanted.value = { bundle })} />
          <History history={loaded.history} />
        </>
      ) : problem.value ? (
        <ProblemNotice what="The deployments could not be read" problem={problem.value} retry={reload} />
      ) : (
        <Ghost lines={8} />
      )}
      {wanted.value && (
        <PromoteDialog
          domain={domain}
          bundle={wanted.value.bundle}
          close={() => (wanted.value = null)}
          done={() => {
            wanted.value = null;
            reload();
          }}
        />
      )}
    </div>
  );
}

const BundleLink = ({ id }: { id: string }) => (
  <a class="link" href={`/lineage/${id}`} title={id}><code>{shortId(id)}</code></a>
);

// While `next` waits for its entity states, the bundle before it goes on deciding.
function Champion({ history, bundles, next }: { history: Promotion[]; bundles: Bundle[]; next: DomainStatus['next'] }) {
  const present = history[0];
  if (!present)
    return (
      <Notice icon="promote" title="No bundle decides yet">
        <p>Nothing of this domain is decided until one is promoted: <code>winnow bundles build --domain DOMAIN</code> makes one of the newest model.</p>
      </Notice>
    );
  const bundle = bundles.find(({ id }) => id === present.champion);
  return (
    <section class="section">
      <header class="section-head"><h2>{next ? 'Decides next' : 'Decides now'}</h2></header>
      {next && <Next next={next} />}
      <div class="champion">
        <p class="champion-lead">
          <BundleLink id={present.champion} /> {next ? <span class="chip">promoted</span> : <span class="chip auth-good"><Icon name="check" size={12} /> champion</span>}
          {bundle?.run && <a class="button" href={`/models/${bundle.run}`}><Icon name="curve" /> Its run</a>}
          <a class="button" href={`/lineage/${present.champion}`}><Icon name="lineage" /> Lineage</a>
        </p>
        <dl class="facts">
          <div><dt>Since</dt><dd title={exactTime(present.at)}>{dateTime(present.at)}, {ago(present.at, now.value)}</dd></div>
          <div><dt>By</dt><dd><Untrusted text={present.actor} />{present.rollback && ', going back'}</dd></div>
          <div><dt>Why</dt><dd><Untrusted text={present.reason} /></dd></div>
          <div><dt>Before</dt><dd>{present.before ? <BundleLink id={present.before} /> : 'nothing: it is the first'}</dd></div>
          <div><dt>On record</dt><dd><a class="link" href={`/audit?entry=${present.audit_entry}`}>entry {present.audit_entry} of the audit log</a></dd></div>
        </dl>
      </div>
    </section>
  );
}

function Bundles({ list, follows, why, promote }: { list: Bundle[]; follows: string | undefined; why: string; promote: (id: string) => void }) {
  const marked = query.value.get('bundle');
  return (
    <section class="section">
      <header class="section-head">
        <h2>Bundles</h2>
        <span class="quiet">what could decide: a model with its features, mapping, intel and policy</span>
      </header>
      {list.length === 0 ? (
        <p class="quiet">There is none yet: <code>winnow bundles build</code></p>
      ) : (
        <Table
          label="Bundles"
          head={
            <>
              <th scope="col">Bundle</th>
              <th scope="col">Built</th>
              <th scope="col">Run</th>
              <th scope="col">Holds</th>
              <th scope="col"><span class="unseen">Actions</span></th>
            </>
          }
        >
          {list.map((bundle) => (
            <tr key={bundle.id} class={marked === bundle.id ? 'row-marked' : ''}>
              <td><BundleLink id={bundle.id} /></td>
              <td title={exactTime(bundle.created)}>{ago(bundle.created, now.value)} <small class="quiet">by <Untrusted text={bundle.actor} /></small></td>
              <td>{bundle.run ? <a class="link" href={`/models/${bundle.run}`}><code>{shortId(bundle.run)}</code></a> : <span class="quiet">–</span>}</td>
              <td class="quiet">{artifactsHeld(bundle.artifacts)}</td>
              <td class="table-action">
                {bundle.champion ? (
                  bundle.id === follows ? <span class="chip">follows</span> : <span class="chip auth-good">decides</span>
                ) : (
                  <button class="button" disabled={why !== ''} title={why} aria-label={`Promote ${shortId(bundle.id)}`} onClick={() => promote(bundle.id)}>Promote</button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function History({ history }: { history: Promotion[] }) {
  if (history.length === 0) return null;
  return (
    <section class="section">
      <header class="section-head"><h2>What decided, and when</h2></header>
      <Table
        label="What decided, and when"
        head={
          <>
            <th scope="col">From</th>
            <th scope="col">Bundle</th>
            <th scope="col">By</th>
            <th scope="col">Why</th>
            <th scope="col">On record</th>
          </>
        }
      >
        {history.map((one) => (
          <tr key={one.audit_entry}>
            <td title={exactTime(one.at)}>{dateTime(one.at)}</td>
            <td><BundleLink id={one.champion} /> {one.rollback && <span class="chip">went back</span>}</td>
            <td><Untrusted text={one.actor} /></td>
            <td><Untrusted text={one.reason} /></td>
            <td><a class="link" href={`/audit?entry=${one.audit_entry}`}>entry {one.audit_entry}</a></td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
