// Whose the addresses of an event were then, and who used the machines: what other events told, with which. Every name may come from an attacker.
import { getFindingIdentities } from '../api/endpoints';
import type { Asset, Identities, IdentitySpan } from '../api/contract';
import { useLoaded } from '../api/use_loaded';
import { Entity, eventAt } from '../kit/entity';
import { Icon } from '../kit/icon';
import { ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { mayChange } from '../session/session';
import { dateTime, eventTime, exactTime, now } from '../words/time';
import { assetWords, linesAbout, sinceWords, untilWords } from './identity_words';

// For those who work the queue; others are not told.
export function WhoWasWhere({ id }: { id: string }) {
  return mayChange.value ? <WhoItWas key={id} id={id} /> : null;
}

function WhoItWas({ id }: { id: string }) {
  const { value, problem, reload } = useLoaded(id, () => getFindingIdentities(id));
  if (problem.value) return <ProblemNotice what="Who it was could not be read" problem={problem.value} retry={reload} />;
  if (!value.value || value.value.answers.length + value.value.assets.length === 0) return null;
  const { at, answers, assets } = value.value;
  return (
    <section class="section">
      <header class="section-head">
        <h3>Who it was</h3>
        <span class="stretch" />
        <span class="quiet" title={exactTime(at)}>
          at {eventTime(at)}, as it is known now
        </span>
      </header>
      <ul class="identities">
        {answers.map((answer) => (
          <About key={`${answer.kind} ${answer.key}`} answer={answer} />
        ))}
      </ul>
      <Assets list={assets} />
    </section>
  );
}

function About({ answer }: { answer: Identities }) {
  return (
    <li class="identity">
      <p>
        <span class="quiet">{answer.kind}</span> <Entity name={answer.key} class="identity-name" />
      </p>
      <ul>
        {linesAbout(answer).map(({ span, whose, before, name }, index) => (
          <li key={index}>
            <p class="identity-line">
              <span>
                {whose && <Entity name={whose} />} {before} <Entity name={name} class="identity-name" />
              </span>
              <span class="quiet" title={`${exactTime(span.from)} to ${exactTime(span.until)}`}>
                {span.witness} {sinceWords(span, now.value)}
                {untilWords(span, now.value)}
              </span>
              {span.strength === 'weak' && (
                <span class="chip" title="Who says so could be wrong, or lie">
                  weak
                </span>
              )}
              {span.contradicted_by.map((host) => (
                <span key={host} class="chip" title="Another machine is said to have had the address then">
                  but also <Entity name={host} />
                </span>
              ))}
            </p>
            <Evidence span={span} />
          </li>
        ))}
      </ul>
      {answer.more && <p class="quiet">More is known than is shown.</p>}
    </li>
  );
}

function Assets({ list }: { list: Asset[] }) {
  if (list.length === 0) return null;
  return (
    <ul class="identity-assets" aria-label="Assets concerned">
      {list.map((asset) => (
        <li key={`${asset.kind} ${asset.name}`}>
          {asset.criticality && <span class={asset.criticality === 'critical' ? 'chip chip-over' : 'chip'}>{asset.criticality} asset</span>}{' '}
          <span class="quiet">{asset.kind}</span> <Entity name={asset.name} class="identity-name" /> <Untrusted text={assetWords(asset)} />
        </li>
      ))}
    </ul>
  );
}

function Evidence({ span }: { span: IdentitySpan }) {
  return (
    <details class="fold identity-evidence">
      <summary>
        <Icon name="chevron" size={12} /> <span class="quiet">evidence</span>
      </summary>
      <dl class="facts">
        {span.evidence.map((one, index) => (
          <div key={index}>
            <dt>
              {one.says} <span title={exactTime(one.at)}>{dateTime(one.at)}</span>
            </dt>
            <dd>
              <code class="digest">{one.event ? <a class="entity" href={eventAt(one.event)} title="The event that says so">{one.event}</a> : 'no longer kept'}</code>{' '}
              <span class="quiet" title={exactTime(one.known_at)}>
                known since {dateTime(one.known_at)}
              </span>
            </dd>
          </div>
        ))}
        {span.hardware && (
          <div>
            <dt>Hardware address</dt>
            <dd>
              <Untrusted text={span.hardware} />
            </dd>
          </div>
        )}
      </dl>
    </details>
  );
}
