// Every token, never its secret; made and revoked by admins.
import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { NewToken, Role, Token } from '../api/contract';
import * as api from '../api/endpoints';
import { type Reading } from '../api/use_loaded';
import { Dialog } from '../kit/dialog';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { type Column, Ledger, Making } from '../kit/ledger';
import { plainOf, Untrusted } from '../kit/untrusted';
import { isAdmin } from '../session/session';
import { useShortcuts } from '../shell/shortcuts';
import { ago, dateTime, exactTime, inDays } from '../words/time';
import { roleName } from '../words/vocabulary';

const isOver = ({ revoked, expires }: Token, at: number): boolean => revoked !== null || (expires !== null && Date.parse(expires) <= at);

function untilWords(one: Token, at: number): string {
  if (one.revoked) return `revoked ${ago(one.revoked, at)}`;
  if (isOver(one, at)) return `expired ${ago(one.expires, at)}`;
  return one.expires ? dateTime(one.expires) : 'never expires';
}

const columns: Column<Token>[] = [
  { name: 'Name', cell: ({ name, id }) => <><Untrusted text={name} /> <code class="quiet">{id}</code></> },
  { name: 'Role', cell: ({ role }) => roleName[role] ?? role },
  { name: 'Made by', cell: ({ actor, created }, at) => <><Untrusted text={actor} /> <span class="quiet" title={exactTime(created)}>{ago(created, at)}</span></> },
  { name: 'Until', title: ({ revoked, expires }) => (revoked ?? expires ? exactTime(revoked ?? expires) : ''), cell: untilWords },
];
const revoking = (ended: () => void) => ({
  verb: 'Revoke',
  done: 'Token revoked',
  end: ({ id }: Token) => api.revokeToken(id).then(ended),
  asks: ({ name, role }: Token) => (
    <>
      <Untrusted text={name} /> ({roleName[role] ?? role}) is refused from the next request on, and whoever signed in with it is signed out. It cannot be made valid again.
    </>
  ),
});

// `ended`: told when one is revoked, which ends the sessions that it opened.
export function Tokens({ list, ended }: { list: Reading<Token[]>; ended: () => void }) {
  const making = useSignal(false);
  const made = useSignal<NewToken | null>(null);
  const make = () => isAdmin.peek() && (making.value = true);
  useShortcuts('People', [{ keys: 'c', says: 'New token', run: make }]);
  return (
    <section class="section">
      <header class="section-head">
        <h2>Tokens</h2> <span class="quiet">of programs, and of people who do not sign in by an identity provider</span>
        <span class="stretch" />
        <button class="button" disabled={!isAdmin.value} title={isAdmin.value ? '' : 'Needs an admin'} onClick={make}>
          <Icon name="plus" /> New token <Key keys="c" />
        </button>
      </header>
      <Ledger label="Tokens" list={list} idOf={({ id }) => id} isOver={isOver} columns={columns} ending={isAdmin.value ? revoking(ended) : null} empty={<p class="quiet">There are no tokens.</p>} />
      {making.value && (
        <MakeToken
          close={() => (making.value = false)}
          made={(token) => {
            making.value = false;
            made.value = token;
            list.reload();
          }}
        />
      )}
      {made.value && <Shown token={made.value} close={() => (made.value = null)} />}
    </section>
  );
}

function MakeToken({ close, made }: { close: () => void; made: (token: NewToken) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('sensor');
  const [days, setDays] = useState(90);
  const make = async () => made(await api.makeToken({ name: name.trim(), role, expires: days ? inDays(days) : null }));
  return (
    <Making title="New token" verb="Make" make={make} close={close}>
      <label>
        Whose
        <input class="field" required autofocus spellcheck={false} autocomplete="off" pattern="[a-z0-9._\-]{1,64}" title="1 to 64 of a-z, 0-9, '.', '_', '-'" placeholder="mail-gateway" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        Role
        <select class="field" value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>
          {(Object.keys(roleName) as Role[]).map((one) => <option key={one} value={one}>{roleName[one]}</option>)}
        </select>
      </label>
      <label>
        For
        <select class="field" value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
          {[1, 30, 90, 365].map((one) => <option key={one} value={one}>{one === 1 ? '1 day' : `${one} days`}</option>)}
          <option value={0}>as long as nobody revokes it</option>
        </select>
      </label>
    </Making>
  );
}

// The one time that its text is there.
function Shown({ token, close }: { token: NewToken; close: () => void }) {
  return (
    <Dialog title={`Token of ${plainOf(token.name)}`} onClose={close}>
      <div class="form">
        <p>It is shown this once. Hand it over where nobody else reads it.</p>
        <input class="field token-text" aria-label="The token" readOnly autofocus value={token.token} onFocus={(event) => event.currentTarget.select()} />
        <footer class="dialog-foot">
          <button class="button button-primary" onClick={close}>Done</button>
        </footer>
      </div>
    </Dialog>
  );
}
