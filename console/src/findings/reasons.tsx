// Reasons in words, each with how far it moved the log-odds and which way. What a rule or the novelty says moved nothing.
import type { Reason } from '../api/contract';
import { plainOf, Untrusted } from '../kit/untrusted';
import { withoutArns } from '../words/short_name';

const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)}`;

export function Reasons({ list }: { list: Reason[] }) {
  const most = Math.max(0.01, ...list.map((reason) => Math.abs(reason.weight)));
  if (list.length === 0) return null;
  return (
    <ul class="reasons">
      {list.map((reason, index) => (
        <li key={`${reason.feature}-${index}`} class="reason" title={plainOf(`${reason.feature}: ${reason.text}`)}>
          <Untrusted text={withoutArns(reason.text)} class="reason-text" />
          <Weight reason={reason} most={most} />
        </li>
      ))}
      <li class="reason" aria-hidden="true">
        <span class="reasons-key">
          <span>benign</span>
          <span>malicious</span>
        </span>
      </li>
    </ul>
  );
}

function Weight({ reason: { feature, weight }, most }: { reason: Reason; most: number }) {
  if (weight === 0) return <span class="reason-weight quiet">{feature === 'novelty' ? 'novel' : 'rule'}</span>;
  const towards = weight < 0 ? 'benign' : 'malicious';
  return (
    <>
      <span class="reason-bar" aria-hidden="true">
        <span class={`reason-fill reason-${towards}`} style={{ width: `${(Math.abs(weight) / most) * 50}%` }} />
      </span>
      <span class="reason-weight number" aria-label={`${signed(weight)} towards ${towards}`} role="img">
        {signed(weight)}
      </span>
    </>
  );
}
