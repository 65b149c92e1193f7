// What happened with a case, newest first, and the place to add a note.
import { useState } from 'preact/hooks';
import type { HistoryEntry } from '../api/contract';
import { Icon, type IconName } from '../kit/icon';
import { Key } from '../kit/key';
import { Untrusted } from '../kit/untrusted';
import { mayChange } from '../session/session';
import { count } from '../words/number';
import { ago, exactTime, now } from '../words/time';
import { addNote } from './actions';
import { type HistoryLine, joinsUntold, linesOf } from './history_lines';

const icons: Record<HistoryEntry['what'], IconName> = {
  opened: 'inbox', joined: 'plus', state: 'refresh', owner: 'person', snoozed: 'bell_off', note: 'note', verdict: 'verdict', reopened: 'back',
};

// What was begun and not yet kept, by case, so that looking at another case loses nothing.
const drafts = new Map<string, string>();

function NoteField({ id }: { id: string }) {
  const [text, setText] = useState(drafts.get(id) ?? '');
  const [busy, setBusy] = useState(false);
  const write = (value: string) => {
    setText(value);
    value ? drafts.set(id, value) : drafts.delete(id);
  };
  const submit = async () => {
    if (text.trim() === '' || busy) return;
    setBusy(true);
    if (await addNote(id, text.trim())) write('');
    setBusy(false);
  };
  return (
    <form
      class="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <textarea
        id="note"
        class="field"
        rows={text ? 3 : 1}
        maxLength={10_000}
        placeholder="Write a note"
        aria-label="Write a note"
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
          else if (event.key === 'Escape') event.currentTarget.blur();
          else return;
          event.preventDefault();
        }}
      />
      {text && (
        <button class="button" disabled={busy}>
          Add note <Key keys="Ctrl+Enter" />
        </button>
      )}
    </form>
  );
}

export function History({ id, entries, findings }: { id: string; entries: HistoryEntry[]; findings: number }) {
  const untold = joinsUntold(entries, findings);
  return (
    <section class="section">
      <header class="section-head">
        <h3>History</h3>
      </header>
      {mayChange.value && <NoteField key={id} id={id} />}
      <ol class="history">
        {linesOf(entries).map((line, index) => (
          <Line key={`${line.at}-${index}`} line={line} />
        ))}
        {untold > 0 && <li class="history-untold quiet">Of the findings that joined, {count(untold)} that came earlier are not listed here.</li>}
      </ol>
    </section>
  );
}

function Line({ line }: { line: HistoryLine }) {
  const [all, setAll] = useState(false);
  const shown = all ? line.details : line.details.slice(0, 1);
  return (
    <li class={`history-${line.what}`}>
      <span class="history-icon">
        <Icon name={icons[line.what] ?? 'clock'} size={13} />
      </span>
      <div>
        <p class="history-line">
          {line.actor && (
            <>
              <strong>
                <Untrusted text={line.actor} />
              </strong>{' '}
            </>
          )}
          {line.did}{' '}
          <time class="quiet" title={exactTime(line.at)}>
            {ago(line.at, now.value)}
          </time>
        </p>
        {shown.map((detail, index) => (
          <p key={index} class="history-detail">
            <Untrusted text={detail} />
          </p>
        ))}
        {line.details.length > 1 && (
          <button class="text-button" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Less' : `${line.details.length - 1} more`}
          </button>
        )}
      </div>
    </li>
  );
}
