// What is kept quiet, by whom, until when, and how often that has mattered.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Suppression } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { maySuppressWidely } from '../session/session';
import { useShortcuts } from '../shell/shortcuts';
import { tellDone, tellProblem } from '../shell/toasts';
import { count } from '../words/number';
import { ago, dateTime, exactTime, now } from '../words/time';
import { scopeName } from '../words/vocabulary';
import { NewSuppression } from './new_suppression';

export default function SuppressionsPage() {
  const list = useSignal<Suppression[] | null>(null);
  const problem = useSignal<Problem | null>(null);
  const making = useSignal(false);
  const read = async () => {
    try {
      list.value = (await api.getSuppressions()).suppressions;
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    }
  };
  const revoke = async (one: Suppression) => {
    const before = list.peek();
    list.value = before?.map((other) => (other.id === one.id ? { ...other, revoked_at: new Date().toISOString() } : other)) ?? null;
    try {
      await api.revokeSuppression(one.id);
      tellDone('Suppression revoked');
    } catch (error) {
      list.value = before;
      tellProblem('Not revoked', error);
    }
  };
  useEffect(() => void read(), []);
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
      {problem.value ? (
        <ProblemNotice what="The suppressions could not be read" problem={problem.value} retry={() => void read()} />
      ) : list.value === null ? (
        <Ghost lines={6} />
      ) : list.value.length === 0 ? (
        <Notice icon="bell_off" title="Nothing is suppressed">
          <p>A benign positive can keep its sender quiet for a while. Such rules are listed here, with how often they were used.</p>
        </Notice>
      ) : (
        <SuppressionTable list={list.value} revoke={(one) => void revoke(one)} />
      )}
      {making.value && (
        <NewSuppression
          close={() => (making.value = false)}
          made={() => {
            making.value = false;
            void read();
          }}
        />
      )}
    </div>
  );
}

function stateOf(one: Suppression, at: number): 'active' | 'revoked' | 'expired' {
  if (one.revoked_at) return 'revoked';
  return one.expires_at && Date.parse(one.expires_at) < at ? 'expired' : 'active';
}

function SuppressionTable({ list, revoke }: { list: Suppression[]; revoke: (one: Suppression) => void }) {
  const at = now.value;
  const sorted = [...list].sort((a, b) => Number(stateOf(a, at) !== 'active') - Number(stateOf(b, at) !== 'active'));
  return (
    <Table
      label="Suppressions"
      head={
        <>
          <th scope="col">What</th>
          <th scope="col">Why</th>
          <th scope="col">By</th>
          <th scope="col">Until</th>
          <th scope="col" class="number">Hits</th>
          <th scope="col"><span class="unseen">Actions</span></th>
        </>
      }
    >
      {sorted.map((one) => {
        const state = stateOf(one, at);
        return (
          <tr key={one.id} class={state === 'active' ? '' : 'row-past'}>
            <td>
              <span class="quiet">{scopeName[one.scope.kind] ?? one.scope.kind}</span> <Untrusted text={one.scope.value} class="mailbox" />
              {one.scope.escalations && <span class="chip auth-bad">escalations too</span>}
            </td>
            <td><Untrusted text={one.reason} /></td>
            <td>
              <Untrusted text={one.by} /> <span class="quiet" title={exactTime(one.created_at)}>{ago(one.created_at, at)}</span>
            </td>
            <td title={exactTime(state === 'revoked' ? one.revoked_at : one.expires_at)}>
              {state === 'revoked' ? `revoked ${ago(one.revoked_at, at)}` : state === 'expired' ? `expired ${ago(one.expires_at, at)}` : one.expires_at ? dateTime(one.expires_at) : 'no end'}
            </td>
            <td class="number" title={one.last_hit_at ? `Last ${exactTime(one.last_hit_at)}` : 'Never yet'}>{count(one.hits)}</td>
            <td class="table-action">
              {state === 'active' && maySuppressWidely.value && (
                <button class="button button-quiet" onClick={() => revoke(one)}>Revoke</button>
              )}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
