import { useState } from 'preact/hooks';
import type { ScopeKind } from '../api/contract';
import * as api from '../api/endpoints';
import { Making } from '../kit/ledger';
import { tellDone } from '../shell/toasts';
import { inDays } from '../words/time';
import { scopeName } from '../words/vocabulary';
import { Escalations } from './escalations';

export function NewSuppression({ close, made }: { close: () => void; made: () => void }) {
  const [kind, setKind] = useState<ScopeKind>('sender');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const [days, setDays] = useState(30);
  const [escalations, setEscalations] = useState(false);
  const make = async () => {
    await api.makeSuppression({ scope: { kind, value: value.trim(), ...(escalations ? { escalations } : {}) }, reason: reason.trim(), expires: inDays(days) });
    tellDone('Suppression made');
    made();
  };
  return (
    <Making title="New suppression" verb="Suppress" make={make} close={close}>
      <label>
        What
        <select class="field" autofocus value={kind} onChange={(event) => setKind(event.currentTarget.value as ScopeKind)}>
          {(Object.keys(scopeName) as ScopeKind[]).map((one) => (
            <option key={one} value={one}>{scopeName[one]}</option>
          ))}
        </select>
      </label>
      <label>
        {kind === 'sender' ? 'Mailbox' : kind === 'sender_domain' ? 'Domain' : 'Case of the campaign'}
        <input
          class="field"
          required
          spellcheck={false}
          autocomplete="off"
          placeholder={kind === 'sender' ? 'reports@scanner.example' : kind === 'sender_domain' ? 'scanner.example' : 'c-…'}
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </label>
      <label>
        Why
        <textarea class="field" rows={2} required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      <label>
        For
        <select class="field" value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
          {[1, 7, 30, 90].map((one) => (
            <option key={one} value={one}>{one === 1 ? '1 day' : `${one} days`}</option>
          ))}
        </select>
      </label>
      <Escalations checked={escalations} change={setEscalations} />
    </Making>
  );
}
