// Mappings that decisions do not know yet: which, how many records wait for that, and what to do.
import type { MappingDrift } from '../api/contract';
import { DomainMark } from '../kit/domain_mark';
import { Icon } from '../kit/icon';
import { count, plural } from '../words/number';

const meaning: Record<MappingDrift['state'], string> = {
  missing: 'is not in the champion\u2019s bundle: what it reads is kept, not decided',
  differs: 'has changed since the champion\u2019s bundle was built: decisions go on as the older one reads',
  same: 'is in the champion\u2019s bundle: what waits is being decided',
};

export function Drift({ drifts }: { drifts: MappingDrift[] }) {
  if (drifts.length === 0) return null;
  const unknown = drifts.filter(({ state }) => state !== 'same');
  const waiting = drifts.reduce((sum, one) => sum + one.waiting, 0);
  return (
    <section class="section drift" aria-label="Mappings that decisions do not know yet" role="status">
      <header class="section-head">
        <h2><Icon name="warning" /> {unknown.length === 0 ? 'Records wait to be decided' : `Decisions do not know ${plural(unknown.length, 'mapping')} as of today`}</h2>
        <span class="quiet">{waiting === 0 ? 'no record waits for that' : `${plural(waiting, 'record')} ${waiting === 1 ? 'waits' : 'wait'} to be decided`}</span>
      </header>
      <ul class="drift-list">
        {drifts.map((one) => (
          <li key={`${one.domain} ${one.mapping}`}>
            <DomainMark domains={[one.domain]} /> <strong>{one.mapping}</strong> {meaning[one.state]}
            {one.waiting > 0 && `; ${count(one.waiting)} waiting`}
          </li>
        ))}
      </ul>
      {Array.from(new Set(unknown.map(({ advice }) => advice))).map((advice) => (
        <p key={advice} class="quiet">
          {waiting > 0 ? 'To have them decided, in order of arrival: ' : 'To decide as they read: '}<code>{advice}</code>
        </p>
      ))}
    </section>
  );
}
