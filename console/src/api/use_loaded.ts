// What one page reads: kept while it is shown, read again when `key` changes or somebody asks.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { asProblem, type Problem } from './problem';

export interface Reading<Value> {
  value: Signal<Value | null>;
  problem: Signal<Problem | null>;
  reload: () => Promise<void>; // settled when it is read, or cannot be; never rejected
}

// What was there stays on screen until the new one is, and an answer that comes too late is not shown.
export function useLoaded<Value>(key: string, read: () => Promise<Value>): Reading<Value> {
  const value = useSignal<Value | null>(null);
  const problem = useSignal<Problem | null>(null);
  const asked = useRef(0);
  const reload = () => {
    const number = ++asked.current;
    return read().then(
      (answer) => {
        if (number !== asked.current) return;
        value.value = answer;
        problem.value = null;
      },
      (error: unknown) => {
        if (number === asked.current) problem.value = asProblem(error);
      },
    );
  };
  useEffect(() => {
    reload();
    return () => {
      asked.current++;
    };
  }, [key]);
  return { value, problem, reload };
}
