// What it was, and why: one dialog for a case or a whole selection, by keyboard from beginning to end.
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CaseSummary, Scope, Verdict, VerdictGiven } from '../api/contract';
import type { Problem } from '../api/problem';
import { Dialog } from '../kit/dialog';
import { Key } from '../kit/key';
import { Untrusted } from '../kit/untrusted';
import { maySuppressWidely } from '../session/session';
import { tellProblem } from '../shell/toasts';
import { plural } from '../words/number';
import { inDays } from '../words/time';
import { verdictMeaning, verdictName } from '../words/vocabulary';
import { Escalations } from '../suppressions/escalations';
import { giveVerdict } from './actions';
import { caseOf } from './known_cases';

const asked = signal<{ ids: string[]; done: (ids: string[]) => void } | null>(null);
export function askVerdict(ids: string[], done: (ids: string[]) => void): void {
  if (ids.length > 0) asked.value = { ids, done };
}

const verdicts: Verdict[] = ['true_positive', 'benign_positive', 'false_positive'];

interface OfferedScope {
  label: string;
  scope: Scope | null;
  allowed: boolean;
}

// What a benign positive may keep quiet from now on. Wider than one sender needs a senior. Only mail has senders: who acted
// elsewhere may look like a mailbox and is none.
export function scopesOf(one: CaseSummary | undefined, widely: boolean): OfferedScope[] {
  if (!one) return [];
  const case_: Scope = { kind: 'campaign', value: one.id };
  const only: OfferedScope = { label: 'Only this case', scope: null, allowed: true };
  if (one.domains.some((domain) => domain !== 'mail')) return [only, { label: 'The same kinds of event by the same actor', scope: case_, allowed: widely }];
  const campaign: OfferedScope = { label: 'Mail of this campaign', scope: case_, allowed: widely };
  const at = one.sender.lastIndexOf('@');
  if (at <= 0) return [only, campaign];
  const domain = one.sender.slice(at + 1);
  return [
    only,
    { label: `Mail from ${one.sender}`, scope: { kind: 'sender', value: one.sender }, allowed: true },
    { label: `Mail from anyone at ${domain}`, scope: { kind: 'sender_domain', value: domain }, allowed: widely && domain !== '' },
    campaign,
  ];
}

export function VerdictDialog() {
  return asked.value ? <VerdictForm key={asked.value.ids.join()} {...asked.value} /> : null;
}

function VerdictForm({ ids, done }: { ids: string[]; done: (ids: string[]) => void }) {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [reason, setReason] = useState('');
  const [scopeAt, setScopeAt] = useState(0);
  const [days, setDays] = useState(30);
  const [escalations, setEscalations] = useState(false);
  const [missing, setMissing] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const one = ids.length === 1 && ids[0] ? caseOf(ids[0])?.peek() : undefined;
  const scopes = scopesOf(one, maySuppressWidely.value);

  const close = () => (asked.value = null);
  const choose = (value: Verdict) => {
    setVerdict(value);
    setMissing('');
  };
  // Before the next key is pressed: what is typed fast is the reason already.
  useLayoutEffect(() => {
    if (verdict) field.current?.focus();
  }, [verdict]);

  // Until the server has it, what was typed stays here: a refusal costs nobody their reason.
  const send = async (given: VerdictGiven) => {
    setSending(true);
    setProblem(null);
    const refused = await giveVerdict(ids, given);
    const isOpen = asked.peek()?.ids === ids;
    setSending(false);
    if (refused && isOpen) return setProblem(refused);
    if (refused) return tellProblem('Not changed', refused);
    if (isOpen) close();
    done(ids);
  };
  const submit = () => {
    if (sending) return;
    if (!verdict) return setMissing('Choose a verdict first.');
    if (reason.trim() === '') {
      setMissing('Say why: the next analyst, and the model, learn from it.');
      return field.current?.focus();
    }
    const given: VerdictGiven = { verdict, reason: reason.trim() };
    const scope = verdict === 'benign_positive' ? scopes[scopeAt]?.scope : null;
    if (scope) Object.assign(given, { scope: escalations ? { ...scope, escalations } : scope, expires: inDays(days) });
    void send(given);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return submit();
    }
    const typing = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
    const picked = verdicts[Number(event.key) - 1];
    if (!typing && picked) {
      event.preventDefault();
      choose(picked);
    }
  };
  return (
    <Dialog title={ids.length === 1 ? 'Verdict' : `Verdict on ${plural(ids.length, 'case')}`} class="verdict-dialog" onClose={close}>
      <form
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {one && (
          <p class="verdict-subject">
            <Untrusted text={one.title} /> <span class="quiet">from <Untrusted text={one.sender} /></span>
          </p>
        )}
        <div class="verdict-choices" role="radiogroup" aria-label="Verdict">
          {verdicts.map((value, index) => (
            <label key={value} class={`verdict-choice ${verdict === value ? `chosen verdict-${value}` : ''}`}>
              <input type="radio" name="verdict" value={value} checked={verdict === value} autofocus={index === 0} onChange={() => choose(value)} />
              <span class="verdict-name">
                {verdictName[value]} <Key keys={String(index + 1)} />
              </span>
              <small>{verdictMeaning[value]}</small>
            </label>
          ))}
        </div>
        {verdict === 'benign_positive' && scopes.length > 0 && (
          <div class="verdict-scope">
            <label>
              Keep quiet
              <select class="field" value={scopeAt} onChange={(event) => setScopeAt(Number(event.currentTarget.value))}>
                {scopes.map(({ label, allowed }, index) => (
                  <option key={label} value={index} disabled={!allowed}>
                    {label}
                    {allowed ? '' : ' (needs a senior analyst)'}
                  </option>
                ))}
              </select>
            </label>
            {scopeAt > 0 && (
              <label>
                For
                <select class="field" value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
                  <option value={1}>1 day</option>
                  <option value={7}>7 days</option>
                  <option value={30}>30 days</option>
                  {maySuppressWidely.value && <option value={90}>90 days</option>}
                </select>
              </label>
            )}
            {scopeAt > 0 && <Escalations checked={escalations} change={setEscalations} />}
          </div>
        )}
        <label class="verdict-reason">
          Reason
          <textarea
            ref={field}
            class="field"
            rows={3}
            maxLength={2000}
            required
            value={reason}
            aria-invalid={missing !== ''}
            aria-describedby="verdict-missing"
            onInput={(event) => {
              setReason(event.currentTarget.value);
              setMissing('');
            }}
          />
        </label>
        <p id="verdict-missing" class="verdict-missing" role="alert">
          {missing}
          {problem && (
            <>
              Not given: {problem.detail} <small>{problem.hint}</small>
            </>
          )}
        </p>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            Cancel <Key keys="Escape" />
          </button>
          <button class="button button-primary" aria-disabled={sending}>
            {sending ? 'Giving verdict' : 'Give verdict'} <Key keys="Ctrl+Enter" />
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
