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
export const mayPromote = computed(() => ['senior', 'admin'].includes(me.value?.role ?? ''));
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

export async function signIn(token: string): Promise<void> {
  begin(await api.signIn(token));
}

export async function signOut(): Promise<void> {
  await api.signOut();
  me.value = null;
  useCsrf('');
  session.value = 'none';
}
