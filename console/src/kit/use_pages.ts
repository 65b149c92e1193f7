// A long list that is read a page at a time. What is asked of it stands in the address; another question begins anew.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { asProblem, type Problem } from '../api/problem';
import { query } from '../shell/location';

export interface Pages<Page> {
  asked: string; // what of `filters` is set, as a query; empty: nothing
  pages: Signal<Page[] | null>; // null until the first one is there
  problem: Signal<Problem | null>;
  reading: Signal<boolean>;
  more: () => void; // reads the next page, or again the one that failed
  again: () => void; // begins anew: what came since is there too
}

export function usePages<Page extends { next: string | null }>(filters: readonly string[], read: (asking: URLSearchParams) => Promise<Page>): Pages<Page> {
  const pages = useSignal<Page[] | null>(null);
  const problem = useSignal<Problem | null>(null);
  const reading = useSignal(false);
  const latest = useRef(0);
  const wanted = new URLSearchParams();
  for (const name of filters) if (query.value.get(name)) wanted.set(name, query.value.get(name) ?? '');
  const asked = wanted.toString();

  const more = async () => {
    const number = ++latest.current; // an answer that comes too late is not shown
    const asking = new URLSearchParams(asked);
    const cursor = pages.peek()?.at(-1)?.next;
    if (cursor) asking.set('cursor', cursor);
    reading.value = true;
    try {
      const page = await read(asking);
      if (number !== latest.current) return;
      pages.value = [...(pages.peek() ?? []), page];
      problem.value = null;
    } catch (error) {
      if (number === latest.current) problem.value = asProblem(error);
    } finally {
      if (number === latest.current) reading.value = false;
    }
  };
  useEffect(() => {
    pages.value = null;
    void more();
    return () => {
      latest.current++;
    };
  }, [asked]);
  const again = () => {
    pages.value = null;
    void more();
  };
  return { asked, pages, problem, reading, more: () => void more(), again };
}
