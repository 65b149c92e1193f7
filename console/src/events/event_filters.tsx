// What is looked for in the event log, kept in the address.
import { SearchField } from '../kit/search_field';
import { TimeField } from '../kit/time_field';
import { goQuery, query } from '../shell/location';
import { domainName, domains } from '../words/vocabulary';
import { classes, className } from './words';

const forget = ['event'];

export function EventFilters() {
  const at = (name: string) => query.value.get(name) ?? '';
  const set = (name: string, value: string) => goQuery({ [name]: value.trim() || null, event: null });
  return (
    <div class="filters">
      <SearchField id="event-search" name="q" placeholder="Words in the event" keys="/" forget={forget} />
      <input
        class="field filter-entity"
        aria-label="User, host, address, domain or hash"
        placeholder="User, host, domain, hash"
        title="What the event names: a domain stands for those below it, and for mailboxes there"
        value={at('entity')}
        maxLength={300}
        spellcheck={false}
        onChange={(event) => set('entity', event.currentTarget.value)}
      />
      <input class="field filter-text" aria-label="Source" placeholder="Source" value={at('source')} maxLength={300} spellcheck={false} onChange={(event) => set('source', event.currentTarget.value)} />
      <select class={`choice ${at('domain') ? 'choice-set' : ''}`} aria-label="Domain" value={at('domain')} onChange={(event) => set('domain', event.currentTarget.value)}>
        <option value="">Every domain</option>
        {domains.map((domain) => <option key={domain} value={domain}>{domainName[domain]}</option>)}
      </select>
      <select class={`choice ${at('class') ? 'choice-set' : ''}`} aria-label="Class" value={at('class')} onChange={(event) => set('class', event.currentTarget.value)}>
        <option value="">Every class</option>
        {classes.map((name) => <option key={name} value={name}>{className(name)}</option>)}
        {at('class') && !classes.includes(at('class')) && <option value={at('class')}>{className(at('class'))}</option>}
      </select>
      <TimeField unit="minute" name="from" label="from" forget={forget} />
      <TimeField unit="minute" name="before" label="before" forget={forget} />
    </div>
  );
}
