// The list of cases in front of the analyst. Pages come by cursor as the list is scrolled; what changes on the server never
// moves what is on screen: arrivals are counted and wait until they are asked for.
import { batch, computed, signal } from '@preact/signals';
import type { CaseSummary, Counts, QueuePage } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { isAbort } from '../api/request';
import { caseOf, forgetAllBut, remember } from '../cases/known_cases';
import { me } from '../session/session';
import { belongs, type Filter, filter, queryOf } from './filter';

const pageSize = 100;
const pageSizeBehind = 500; // when someone scrolled far ahead of what is loaded

const loadedIds = signal<readonly string[]>([]);
const gone = signal<ReadonlySet<string>>(new Set()); // changed here so that they belong here no more
const totalFound = signal(0);
export const counts = signal<Counts | null>(null);
export const loading = signal(false);
export const problem = signal<Problem | null>(null);
export const arrivals = signal(0);
export const loadedAt = signal(0);

export const rows = computed(() => (gone.value.size ? loadedIds.value.filter((id) => !gone.value.has(id)) : loadedIds.value));
export const total = computed(() => Math.max(rows.value.length, totalFound.value - gone.value.size));

let next: string | null = null;
let reading: AbortController | undefined;
let readingMore = false;
let wantedRows = 0;
let shown: Filter | undefined; // what the list was read with

// Reads the list anew from its top. `quietly` leaves the old one on screen until the new one is there.
export async function load(quietly = false): Promise<void> {
  reading?.abort();
  const mine = (reading = new AbortController());
  const wanted = filter.peek();
  batch(() => {
    loading.value = !quietly;
    problem.value = null;
    if (!quietly) loadedIds.value = [];
  });
  try {
    const page = await api.getQueue(queryOf(wanted, pageSize, null), mine.signal);
    if (mine.signal.aborted) return;
    batch(() => {
      shown = wanted;
      take(page, []);
      gone.value = new Set();
      arrivals.value = 0;
      loadedAt.value = Date.now();
      loading.value = false;
    });
    forgetAllBut(new Set(loadedIds.peek()));
  } catch (error) {
    if (isAbort(error) || mine.signal.aborted) return;
    batch(() => {
      loading.value = false;
      problem.value = asProblem(error);
    });
  }
}

function take(page: QueuePage, before: readonly string[]): void {
  // A case that moved down while pages were read is on two of them.
  const have = new Set(before);
  for (const one of page.cases) remember(one);
  loadedIds.value = [...before, ...page.cases.map((one) => one.id).filter((id) => !have.has(id))];
  next = page.next;
  totalFound.value = page.total;
  counts.value = page.counts;
}

// Reads on until `index` is there, page after page.
export async function reach(index: number): Promise<void> {
  wantedRows = index + 1;
  if (readingMore || loading.peek() || !reading) return;
  const mine = reading;
  readingMore = true;
  try {
    while (wantedRows > rows.peek().length && next && shown && !mine.signal.aborted) {
      const size = wantedRows - rows.peek().length > pageSize ? pageSizeBehind : pageSize;
      const page = await api.getQueue(queryOf(shown, size, next), mine.signal);
      if (!mine.signal.aborted) batch(() => take(page, loadedIds.peek()));
    }
  } catch (error) {
    // What is there stays; scrolling on tries again.
    if (!isAbort(error) && rows.peek().length === 0) problem.value = asProblem(error);
  } finally {
    readingMore = false;
  }
}

// For the navigation of pages that show no list.
export async function readCounts(): Promise<void> {
  try {
    counts.value = (await api.getQueue(queryOf(filter.peek(), 1, null))).counts;
  } catch {
    // The banner tells that the server is away.
  }
}

export const stillBelongs = (one: CaseSummary): boolean => belongs(one, shown ?? filter.peek(), me.peek()?.name ?? '');

// After changes made here: what no longer belongs leaves the list, what belongs again returns to its place.
export function settle(ids: string[]): void {
  const left = new Set(gone.peek());
  for (const id of ids) {
    const one = caseOf(id)?.peek();
    if (!one) continue;
    stillBelongs(one) ? left.delete(id) : left.add(id);
  }
  gone.value = left;
}

const lookMs = 2_500;
let look: ReturnType<typeof setTimeout> | undefined;

// Something changed on the server: looks at the top of the list soon, updates what is on screen in place and counts the rest.
export function lookSoon(): void {
  look ??= setTimeout(() => {
    look = undefined;
    void lookAtTop();
  }, lookMs);
}

async function lookAtTop(): Promise<void> {
  if (document.hidden || loading.peek() || !shown) return;
  const wanted = shown;
  try {
    const page = await api.getQueue(queryOf(wanted, pageSize, null));
    if (shown !== wanted) return;
    const have = new Set(loadedIds.peek());
    batch(() => {
      for (const one of page.cases) if (have.has(one.id)) remember(one);
      arrivals.value = page.cases.filter((one) => !have.has(one.id)).length;
      counts.value = page.counts;
      problem.value = null;
    });
    if (have.size === 0 && page.cases.length > 0) void load(true); // nothing on screen that could move
  } catch {
    // The banner tells that the server is away; the next event looks again.
  }
}
