// All findings of a case in the order in which the server lists them, of which the first pages are there and others are read
// when somebody goes there.
import { useState } from 'preact/hooks';
import type { Case, FindingSummary } from '../api/contract';
import * as api from '../api/endpoints';
import { go, withQuery } from '../shell/location';
import { tellProblem } from '../shell/toasts';

const pageSize = 100;

export const findingAddress = (caseId: string, id: string): string => withQuery(`/queue/${encodeURIComponent(caseId)}/${encodeURIComponent(id)}`);

export interface CaseFindings {
  list: readonly (FindingSummary | undefined)[]; // undefined: not read yet
  indexOf: (id: string | null) => number; // -1: not among those read
  read: (index: number) => Promise<FindingSummary | undefined>; // tells what goes wrong
  turn: (from: string | null, by: number) => Promise<void>; // shows the one after, or before
}

// A list with a page laid over it.
export function withPage(list: readonly (FindingSummary | undefined)[], from: number, page: readonly FindingSummary[]): (FindingSummary | undefined)[] {
  return Array.from({ length: Math.max(list.length, from + page.length) }, (_, index) => page[index - from] ?? list[index]);
}

export function useCaseFindings(detail: Case | null): CaseFindings {
  // One that joins moves others: then pages are read anew.
  const key = detail ? `${detail.id} ${detail.findings}` : '';
  const [pages, setPages] = useState<{ key: string; list: CaseFindings['list'] }>({ key: '', list: [] });
  const first = detail?.finding_list ?? [];
  const list = pages.key === key ? pages.list : first;
  const indexOf = (id: string | null) => list.findIndex((finding) => finding !== undefined && finding.id === id);

  const read = async (index: number): Promise<FindingSummary | undefined> => {
    if (!detail || index < 0 || index >= detail.findings || list[index]) return list[index];
    const from = index - (index % pageSize);
    try {
      const page = (await api.getCaseFindings(detail.id, from, pageSize)).findings;
      setPages((before) => ({ key, list: withPage(before.key === key ? before.list : first, from, page) }));
      return page[index - from];
    } catch (error) {
      tellProblem('The findings could not be read', error);
      return undefined;
    }
  };
  const turn = async (from: string | null, by: number): Promise<void> => {
    const next = await read(Math.max(0, indexOf(from)) + by);
    if (detail && next) go(findingAddress(detail.id, next.id), 'replace');
  };
  return { list, indexOf, read, turn };
}
