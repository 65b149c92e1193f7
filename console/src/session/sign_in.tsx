// Where a token becomes a session: the page, and the same form above the work when a session has ended.
import { useEffect, useState } from 'preact/hooks';
import type { SignInWay } from '../api/contract';
import { getWays } from '../api/endpoints';
import { asProblem } from '../api/problem';
import { Dialog } from '../kit/dialog';
import { Icon } from '../kit/icon';
import { Mark } from '../kit/mark';
import { go, path, query } from '../shell/location';
import { me, rememberPlace, signIn, signOut } from './session';

function TokenForm({ label }: { label: string }) {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ detail: string; hint: string } | null>(null);

  const submit = async (value: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await signIn(value.trim());
      if (path.peek() === '/sign-in') go('/queue', 'replace');
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  useEffect(() => {
    // A sign-in link carries its token behind the #, which browsers send to nobody. It leaves the address bar at once.
    if (path.peek() !== '/sign-in' || !window.location.hash.startsWith('#wnw_')) return;
    const value = window.location.hash.slice(1);
    history.replaceState(null, '', '/sign-in');
    void submit(value);
  }, []);

  return (
    <form
      class="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(token);
      }}
    >
      <label for="token">{label}</label>
      <input
        id="token"
        class="field field-large"
        type="password"
        autocomplete="off"
        spellcheck={false}
        autofocus
        placeholder="wnw_…"
        value={token}
        aria-invalid={problem !== null}
        aria-describedby="token-help"
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      {problem ? (
        <p id="token-help" class="token-problem" role="alert">
          <Icon name="warning" />
          <span>
            {problem.detail}
            {problem.hint && <small>{problem.hint}</small>}
          </span>
        </p>
      ) : (
        <p id="token-help" class="token-help">
          Open the sign-in link you were given, or ask an operator for one: <code>winnow tokens create NAME --role analyst</code>
        </p>
      )}
      <button class="button button-primary button-large" disabled={busy || token.trim() === ''}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}

// Why the identity provider's people come back without a session: what /sign-in?problem=... says.
const REFUSALS: Record<string, string> = {
  busy: 'Too many people sign in at this moment. Try again.',
  denied: 'You were not signed in: the request was declined.',
  expired: 'Signing in took too long, or went on in another window. Try again.',
  provider: 'The identity provider does not answer as it should. Try again; if it stays so, tell an operator.',
  refused: 'The identity provider’s answer cannot be trusted. Try again; if it stays so, tell an operator.',
  role: 'You are known, but have no role in Winnow. An operator can give one to a group that you are in.',
  server: 'Winnow could not sign you in. Try again; its log says more.',
};

// The identity provider's button, where there is one; without an answer there is the token's form all the same.
function Provider() {
  const [way, setWay] = useState<SignInWay | null>(null);
  useEffect(() => {
    getWays().then(
      ({ ways }) => setWay(ways.find((one) => one.kind === 'oidc') ?? null),
      () => {},
    );
  }, []);
  const problem = REFUSALS[query.value.get('problem') ?? ''];
  return (
    <>
      {problem && (
        <p class="token-problem" role="alert">
          <Icon name="warning" />
          <span>{problem}</span>
        </p>
      )}
      {way?.start && (
        <>
          <a class="button button-primary button-large" href={way.start} onClick={rememberPlace}>
            Sign in with {way.name}
          </a>
          <p class="sign-in-or">or</p>
        </>
      )}
    </>
  );
}

export function SignInPage() {
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Mark />
        <h1>Sign in to Winnow</h1>
        <Provider />
        <TokenForm label="Token" />
      </div>
    </main>
  );
}

export function SessionEnded() {
  return (
    <Dialog title="Your session has ended" class="session-ended" onClose={() => void signOut().catch(() => window.location.assign('/sign-in'))}>
      <p>
        Sign in again{me.value ? ` as ${me.value.name}` : ''} and go on where you were. What you see is still here; nothing was changed since.
      </p>
      <Provider />
      <TokenForm label="Token" />
    </Dialog>
  );
}
