// What is looked for, kept in the address.
import { SearchField } from '../kit/search_field';
import { TimeField } from '../kit/time_field';
import { goQuery, query } from '../shell/location';
import { nouns } from './entry_words';

export function AuditFilters() {
  const at = (name: string) => query.value.get(name) ?? '';
  return (
    <div class="filters">
      <SearchField id="audit-search" name="q" placeholder="Search ids, reasons, everything recorded" keys="/" forget={['entry']} />
      <select class={`choice ${at('action') ? 'choice-set' : ''}`} aria-label="Of what" value={at('action')} onChange={(event) => goQuery({ action: event.currentTarget.value || null, entry: null })}>
        <option value="">Everything</option>
        {Object.entries(nouns).map(([noun, name]) => <option key={noun} value={noun}>{name}</option>)}
        {at('action') && !(at('action') in nouns) && <option value={at('action')}>{at('action')}</option>}
      </select>
      <input class="field filter-text" aria-label="Who" placeholder="Who" value={at('actor')} spellcheck={false} onChange={(event) => goQuery({ actor: event.currentTarget.value.trim() || null, entry: null })} />
      <TimeField unit="day" name="since" label="from" forget={['entry']} />
      <TimeField unit="day" name="until" label="before" forget={['entry']} />
    </div>
  );
}
