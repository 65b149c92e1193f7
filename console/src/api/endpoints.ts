// Every call the console makes, one line each.
import type {
  BulkAnswer, BulkRequest, Case, CaseChange, Finding, Me, QueuePage, SignInWay, Status, Suppression, VerdictGiven, Scope,
} from './contract';
import { request } from './request';

const id = encodeURIComponent;

export const getMe = () => request<Me>('/v1/me', { signingIn: true });
export const getWays = () => request<{ ways: SignInWay[] }>('/v1/sign-in', { signingIn: true });
export const signIn = (token: string) => request<Me>('/v1/session', { method: 'POST', body: { token }, signingIn: true });
export const signOut = () => request<void>('/v1/session', { method: 'DELETE' });

export const getQueue = (query: URLSearchParams, signal?: AbortSignal) =>
  request<QueuePage>(`/v1/queue?${query}`, signal ? { signal } : {});
export const getCase = (key: string, signal?: AbortSignal) => request<Case>(`/v1/cases/${id(key)}`, signal ? { signal } : {});
export const changeCase = (key: string, change: CaseChange, version: number) =>
  request<Case>(`/v1/cases/${id(key)}`, { method: 'PATCH', body: change, version });
export const addNote = (key: string, text: string) =>
  request<Case>(`/v1/cases/${id(key)}/notes`, { method: 'POST', body: { text } });
export const giveVerdict = (key: string, verdict: VerdictGiven) =>
  request<Case>(`/v1/cases/${id(key)}/verdict`, { method: 'POST', body: verdict });
export const changeCases = (body: BulkRequest) => request<BulkAnswer>('/v1/cases/bulk', { method: 'POST', body });

export const getFinding = (key: string, signal?: AbortSignal) =>
  request<Finding>(`/v1/findings/${id(key)}`, signal ? { signal } : {});

export const getSuppressions = () => request<{ suppressions: Suppression[] }>('/v1/suppressions');
export const makeSuppression = (body: { scope: Scope; reason: string; expires: string }) =>
  request<Suppression>('/v1/suppressions', { method: 'POST', body });
export const revokeSuppression = (key: string) => request<void>(`/v1/suppressions/${id(key)}`, { method: 'DELETE' });

export const getStatus = () => request<Status>('/v1/status');
