// A field whose text is kept in the address a moment after the last key.
import { useEffect, useState } from 'preact/hooks';
import { goQuery, query } from '../shell/location';
import { Icon } from './icon';
import { Key } from './key';

const typingMs = 250;

interface SearchFieldProps {
  id: string; // of the field, for who puts the cursor into it
  name: string; // in the address
  label?: string;
  placeholder: string;
  keys?: string; // that lead to it
  forget?: string[]; // what of the address is about what was found before
}

export function SearchField({ id, name, label = 'Search', placeholder, keys, forget = [] }: SearchFieldProps) {
  const known = query.value.get(name) ?? '';
  const [text, setText] = useState(known);
  useEffect(() => setText(known), [known]);
  useEffect(() => {
    if (text === known) return undefined;
    const timer = setTimeout(() => goQuery({ ...Object.fromEntries(forget.map((other) => [other, null])), [name]: text.trim() || null }), typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="search search-wide">
      <Icon name="search" />
      <input
        id={id}
        class="field search-field"
        type="search"
        maxLength={300}
        placeholder={placeholder}
        aria-label={label}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      {keys && <Key keys={keys} />}
    </label>
  );
}
