// Which bundle, model and run decided, when, and about which bytes: what an auditor asks for.
import type { Finding } from '../api/contract';
import { eventAt } from '../kit/entity';
import { Icon } from '../kit/icon';
import { eventTime, exactTime } from '../words/time';

export function Origin({ finding }: { finding: Finding }) {
  const lines: [string, string, string?][] = [
    ['Decision', finding.id],
    ['Event', finding.event, eventAt(finding.event)],
    ['Bundle', finding.bundle.id, `/lineage/${finding.bundle.id}`],
    ['Model', finding.bundle.model],
    ['Run', finding.bundle.run, `/models/${finding.bundle.run}`],
  ];
  return (
    <section class="section">
      <header class="section-head">
        <h3>Where it comes from</h3>
        <span class="stretch" />
        <a class="button" href={`/lineage/${encodeURIComponent(finding.id)}`}>
          <Icon name="lineage" /> Back to data and code
        </a>
      </header>
      <dl class="facts">
        {lines.map(([name, value, place]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code class="digest">{value && place ? <a class="entity" href={place}>{value}</a> : value || 'unknown'}</code>
            </dd>
          </div>
        ))}
        <div>
          <dt>Event of</dt>
          <dd title={exactTime(finding.event_time)}>{eventTime(finding.event_time)}</dd>
        </div>
        <div>
          <dt>Decided</dt>
          <dd title={exactTime(finding.decided_at)}>{eventTime(finding.decided_at)}</dd>
        </div>
      </dl>
    </section>
  );
}
