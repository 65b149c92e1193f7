// Who decides, since when, by whose word; what could decide instead; what decided before.
import '../style/models.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Bundle, Domain, Filling, Promotion } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { chosenDomain, DomainChoice } from '../kit/domain_choice';
import { Icon } from '../kit/icon';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { mayPromote } from '../session/session';
import { query } from '../shell/location';
import { WhenFilled } from '../status/domains';
import { ago, dateTime, exactTime, now } from '../words/time';
import { artifactsHeld, shortId } from '../words/vocabulary';
import { PromoteDialog } from './promote_dialog';
import { type Deciding, decidesSince, promotionOf, standingOf } from './standing';

const readEveryMs = 5_000; // once one waits, also behind that: it is put on record a moment after it took effect

interface Loaded {
  history: Promotion[];
  bundles: Bundle[];
  deciding: Deciding;
}

async function read(domain: string): Promise<Loaded> {
  const [{ history }, { bundles }, { domains }] = await Promise.all([api.getDeployments(domain), api.getBundles(domain), api.getStatus()]);
  return { history, bundles, deciding: domains.find((one) => one.domain === domain) ?? { champion: null, next: null } };
}

export default function DeploymentsPage() {
  const domain = chosenDomain();
  return <DeploymentsOf key={domain} domain={domain} />;
}

function DeploymentsOf({ domain }: { domain: Domain }) {
  const { value, problem, reload } = useLoaded(domain, () => read(domain));
  const wanted = useSignal<{ bundle: string | null } | null>(null); // null within: go back
  const loaded = value.value;
  const hasWaited = useRef(false);
  hasWaited.current ||= Boolean(loaded?.deciding.next);
  useEffect(() => {
    if (!hasWaited.current) return;
    const timer = setInterval(() => !document.hidden && reload(), readEveryMs);
    return () => clearInterval(timer);
  }, [hasWaited.current]);
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
      {problem.value && <ProblemNotice what={`The deployments could not be read${loaded ? ' again' : ''}`} problem={problem.value} retry={reload} />}
      {loaded ? (
        <>
          <Deciders {...loaded} />
          <Bundles list={loaded.bundles} deciding={loaded.deciding} why={why} promote={(bundle) => (wanted.value = { bundle })} />
          <History history={loaded.history} next={loaded.deciding.next?.bundle} />
        </>
      ) : (
        !problem.value && <Ghost lines={8} />
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
function Deciders({ history, bundles, deciding: { champion, next } }: Loaded) {
  if (!champion && history.length === 0)
    return (
      <Notice icon="promote" title="No bundle decides yet">
        <p>Nothing of this domain is decided until one is promoted: <code>winnow bundles build --domain DOMAIN</code> makes one of the newest model.</p>
      </Notice>
    );
  return (
    <>
      <section class="section">
        <header class="section-head"><h2>Decides now</h2></header>
        {champion ? (
          <Decider id={champion.bundle} history={history} bundles={bundles} next={null} />
        ) : (
          <p class="quiet">Nothing does yet; what comes is kept.</p>
        )}
      </section>
      {next && (
        <section class="section">
          <header class="section-head"><h2>Decides next</h2></header>
          <Decider id={next.bundle} history={history} bundles={bundles} next={next} />
        </section>
      )}
    </>
  );
}

interface DeciderProps {
  id: string;
  history: Promotion[];
  bundles: Bundle[];
  next: Filling | null; // null: it decides now
}

function Decider({ id, history, bundles, next }: DeciderProps) {
  const run = bundles.find((one) => one.id === id)?.run;
  const promotion = promotionOf(id, history);
  const [began, when] = !promotion ? [] : next ? ['Promoted', promotion.at] : ['Since', decidesSince(promotion)];
  return (
    <div class="champion">
      <p class="champion-lead">
        <BundleLink id={id} /> {next ? <span class="chip">follows</span> : <span class="chip auth-good"><Icon name="check" size={12} /> decides</span>}
        {run && <a class="button" href={`/models/${run}`}><Icon name="curve" /> Its run</a>}
        <a class="button" href={`/lineage/${id}`}><Icon name="lineage" /> Lineage</a>
      </p>
      <dl class="facts">
        {next && <div><dt>Follows</dt><dd><WhenFilled next={next} /></dd></div>}
        {promotion && when && (
          <>
            <div><dt>{began}</dt><dd title={exactTime(when)}>{dateTime(when)}, {ago(when, now.value)}</dd></div>
            <div><dt>By</dt><dd><Untrusted text={promotion.actor} />{promotion.rollback && ', going back'}</dd></div>
            <div><dt>Why</dt><dd><Untrusted text={promotion.reason} /></dd></div>
            <div><dt>Replaces</dt><dd>{promotion.before ? <BundleLink id={promotion.before} /> : 'nothing: it is the first'}</dd></div>
            <div><dt>On record</dt><dd><a class="link" href={`/audit?entry=${promotion.audit_entry}`}>entry {promotion.audit_entry} of the audit log</a></dd></div>
          </>
        )}
      </dl>
    </div>
  );
}

function Bundles({ list, deciding, why, promote }: { list: Bundle[]; deciding: Deciding; why: string; promote: (id: string) => void }) {
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
              <td class="table-action"><Standing bundle={bundle} deciding={deciding} why={why} promote={promote} /></td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Standing({ bundle, deciding, why, promote }: { bundle: Bundle; deciding: Deciding; why: string; promote: (id: string) => void }) {
  const standing = standingOf(bundle, deciding);
  if (standing) return <span class={`chip ${standing === 'decides' ? 'auth-good' : ''}`}>{standing}</span>;
  return <button class="button" disabled={why !== ''} title={why} aria-label={`Promote ${shortId(bundle.id)}`} onClick={() => promote(bundle.id)}>Promote</button>;
}

// One that was replaced while it waited for its states never decided; the record does not tell it from one that took over at once.
function History({ history, next }: { history: Promotion[]; next: string | undefined }) {
  if (history.length === 0) return null;
  return (
    <section class="section">
      <header class="section-head"><h2>What was promoted, and when</h2></header>
      <Table
        label="What was promoted, and when"
        head={
          <>
            <th scope="col">Promoted</th>
            <th scope="col">Bundle</th>
            <th scope="col">By</th>
            <th scope="col">Why</th>
            <th scope="col">On record</th>
          </>
        }
      >
        {history.map((one, index) => (
          <tr key={one.audit_entry}>
            <td title={exactTime(one.at)}>
              {dateTime(one.at)}
              {one.took_effect && <small class="quiet" title={exactTime(one.took_effect)}> decided from {dateTime(one.took_effect)}</small>}
            </td>
            <td><BundleLink id={one.champion} /> {one.rollback && <span class="chip">went back</span>} {index === 0 && one.champion === next && <span class="chip">follows</span>}</td>
            <td><Untrusted text={one.actor} /></td>
            <td><Untrusted text={one.reason} /></td>
            <td><a class="link" href={`/audit?entry=${one.audit_entry}`}>entry {one.audit_entry}</a></td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
