// Who is signed in, which tokens there are, and what each role may do.
import type { SignedIn } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { type Column, Ledger } from '../kit/ledger';
import { Untrusted } from '../kit/untrusted';
import { isAdmin } from '../session/session';
import { ago, dateTime, exactTime } from '../words/time';
import { roleName } from '../words/vocabulary';
import { Roles } from './roles';
import { Tokens } from './tokens';

const columns: Column<SignedIn>[] = [
  { name: 'Who', cell: ({ name, by_provider }) => <><Untrusted text={name} /> {by_provider && <span class="quiet">by the identity provider</span>}</> },
  { name: 'Role', cell: ({ role }) => roleName[role] ?? role },
  { name: 'Signed in', title: ({ opened }) => exactTime(opened), cell: ({ opened }, at) => ago(opened, at) },
  { name: 'Last seen', title: ({ used }) => exactTime(used), cell: ({ used }, at) => ago(used, at) },
  { name: 'Ends unless used', cell: ({ ends }) => dateTime(ends) },
];

export default function PeoplePage() {
  const sessions = useLoaded('', () => api.getSessions().then((answer) => answer.sessions));
  const tokens = useLoaded('', () => api.getTokens().then((answer) => answer.tokens));
  const ending = {
    verb: 'Sign out',
    done: 'Signed out',
    end: ({ id }: SignedIn) => api.endSessions(id),
    asks: ({ name, by_provider }: SignedIn) => (
      <>
        <Untrusted text={name} /> is signed out in every browser, from the next request on. {by_provider ? 'The identity provider may let them in again: see to it there.' : 'Their token opens another session: revoke it too.'}
      </>
    ),
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">People</h1>
        <span class="quiet">who may do what, and who is here; whatever changes is on record</span>
      </header>
      <section class="section">
        <header class="section-head">
          <h2>Signed in</h2> <span class="quiet">to the console, now</span>
        </header>
        <Ledger
          label="Signed in"
          list={sessions}
          idOf={({ id, opened }) => `${id} ${opened}`}
          isOver={() => false}
          columns={columns}
          ending={isAdmin.value ? ending : null}
          empty={<p class="quiet">Nobody is signed in.</p>}
        />
      </section>
      <Tokens list={tokens} ended={sessions.reload} />
      <Roles />
    </div>
  );
}
