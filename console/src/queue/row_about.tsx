// Whom and what a case is about, in one line: hosts, users and addresses with what they are worth, and techniques.
import type { CaseEntity, CaseSummary } from '../api/contract';
import { techniqueText } from '../kit/technique';
import { plainOf, Untrusted } from '../kit/untrusted';

const entitiesShown = 2;
const people = ['host', 'user', 'cloud_principal', 'ip'];

// Those that the sender's cell does not name yet; who is worth most comes first from the API.
export const entitiesOf = ({ entities = [], sender }: CaseSummary): CaseEntity[] =>
  entities.filter(({ kind, key, criticality }) => people.includes(kind) && (key !== sender || criticality !== '')).slice(0, entitiesShown);

export function RowAbout({ one }: { one: CaseSummary }) {
  const entities = entitiesOf(one);
  const [technique] = one.techniques;
  const named = technique === undefined ? '' : techniqueText(technique, one.technique_names?.[0]);
  const more = one.techniques.length - 1;
  const whole = [...entities.map(({ key, criticality }) => plainOf(criticality ? `${key} (${criticality} asset)` : key)), ...one.techniques.map((id, index) => plainOf(techniqueText(id, one.technique_names?.[index])))];
  return (
    <span role="gridcell" class="row-about" title={whole.join('\n')}>
      {entities.map(({ kind, key, criticality }) => (
        <span key={`${kind} ${key}`} class="row-entity">
          <Untrusted text={key} />
          {(criticality === 'high' || criticality === 'critical') && <span class={criticality === 'critical' ? 'chip chip-over' : 'chip'}>{criticality}</span>}
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
