// Who is signed in, what they may do, and what happens when the session ends.
import { computed, signal } from '@preact/signals';
import type { Me } from '../api/contract';
import * as api from '../api/endpoints';
import { Problem } from '../api/problem';
import { useCsrf, whenSessionEnds } from '../api/request';

// `ended` keeps what is on screen and asks for a token above it.
export type SessionState = 'asking' | 'none' | 'open' | 'ended' | 'unreachable';

export const me = signal<Me | null>(null);
export const session = signal<SessionState>('asking');

export const mayChange = computed(() => ['analyst', 'senior', 'admin'].includes(me.value?.role ?? ''));
export const isAdmin = computed(() => me.value?.role === 'admin');
export const mayPromote = computed(() => ['senior', 'admin'].includes(me.value?.role ?? ''));
export const mayMendSources = computed(() => ['engineer', 'admin'].includes(me.value?.role ?? ''));
export const maySuppressWidely = computed(() => ['senior', 'admin'].includes(me.value?.role ?? ''));

function begin(who: Me): void {
  me.value = who;
  useCsrf(who.csrf);
  session.value = 'open';
}

export async function resume(): Promise<void> {
  whenSessionEnds(() => {
    if (session.peek() === 'open') session.value = 'ended';
  });
  try {
    begin(await api.getMe());
  } catch (error) {
    session.value = error instanceof Problem && error.status === 401 ? 'none' : 'unreachable';
  }
}

// What one person has read is not for the next: pages and mails are kept in memory, and only a reload forgets them all.
const forgetAll = (place: string): void => window.location.assign(place);

// Somebody else who signs in above the work begins anew.
export async function signIn(token: string): Promise<void> {
  const before = me.peek();
  const who = await api.signIn(token);
  if (before && (before.name !== who.name || before.role !== who.role)) return forgetAll('/queue');
  begin(who);
}

// A session that has ended already is as good as closed.
export async function signOut(): Promise<void> {
  try {
    await api.signOut();
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
  }
  forgetAll('/sign-in');
}

const placeKey = 'winnow.place';

// Signing in by an identity provider leaves the page; the way back ends at the front door, and from there goes on to here.
export const rememberPlace = (): void => {
  const { pathname, search } = window.location;
  if (pathname !== '/sign-in') sessionStorage.setItem(placeKey, pathname + search);
};
export function takePlace(): string | null {
  const place = sessionStorage.getItem(placeKey);
  sessionStorage.removeItem(placeKey);
  return place?.startsWith('/') ? place : null;
}
