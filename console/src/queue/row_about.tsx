// Whom and what a case is about, in one line: hosts, users and addresses with what they are worth, and techniques.
import type { CaseEntity, CaseSummary, Criticality } from '../api/contract';
import { techniqueText } from '../kit/technique';
import { plainOf, Untrusted } from '../kit/untrusted';
import { shortName } from '../words/short_name';

const entitiesShown = 2;
const people = ['host', 'user', 'cloud_principal', 'ip'];

// Those that the sender's cell does not name; who is worth most comes first from the API.
export const entitiesOf = ({ entities = [], sender }: CaseSummary): CaseEntity[] =>
  entities.filter(({ kind, key }) => people.includes(kind) && key !== sender).slice(0, entitiesShown);

export const worthOfSender = ({ entities = [], sender }: CaseSummary): Criticality => entities.find(({ key }) => key === sender)?.criticality ?? '';

// What most are worth needs no mark in a list.
export function Worth({ criticality }: { criticality: Criticality }) {
  if (criticality !== 'high' && criticality !== 'critical') return null;
  return <span class={criticality === 'critical' ? 'chip chip-over' : 'chip'}>{criticality}</span>;
}

const inWords = ({ key, criticality }: CaseEntity): string => plainOf(criticality ? `${key} (${criticality} asset)` : key);

export function RowAbout({ one }: { one: CaseSummary }) {
  const entities = entitiesOf(one);
  const [technique] = one.techniques;
  const named = technique === undefined ? '' : techniqueText(technique, one.technique_names?.[0]);
  const more = one.techniques.length - 1;
  const whole = [...entities.map(inWords), ...one.techniques.map((id, index) => plainOf(techniqueText(id, one.technique_names?.[index])))];
  return (
    <span role="gridcell" class="row-about" title={whole.join('\n')}>
      {entities.map((entity) => (
        <span key={`${entity.kind} ${entity.key}`} class="row-entity">
          <Untrusted text={shortName(entity.key)} />
          <Worth criticality={entity.criticality} />
        </span>
      ))}
      {named && (
        <span class="row-technique">
          <Untrusted text={named} />
          {more > 0 && ` +${more}`}
        </span>
      )}
    </span>
  );
}
