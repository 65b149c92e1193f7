// Whom and what a case is about, and what made it so severe.
import type { CaseSummary } from '../api/contract';
import { Entity } from '../kit/entity';
import { Icon } from '../kit/icon';
import { Technique } from '../kit/technique';
import { Untrusted } from '../kit/untrusted';
import { shortName } from '../words/short_name';
import { entityKindName, severityName } from '../words/vocabulary';

export function CaseAbout({ one }: { one: CaseSummary }) {
  const entities = one.entities ?? [];
  return (
    <>
      {one.severity_because && (
        <p class="case-group">
          <Icon name="alert" /> <span>{severityName[one.severity] ?? one.severity} because <Untrusted text={one.severity_because} /></span>
        </p>
      )}
      {(entities.length > 0 || one.techniques.length > 0) && (
        <p class="case-about">
          {entities.map(({ kind, key, criticality }) => (
            <span key={`${kind} ${key}`} class="case-entity">
              <span class="quiet">{entityKindName[kind] ?? kind}</span> <Entity name={key} shown={shortName(key)} />
              {criticality && <span class={criticality === 'critical' ? 'chip chip-over' : 'chip'}>{criticality} asset</span>}
            </span>
          ))}
          {one.techniques.map((technique, index) => (
            <Technique key={technique} id={technique} name={one.technique_names?.[index]} />
          ))}
        </p>
      )}
    </>
  );
}
