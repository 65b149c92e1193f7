// What is kept quiet, by whom, until when, and how often that has mattered.
import { useSignal } from '@preact/signals';
import type { Suppression } from '../api/contract';
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { type Column, Ledger } from '../kit/ledger';
import { Notice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { maySuppressWidely } from '../session/session';
import { useShortcuts } from '../shell/shortcuts';
import { count } from '../words/number';
import { ago, dateTime, exactTime } from '../words/time';
import { scopeName } from '../words/vocabulary';
import { NewSuppression } from './new_suppression';

function stateOf(one: Suppression, at: number): 'active' | 'revoked' | 'expired' {
  if (one.revoked_at) return 'revoked';
  return one.expires_at && Date.parse(one.expires_at) < at ? 'expired' : 'active';
}

function untilWords(one: Suppression, at: number): string {
  const state = stateOf(one, at);
  if (state === 'revoked') return `revoked ${ago(one.revoked_at, at)}`;
  if (state === 'expired') return `expired ${ago(one.expires_at, at)}`;
  return one.expires_at ? dateTime(one.expires_at) : 'no end';
}

const columns: Column<Suppression>[] = [
  {
    name: 'What',
    cell: ({ scope }) => (
      <>
        <span class="quiet">{scopeName[scope.kind] ?? scope.kind}</span> <Untrusted text={scope.value} class="mailbox" />
        {scope.escalations && <span class="chip auth-bad">escalations too</span>}
      </>
    ),
  },
  { name: 'Why', cell: ({ reason }) => <Untrusted text={reason} /> },
  { name: 'By', cell: ({ by, created_at }, at) => <><Untrusted text={by} /> <span class="quiet" title={exactTime(created_at)}>{ago(created_at, at)}</span></> },
  { name: 'Until', title: (one) => exactTime(one.revoked_at ?? one.expires_at), cell: untilWords },
  { name: 'Hits', number: true, title: ({ last_hit_at }) => (last_hit_at ? `Last ${exactTime(last_hit_at)}` : 'Never yet'), cell: ({ hits }) => count(hits) },
];
const revoking = { verb: 'Revoke', done: 'Suppression revoked', end: ({ id }: Suppression) => api.revokeSuppression(id) };

export default function SuppressionsPage() {
  const list = useLoaded('', () => api.getSuppressions().then(({ suppressions }) => suppressions));
  const making = useSignal(false);
  const make = () => maySuppressWidely.peek() && (making.value = true);
  useShortcuts('Suppressions', [{ keys: 'c', says: 'New suppression', run: make }]);
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Suppressions</h1>
        <span class="quiet">what is decided on, but no longer opens cases</span>
        <span class="stretch" />
        <button class="button" disabled={!maySuppressWidely.value} title={maySuppressWidely.value ? '' : 'Needs a senior analyst or an admin'} onClick={make}>
          <Icon name="plus" /> New suppression <Key keys="c" />
        </button>
      </header>
      <Ledger
        label="Suppressions"
        list={list}
        idOf={({ id }) => id}
        isOver={(one, at) => stateOf(one, at) !== 'active'}
        columns={columns}
        ending={maySuppressWidely.value ? revoking : null}
        empty={
          <Notice icon="bell_off" title="Nothing is suppressed">
            <p>A benign positive can keep its sender quiet for a while. Such rules are listed here, with how often they were used.</p>
          </Notice>
        }
      />
      {making.value && (
        <NewSuppression
          close={() => (making.value = false)}
          made={() => {
            making.value = false;
            list.reload();
          }}
        />
      )}
    </div>
  );
}
