// What people made and may end again: suppressions, tokens, sessions, legal holds. What is over stays, pale, behind what is not.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { asProblem, type Problem } from '../api/problem';
import type { Reading } from '../api/use_loaded';
import { tellDone, tellProblem } from '../shell/toasts';
import { now } from '../words/time';
import { Dialog } from './dialog';
import { Ghost, ProblemNotice } from './notice';
import { Table } from './table';

export interface Column<Row> {
  name: string;
  number?: boolean;
  title?: (row: Row, at: number) => string;
  cell: (row: Row, at: number) => ComponentChildren;
}

// How one of them is ended.
export interface Ending<Row> {
  verb: string; // "Revoke"
  done: string; // what is told then: "Token revoked"
  end: (row: Row) => Promise<unknown>;
  asks?: (row: Row) => ComponentChildren; // before it: what that means
}

interface LedgerProps<Row> {
  label: string; // "Suppressions"
  list: Reading<Row[]>;
  idOf: (row: Row) => string;
  isOver: (row: Row, at: number) => boolean;
  columns: Column<Row>[];
  ending: Ending<Row> | null; // null: not for this role
  empty: ComponentChildren;
}

export function Ledger<Row>({ label, list: { value, problem, reload }, idOf, isOver, columns, ending, empty }: LedgerProps<Row>) {
  const [asked, setAsked] = useState<Row | null>(null);
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set()); // those being ended: a second press would be refused
  const end = async (row: Row) => {
    if (!ending) return;
    const id = idOf(row);
    setBusy((before) => new Set(before).add(id));
    try {
      await ending.end(row);
      tellDone(ending.done);
    } catch (error) {
      tellProblem(`${ending.verb}: not done`, error);
    }
    await reload();
    setBusy((before) => new Set([...before].filter((other) => other !== id)));
  };
  const at = now.value;
  const rows = value.value;
  const unread = problem.value && <ProblemNotice what={`${label} could not be read${rows ? ' again' : ''}`} problem={problem.value} retry={reload} />;
  if (rows === null) return unread ?? <Ghost lines={4} />;
  if (rows.length === 0) return <>{unread ?? empty}</>;
  const sorted = [...rows].sort((a, b) => Number(isOver(a, at)) - Number(isOver(b, at)));
  return (
    <>
      {unread}
      <Table
        label={label}
        head={
          <>
            {columns.map(({ name, number }) => <th key={name} scope="col" class={number ? 'number' : ''}>{name}</th>)}
            {ending && <th scope="col"><span class="unseen">Actions</span></th>}
          </>
        }
      >
        {sorted.map((row) => (
          <tr key={idOf(row)} class={isOver(row, at) ? 'row-past' : ''}>
            {columns.map(({ name, number, title, cell }) => <td key={name} class={number ? 'number' : ''} title={title?.(row, at)}>{cell(row, at)}</td>)}
            {ending && (
              <td class="table-action">
                {!isOver(row, at) && <button class="button button-quiet" disabled={busy.has(idOf(row))} onClick={() => (ending.asks ? setAsked(row) : void end(row))}>{ending.verb}</button>}
              </td>
            )}
          </tr>
        ))}
      </Table>
      {asked !== null && ending?.asks && (
        <Dialog title={ending.verb} onClose={() => setAsked(null)}>
          <div class="form">
            <p>{ending.asks(asked)}</p>
            <footer class="dialog-foot">
              <button class="button" autofocus onClick={() => setAsked(null)}>Cancel</button>
              <button
                class="button button-primary"
                onClick={() => {
                  setAsked(null);
                  void end(asked);
                }}
              >
                {ending.verb}
              </button>
            </footer>
          </div>
        </Dialog>
      )}
    </>
  );
}

interface MakingProps {
  title: string;
  verb: string;
  make: () => Promise<void>; // tells what it made, and closes
  close: () => void;
  children: ComponentChildren; // the fields
}

// The dialog that makes one. What the server refuses is said in it, and nothing that was written is lost.
export function Making({ title, verb, make, close, children }: MakingProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      await make();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {problem && (
          <p class="token-problem" role="alert">
            <span>{problem.detail} <small>{problem.hint}</small></span>
          </p>
        )}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={close}>Cancel</button>
          <button class="button button-primary" disabled={busy}>{verb}</button>
        </footer>
      </form>
    </Dialog>
  );
}
