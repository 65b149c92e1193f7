// SPF, DKIM, DMARC and ARC as a trusted receiver found them (RFC 8601, section 2.7, has the words).
import type { Authentication } from '../api/contract';
import { plainOf } from '../kit/untrusted';

const good = new Set(['pass', 'bestguesspass']);
const bad = new Set(['fail', 'hardfail', 'softfail', 'permerror', 'reject', 'policy']);

export function AuthenticationChips({ list }: { list: Authentication[] }) {
  if (list.length === 0)
    return (
      <span class="chip" title="No receiver that can be believed checked who sent it">
        not authenticated
      </span>
    );
  return (
    <span class="authentication">
      {list.map(({ method, result, detail }, index) => {
        const kind = good.has(result) ? 'good' : bad.has(result) ? 'bad' : 'unknown';
        return (
          <span key={index} class={`chip auth-${kind}`} title={plainOf(detail)}>
            {plainOf(method).toUpperCase()} {plainOf(result)}
          </span>
        );
      })}
    </span>
  );
}
