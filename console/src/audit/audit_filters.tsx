// What is looked for, kept in the address.
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { goQuery, query } from '../shell/location';
import { nouns } from './entry_words';

const typingMs = 250;

function SearchField() {
  const known = query.value.get('q') ?? '';
  const [text, setText] = useState(known);
  useEffect(() => setText(known), [known]);
  useEffect(() => {
    if (text === known) return undefined;
    const timer = setTimeout(() => goQuery({ q: text || null, entry: null }), typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="search audit-search">
      <Icon name="search" />
      <input
        id="audit-search"
        class="field search-field"
        type="search"
        maxLength={300}
        placeholder="Search ids, reasons, everything recorded"
        aria-label="Search"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <Key keys="/" />
    </label>
  );
}

// A day of the browser's zone as the moment when it begins.
const startOf = (day: string): string | null => (day ? new Date(`${day}T00:00:00`).toISOString() : null);
const dayOf = (time: string | null): string => {
  if (!time || Number.isNaN(Date.parse(time))) return '';
  const local = new Date(time);
  return new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

export function AuditFilters() {
  const at = (name: string) => query.value.get(name) ?? '';
  return (
    <div class="audit-filters">
      <SearchField />
      <select class={`choice ${at('action') ? 'choice-set' : ''}`} aria-label="Of what" value={at('action')} onChange={(event) => goQuery({ action: event.currentTarget.value || null, entry: null })}>
        <option value="">Everything</option>
        {Object.entries(nouns).map(([noun, name]) => <option key={noun} value={noun}>{name}</option>)}
        {at('action') && !(at('action') in nouns) && <option value={at('action')}>{at('action')}</option>}
      </select>
      <input class="field audit-actor" aria-label="Who" placeholder="Who" value={at('actor')} spellcheck={false} onChange={(event) => goQuery({ actor: event.currentTarget.value.trim() || null, entry: null })} />
      <label class="audit-day">
        from <input class="field" type="date" value={dayOf(query.value.get('since'))} onChange={(event) => goQuery({ since: startOf(event.currentTarget.value), entry: null })} />
      </label>
      <label class="audit-day">
        before <input class="field" type="date" value={dayOf(query.value.get('until'))} onChange={(event) => goQuery({ until: startOf(event.currentTarget.value), entry: null })} />
      </label>
    </div>
  );
}
