// What was decided and why: the probability, and each reason with how far it moved it.
import type { Finding } from '../api/contract';
import { RouteChip } from '../kit/chips';
import { Technique } from '../kit/technique';
import { Untrusted } from '../kit/untrusted';
import { percent } from '../words/number';
import { ago, eventTime, exactTime, now } from '../words/time';
import { ExplanationView } from './explanation';
import { Reasons } from './reasons';

export function Decision({ finding }: { finding: Finding }) {
  const { probability } = finding;
  return (
    <section class="section decision">
      <header class="section-head">
        <h3>Why it was {finding.route === 'close' ? 'closed' : 'found'}</h3>
        <time class="quiet number" title={`${exactTime(finding.event_time)}, decided ${exactTime(finding.decided_at)}`}>
          {eventTime(finding.event_time)}, {ago(finding.event_time, now.value)}
        </time>
        <span class="stretch" />
      </header>
      {finding.techniques.length > 0 && (
        <p class="techniques">
          {finding.techniques.map((technique, index) => (
            <Technique key={technique} id={technique} name={finding.technique_names?.[index]} />
          ))}
        </p>
      )}
      <div class="decision-line">
        <strong class="decision-probability">{percent(probability)}</strong>
        {probability !== null && (
          <span class="meter" aria-hidden="true">
            <span class={`meter-fill meter-${probability >= 0.9 ? 'high' : probability >= 0.4 ? 'middle' : 'low'}`} style={{ width: `${Math.max(0, Math.min(1, probability)) * 100}%` }} />
          </span>
        )}
        <RouteChip route={finding.route} />
        <span class="quiet">
          by the {finding.decided_by}
          {finding.because && (
            <>
              : <Untrusted text={finding.because} />
            </>
          )}
        </span>
      </div>
      <Reasons list={finding.reasons} />
      <ExplanationView finding={finding} />
    </section>
  );
}
