// The whole log verified, and in plain words what that checked, and what is wrong since when.
import { useSignal } from '@preact/signals';
import type { Verification } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';
import { me } from '../session/session';
import { goQuery } from '../shell/location';
import { count, plural } from '../words/number';
import { exactTime } from '../words/time';

const mayVerify = (): boolean => ['auditor', 'admin'].includes(me.value?.role ?? '');

export function VerifyPanel({ close }: { close: () => void }) {
  const kept = useSignal('');
  const busy = useSignal(false);
  const found = useSignal<Verification | null>(null);
  const problem = useSignal<Problem | null>(null);
  const verify = async () => {
    busy.value = true;
    problem.value = null;
    found.value = null;
    try {
      // As it was downloaded: the note ends with a line break, which fields lose.
      found.value = await api.verifyAudit(kept.value.trim() ? [`${kept.value.trim()}\n`] : []);
    } catch (error) {
      problem.value = asProblem(error);
    }
    busy.value = false;
  };
  return (
    <section class="verify" aria-label="Verify">
      <header class="section-head">
        <h2>Verify the log</h2>
        <span class="stretch" />
        <button class="button button-icon" aria-label="Close" onClick={close}><Icon name="close" /></button>
      </header>
      {mayVerify() ? (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void verify();
          }}
        >
          <label>
            A checkpoint that you kept elsewhere (optional): with it, also a log that was replaced as a whole is found
            <textarea class="field canonical" rows={3} spellcheck={false} value={kept.value} onInput={(event) => (kept.value = event.currentTarget.value)} />
          </label>
          <div>
            <button class="button button-primary" disabled={busy.value}>{busy.value ? 'Reading the whole log …' : 'Verify now'}</button>
          </div>
        </form>
      ) : (
        <p class="quiet">
          An auditor or an admin verifies here. Anybody can do it elsewhere: <code>winnow audit verify</code>, or any C2SP verifier with a proof, the
          checkpoint and the public keys.
        </p>
      )}
      <div aria-live="polite">
        {problem.value && <p class="token-problem"><Icon name="alert" /> <span>{problem.value.detail} <small>{problem.value.hint}</small></span></p>}
        {found.value && <Result found={found.value} />}
      </div>
    </section>
  );
}

function Result({ found }: { found: Verification }) {
  return (
    <div class={`verified ${found.verified ? 'verified-good' : 'verified-bad'}`}>
      <p class="verified-lead">
        <Icon name={found.verified ? 'check' : 'warning'} size={20} />
        {found.verified ? 'Nothing in the log was changed, removed, put in, or reordered.' : 'The log does not hold.'}
      </p>
      {found.findings.map((finding, index) => (
        <p key={index} class="verified-finding">
          <Untrusted text={finding.what} />
          {finding.unchanged_until && <span class="quiet"> Proven unchanged up to {exactTime(finding.unchanged_until)}.</span>}
          {finding.entry !== null && (
            <button class="text-button" onClick={() => goQuery({ entry: String(finding.entry) })}>Show entry {count(finding.entry)}</button>
          )}
        </p>
      ))}
      <h3>What was checked</h3>
      {found.verified ? <WhatHolds found={found} /> : <WhatIsProven found={found} />}
      <p class="quiet">
        {exactTime(found.at)}, in {count(Math.max(1, Math.round(found.took_ms)))} ms. Log <code><Untrusted text={found.origin} /></code>, root <code class="digest">{found.root}</code>
      </p>
    </div>
  );
}

function WhatHolds({ found }: { found: Verification }) {
  return (
    <ul class="verified-list">
      <li>
        {plural(found.entries, 'entry', 'entries')}, from the first to the last: each was read and hashed, and the tree of hashes was computed anew.
      </li>
      <li>
        {plural(found.checkpoints, 'checkpoint')} within the log: each is about exactly the entries before it. The latest is signed with a key of this workspace.
      </li>
      <li>The copy of the latest checkpoint beside the log: nothing was cut off since it was written.</li>
      {found.known_checkpoints > 0 ? (
        <li>The checkpoint that you kept: the log has only grown since.</li>
      ) : (
        <li>Not checked: whether the whole log, with its keys, was replaced by another. A checkpoint kept elsewhere tells.</li>
      )}
    </ul>
  );
}

// Reading ends where the log stops to agree with what was signed.
function WhatIsProven({ found }: { found: Verification }) {
  return (
    <ul class="verified-list">
      <li>
        {plural(found.entries, 'entry', 'entries')} were read, hashed, and agree with {plural(found.checkpoints, 'checkpoint')} within the log. What comes behind
        them proves nothing.
      </li>
      {found.known_checkpoints > 0 && <li>The checkpoint that you kept was compared with them.</li>}
    </ul>
  );
}
