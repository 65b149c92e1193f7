// Search and filters above the list. What is chosen is in the address, so a filtered queue can be bookmarked and shared.
import { useEffect, useRef, useState } from 'preact/hooks';
import { me } from '../session/session';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { goQuery } from '../shell/location';
import { useShortcuts } from '../shell/shortcuts';
import { domainName, domains } from '../words/vocabulary';
import { filter, isNarrowed } from './filter';

const typingMs = 220;

function Search() {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter.value.q);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    if (document.activeElement !== field.current) setText(filter.value.q);
  }, [filter.value.q]);
  useShortcuts('Queue', [
    {
      keys: '/',
      says: 'Search',
      run: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
  ]);
  const look = (value: string) => {
    clearTimeout(timer.current);
    goQuery({ q: value.trim() || null });
  };
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        class="field search-field"
        placeholder="Search hosts, users, addresses, techniques, words"
        aria-label="Search cases"
        value={text}
        spellcheck={false}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setText(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => look(value), typingMs);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if (text) {
              setText('');
              look('');
            } else field.current?.blur();
          } else if (event.key === 'Enter') {
            look(text);
            document.querySelector<HTMLElement>('.queue-list')?.focus();
          } else if (event.key !== 'ArrowDown') return;
          else document.querySelector<HTMLElement>('.queue-list')?.focus();
          event.preventDefault();
        }}
      />
      <Key keys="/" />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  none: string;
  choices: [string, string][];
}

function Choice({ label, name, value, none, choices }: ChoiceProps) {
  const all = choices.some(([key]) => key === value) || value === none ? choices : [...choices, [value, value] as [string, string]];
  return (
    <select
      class={`choice ${value !== none ? 'choice-set' : ''}`}
      aria-label={label}
      value={value}
      onChange={(event) => {
        goQuery({ [name]: event.currentTarget.value === none ? null : event.currentTarget.value });
        event.currentTarget.blur();
      }}
    >
      {all.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}

export function QueueFilters() {
  const { owner, severity, domain, sort } = filter.value;
  return (
    <div class="queue-filters" role="search">
      <Search />
      <Choice
        label="Owner"
        name="owner"
        none=""
        value={owner}
        choices={[['', 'Owner'], ['me', `Me (${me.value?.name ?? ''})`], ['nobody', 'Nobody']]}
      />
      <Choice
        label="Severity"
        name="severity"
        none=""
        value={severity}
        choices={[['', 'Severity'], ['critical', 'Critical'], ['high', 'High'], ['medium', 'Medium'], ['low', 'Low']]}
      />
      <Choice label="Domain" name="domain" none="" value={domain} choices={[['', 'Domain'], ...domains.map((name): [string, string] => [name, domainName[name]])]} />
      <Choice
        label="Order"
        name="sort"
        none="urgency"
        value={sort}
        choices={[['urgency', 'Most urgent'], ['due', 'Due first'], ['newest', 'Newest']]}
      />
      {isNarrowed.value && (
        <button class="button button-quiet" onClick={() => goQuery({ owner: null, severity: null, domain: null, q: null })}>
          Clear
        </button>
      )}
    </div>
  );
}
