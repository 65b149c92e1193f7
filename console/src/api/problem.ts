// What went wrong with a request, in words for the person in front of it.
import type { ProblemDetails } from './contract';

export class Problem extends Error {
  constructor(
    readonly status: number, // of HTTP; 0: the server could not be reached
    readonly detail: string,
    readonly hint: string,
  ) {
    super(detail);
  }

  // Someone else was faster: the case is no longer as it was shown.
  get isConflict(): boolean {
    return this.status === 409 || this.status === 412;
  }
  get isOffline(): boolean {
    return this.status === 0;
  }
}

export function unreachable(): Problem {
  return new Problem(0, 'the server does not answer', 'what you see was loaded before; try again when it is back');
}

// From an answer that is not 2xx. A proxy in between may answer in HTML: its text is not shown.
export function problemOf(status: number, contentType: string, body: string): Problem {
  if (contentType.startsWith('application/problem+json')) {
    try {
      const said = JSON.parse(body) as Partial<ProblemDetails>;
      return new Problem(status, String(said.detail ?? said.title ?? 'the server refused'), String(said.hint ?? ''));
    } catch {
      // Not the JSON it claims to be: told by its status below.
    }
  }
  return new Problem(status, `the server answered with status ${status}`, status >= 500 ? 'try again in a moment; its log says more' : '');
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(-1, error instanceof Error ? error.message : String(error), 'reload the page');
}
