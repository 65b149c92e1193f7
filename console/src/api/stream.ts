// The live view: server-sent events, reopened after a break, slower each time.
import type { Counts } from './contract';
import { online, request } from './request';

export interface StreamListener {
  onQueue(counts: Counts): void;
  onCase(id: string, version: number): void;
  onOpen(again: boolean): void; // `again`: something may have been missed
  isSignedIn(): boolean; // without a session nothing is tried
}

const firstWaitMs = 1_000;
const longestWaitMs = 15_000;

// Why the stream ended, by an ordinary request: the server is away, the session has ended, or it is only the stream, which
// a proxy may cut; then what was missed is read at the pace of the retries.
async function ask(listener: StreamListener): Promise<void> {
  try {
    await request('/v1/me');
    listener.onOpen(true);
  } catch {
    // Both are shown by whoever listens to request.ts.
  }
}

// Listens until the returned function is called.
export function listen(listener: StreamListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = firstWaitMs;
  let openedBefore = false;

  const read = <Data>(event: Event, use: (data: Data) => void) => {
    try {
      use(JSON.parse((event as MessageEvent<string>).data) as Data);
    } catch {
      // An event that is not understood tells nothing; the next read of the queue sees what changed.
    }
  };
  const open = () => {
    if (!listener.isSignedIn()) {
      timer = setTimeout(open, firstWaitMs);
      return;
    }
    source = new EventSource('/v1/stream');
    source.onopen = () => {
      wait = firstWaitMs;
      online.value = true;
      listener.onOpen(openedBefore);
      openedBefore = true;
    };
    source.addEventListener('queue', (event) => read<{ counts: Counts }>(event, (data) => listener.onQueue(data.counts)));
    source.addEventListener('case', (event) =>
      read<{ id: string; version: number }>(event, (data) => listener.onCase(data.id, data.version)),
    );
    source.onerror = () => {
      // The browser would retry at its own pace and give up on a refusal.
      source?.close();
      void ask(listener);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, longestWaitMs);
    };
  };
  const retryNow = () => {
    if (source?.readyState === EventSource.OPEN) return;
    clearTimeout(timer);
    source?.close();
    open();
  };
  const leave = () => {
    source?.close();
    online.value = false;
  };
  addEventListener('online', retryNow);
  addEventListener('offline', leave);
  open();
  return () => {
    removeEventListener('online', retryNow);
    removeEventListener('offline', leave);
    clearTimeout(timer);
    source?.close();
  };
}
