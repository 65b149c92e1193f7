// The one way to the server: JSON in and out, the session's cookie, the CSRF value on what changes something.
import { signal } from '@preact/signals';
import { Problem, problemOf, unreachable } from './problem';

// Whether the last request reached the server.
export const online = signal(true);

let csrf = '';
export function useCsrf(value: string): void {
  csrf = value;
}

let onSessionEnd: () => void = () => {};
// `tell` is called when the server no longer knows the session.
export function whenSessionEnds(tell: () => void): void {
  onSessionEnd = tell;
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  version?: number; // sent as If-Match
  signal?: AbortSignal;
  patient?: boolean; // it may take minutes
  signingIn?: boolean; // 401 then means a wrong token, not an ended session
}

const timeoutMs = 20_000;
const patientMs = 600_000;

export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrf) headers['x-winnow-csrf'] = csrf;
  if (options.version !== undefined) headers['if-match'] = `"${options.version}"`;

  const timeout = AbortSignal.timeout(options.patient ? patientMs : timeoutMs);
  let status: number;
  let contentType: string;
  let text: string;
  try {
    const answer = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    status = answer.status;
    contentType = answer.headers.get('content-type') ?? '';
    text = await answer.text();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    online.value = false;
    throw unreachable();
  }
  online.value = true;
  if (status === 401 && !options.signingIn) onSessionEnd();
  if (status < 200 || status > 299) throw problemOf(status, contentType, text);
  if (text === '') return undefined as Answer;
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new Problem(status, 'the server answered with something that is not JSON', 'is another program listening at this address?');
  }
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
