// Tells when the server is away, and catches up when it is back.
import { online } from '../api/request';
import { listen } from '../api/stream';
import { openCases } from '../cases/open_case';
import { Icon } from '../kit/icon';
import { counts, load, loadedAt, loading, lookSoon, problem, readCounts } from '../queue/queue';
import { openedCase } from '../queue/queue_actions';
import { session } from '../session/session';
import { dateTime } from '../words/time';

export const goLive = (): (() => void) =>
  listen({
    onQueue: (heard) => {
      counts.value = heard;
      lookSoon();
    },
    onCase: (id, version) => {
      if (id === openedCase() && openCases.has(id)) {
        const have = openCases.get(id).peek().value;
        if (have && have.version < version) void openCases.reload(id);
      }
      lookSoon();
    },
    onOpen: (again) => {
      if (!counts.peek() && !loading.peek()) void readCounts();
      if (!again) return;
      problem.peek() ? void load() : lookSoon();
      const opened = openedCase();
      if (opened && openCases.has(opened)) void openCases.reload(opened);
    },
    isSignedIn: () => session.peek() === 'open',
  });

export function ConnectionBanner() {
  if (online.value) return null;
  return (
    <div class="banner" role="status">
      <Icon name="offline" />
      <span>
        <strong>No connection to the server.</strong> {loadedAt.value > 0 && `You see what was there at ${dateTime(new Date(loadedAt.value).toISOString())}. `}
        Nothing can be changed until it is back; this page keeps trying.
      </span>
    </div>
  );
}
