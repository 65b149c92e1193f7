// How long what is kept, when it went last and goes next, and what would go now.
import { useSignal } from '@preact/signals';
import type { Retention, RetentionPlan, RetentionRun } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { useLoaded } from '../api/use_loaded';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { useShortcuts } from '../shell/shortcuts';
import { bytes, count, plural } from '../words/number';
import { ago, dateTime, exactTime, now } from '../words/time';
import { keptName, kinds } from './rule_words';

export function Rules() {
  const { value, problem, reload } = useLoaded('', api.getRetention);
  if (problem.value && !value.value) return <ProblemNotice what="Retention could not be read" problem={problem.value} retry={reload} />;
  const at = value.value;
  if (!at) return <Ghost lines={5} />;
  return (
    <>
      <section class="section">
        <header class="section-head">
          <h2>How long</h2> <span class="quiet">as <code>retention.*</code> of winnow.yaml says</span>
        </header>
        <Table label="How long what is kept">
          {kinds.map((kind) => {
            const rule = at.rules.find((one) => one.rule === kind);
            return (
              <tr key={kind} class={rule ? '' : 'row-past'}>
                <th scope="row">{keptName(kind)}</th>
                <td>{rule ? plural(rule.days, 'day') : 'for ever'}</td>
              </tr>
            );
          })}
        </Table>
        <dl class="facts retention-when">
          <div>
            <dt>Next</dt>
            <dd>{nextWords(at)}</dd>
          </div>
          <div>
            <dt>Last</dt>
            <dd>{at.last ? <Last run={at.last} /> : <span class="quiet">not since the service started; the <a class="link" href="/audit?action=retention">audit log</a> has every application</span>}</dd>
          </div>
        </dl>
      </section>
      {at.rules.length > 0 && <WhatWouldGo />}
    </>
  );
}

function nextWords({ rules, running, next_at }: Retention): string {
  if (running) return 'it runs now';
  if (rules.length === 0) return 'never: everything is kept for ever';
  return next_at ? dateTime(next_at) : 'when an admin asks for it';
}

function Last({ run }: { run: RetentionRun }) {
  return (
    <>
      <span title={exactTime(run.ended_at)}>{ago(run.ended_at, now.value)}</span> by <Untrusted text={run.by} />: {plural(run.rows, 'row')} went, {bytes(run.bytes_erased)} of {plural(run.mails_erased, 'mail')} erased
      {run.problem && (
        <span class="failure" role="alert">
          <Icon name="warning" /> <span>Not done to its end: <Untrusted text={run.problem} /></span>
        </span>
      )}
    </>
  );
}

// Only when somebody asks: it reads all that is old enough.
function WhatWouldGo() {
  const plans = useSignal<RetentionPlan[] | null>(null);
  const problem = useSignal<Problem | null>(null);
  const reading = useSignal(false);
  const look = async () => {
    if (reading.peek()) return;
    reading.value = true;
    try {
      plans.value = (await api.getRetentionPlan()).plans;
      problem.value = null;
    } catch (error) {
      problem.value = asProblem(error);
    }
    reading.value = false;
  };
  useShortcuts('Retention', [{ keys: 'v', says: 'What would go now', run: () => void look() }]);
  return (
    <section class="section">
      <header class="section-head">
        <h2>What would go now</h2> <span class="quiet">looking changes nothing</span>
        <span class="stretch" />
        <button class="button" disabled={reading.value} onClick={() => void look()}>
          <Icon name="search" /> {reading.value ? 'Looking' : plans.value ? 'Look again' : 'Look'} <Key keys="v" />
        </button>
      </header>
      {problem.value && <ProblemNotice what="It could not be planned" problem={problem.value} retry={() => void look()} />}
      {plans.value && <Plans list={plans.value} />}
    </section>
  );
}

function Plans({ list }: { list: RetentionPlan[] }) {
  if (list.every(({ rows, held, open }) => rows + held + open === 0)) return <p class="quiet" role="status">Nothing is old enough.</p>;
  return (
    <Table
      label="What would go now"
      head={
        <>
          <th scope="col">What</th>
          <th scope="col">Older than</th>
          <th scope="col" class="number">Goes</th>
          <th scope="col" class="number">Size</th>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col" class="number">Held</th>
          <th scope="col" class="number">In open cases</th>
        </>
      }
    >
      {list.map((plan) => (
        <tr key={plan.rule} class={plan.rows === 0 ? 'row-past' : ''}>
          <th scope="row">{keptName(plan.rule.split(':')[0] ?? '')}</th>
          <td>{dateTime(plan.before)}</td>
          <td class="number" title={plan.more ? 'There is more, which goes the next time' : ''}>{count(plan.rows)}{plan.more && '+'}</td>
          <td class="number">{plan.bytes === null ? '–' : bytes(plan.bytes)}</td>
          <td>{plan.first ? dateTime(plan.first) : '–'}</td>
          <td>{plan.last ? dateTime(plan.last) : '–'}</td>
          <td class="number">{count(plan.held)}</td>
          <td class="number">{count(plan.open)}</td>
        </tr>
      ))}
    </Table>
  );
}
