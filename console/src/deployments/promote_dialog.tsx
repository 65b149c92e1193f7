// Another bundle decides: every check shown first, then a reason, then it acts from the next batch on, or once its states are filled.
import { useState } from 'preact/hooks';
import type { PromotionPlan } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { useLoaded } from '../api/use_loaded';
import { Dialog } from '../kit/dialog';
import { Icon } from '../kit/icon';
import { Ghost } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { tellDone } from '../shell/toasts';
import { shortId, wordsOf } from '../words/vocabulary';

interface PromoteDialogProps {
  domain: string;
  bundle: string | null; // null: go back to the champion before
  close: () => void;
  done: () => void;
}

export function PromoteDialog({ domain, bundle, close, done }: PromoteDialogProps) {
  const plan = useLoaded(`${domain} ${bundle}`, () => api.planDeployment(domain, bundle));
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const planned = plan.value.value;
  const refused = plan.problem.value ?? problem;
  const submit = async () => {
    setBusy(true);
    try {
      const promotion = bundle ? await api.promote(domain, bundle, reason.trim()) : await api.rollBack(domain, reason.trim());
      tellDone(`${shortId(promotion.champion)} is promoted`);
      done();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={bundle ? 'Promote a bundle' : 'Go back to the bundle before'} onClose={close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {planned ? <Checks plan={planned} /> : !refused && <Ghost lines={3} />}
        <label>
          Why
          <textarea class="field" rows={2} required autofocus maxLength={900} placeholder="What is better about it, or what went wrong" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        {refused && (
          <p class="token-problem" role="alert">
            <span>{refused.detail} <small>{refused.hint}</small></span>
          </p>
        )}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={close}>Cancel</button>
          <button class="button button-primary" disabled={busy || !planned?.holds || reason.trim() === ''}>{bundle ? 'Promote' : 'Go back'}</button>
        </footer>
      </form>
    </Dialog>
  );
}

function Checks({ plan }: { plan: PromotionPlan }) {
  return (
    <div>
      <p class="plan-change">
        <code>{shortId(plan.champion)}</code> would decide{plan.before && <> instead of <code>{shortId(plan.before)}</code></>}: from the next {wordsOf(plan.domain).one} on, or once its states are filled.
      </p>
      <ul class="checks">
        {plan.checks.map((check) => (
          <li key={check.name} class={!check.holds ? 'check-fails' : check.doubtful ? 'check-doubtful' : 'check-holds'}>
            <Icon name={check.holds && !check.doubtful ? 'check' : 'warning'} />
            <span><strong>{check.name}</strong> <Untrusted text={check.detail} class="quiet" /></span>
          </li>
        ))}
      </ul>
    </div>
  );
}
