// Legal holds: what is kept whatever its age; placed and lifted by admins.
import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Hold } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { scopeWords } from '../cases/hold_words';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { type Column, Ledger, Making } from '../kit/ledger';
import { momentOf } from '../kit/time_field';
import { Untrusted } from '../kit/untrusted';
import { isAdmin } from '../session/session';
import { useShortcuts } from '../shell/shortcuts';
import { tellDone } from '../shell/toasts';
import { ago, exactTime } from '../words/time';
import { shortId } from '../words/vocabulary';

const columns: Column<Hold>[] = [
  {
    name: 'What',
    cell: ({ id, scope }) => (
      <>
        <code class="quiet">{id}</code> <Untrusted text={scopeWords(scope, 'a case')} />{' '}
        {scope.case && <a href={`/queue/${encodeURIComponent(scope.case)}?state=all`}><code>{shortId(scope.case)}</code></a>}
      </>
    ),
  },
  { name: 'Why', cell: ({ reason }) => <Untrusted text={reason} /> },
  { name: 'By', cell: ({ by, placed_at }, at) => <><Untrusted text={by} /> <span class="quiet" title={exactTime(placed_at)}>{ago(placed_at, at)}</span></> },
  {
    name: 'Until',
    title: ({ released_at }) => (released_at ? exactTime(released_at) : ''),
    cell: ({ released_at, released_by }, at) => (released_at ? <>lifted {ago(released_at, at)} by <Untrusted text={released_by ?? ''} /></> : 'somebody lifts it'),
  },
];
const lifting = {
  verb: 'Lift',
  done: 'Hold lifted',
  end: ({ id }: Hold) => api.releaseHold(id),
  asks: ({ id, scope }: Hold) => (
    <>
      {id} keeps <Untrusted text={scopeWords(scope, 'a case')} />. What it alone keeps and is old enough goes the next time retention is applied, and cannot be had back.
    </>
  ),
};

export function Holds() {
  const list = useLoaded('', () => api.getHolds().then(({ holds }) => holds));
  const making = useSignal(false);
  const make = () => isAdmin.peek() && (making.value = true);
  useShortcuts('Retention', [{ keys: 'c', says: 'New legal hold', run: make }]);
  return (
    <section class="section">
      <header class="section-head">
        <h2>Legal holds</h2> <span class="quiet">what stays whatever its age</span>
        <span class="stretch" />
        <button class="button" disabled={!isAdmin.value} title={isAdmin.value ? '' : 'Needs an admin'} onClick={make}>
          <Icon name="plus" /> New hold <Key keys="c" />
        </button>
      </header>
      <Ledger label="Legal holds" list={list} idOf={({ id }) => id} isOver={({ released_at }) => released_at !== null} columns={columns} ending={isAdmin.value ? lifting : null} empty={<p class="quiet">Nothing is held.</p>} />
      {making.value && (
        <NewHold
          close={() => (making.value = false)}
          made={() => {
            making.value = false;
            list.reload();
          }}
        />
      )}
    </section>
  );
}

function NewHold({ close, made }: { close: () => void; made: () => void }) {
  const [scope, setScope] = useState({ case: '', mailbox: '', from: '', until: '' });
  const [reason, setReason] = useState('');
  const set = (part: Partial<typeof scope>) => setScope({ ...scope, ...part });
  const make = async () => {
    await api.placeHold({ scope: { case: scope.case.trim() || null, mailbox: scope.mailbox.trim() || null, from: momentOf(scope.from), until: momentOf(scope.until) }, reason: reason.trim() });
    tellDone('Hold placed: nothing of it is removed from now on');
    made();
  };
  return (
    <Making title="New legal hold" verb="Hold" make={make} close={close}>
      <p class="quiet">It keeps what fits all that is filled in; something must be. Its scope stays in the audit log for ever.</p>
      <label>
        Mailbox
        <input class="field" autofocus spellcheck={false} autocomplete="off" maxLength={320} placeholder="name@domain, as sender or recipient" value={scope.mailbox} onInput={(event) => set({ mailbox: event.currentTarget.value })} />
      </label>
      <label>
        Case
        <input class="field" spellcheck={false} autocomplete="off" maxLength={26} placeholder="c-…" value={scope.case} onInput={(event) => set({ case: event.currentTarget.value })} />
      </label>
      <label>
        Came from
        <input class="field" type="date" value={scope.from} onInput={(event) => set({ from: event.currentTarget.value })} />
      </label>
      <label>
        Came before
        <input class="field" type="date" value={scope.until} onInput={(event) => set({ until: event.currentTarget.value })} />
      </label>
      <label>
        Why
        <textarea class="field" rows={2} required maxLength={1000} placeholder="The matter, so that somebody knows years later whether it is over" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
    </Making>
  );
}
