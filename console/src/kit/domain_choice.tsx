// Which part of the company's telemetry a page is about, kept in the address.
import type { Domain } from '../api/contract';
import { goQuery, query } from '../shell/location';
import { domainName, domains } from '../words/vocabulary';

export const chosenDomain = (): Domain => domains.find((domain) => domain === query.value.get('domain')) ?? 'mail';

export function DomainChoice() {
  const chosen = chosenDomain();
  return (
    <div class="domains" role="group" aria-label="Domain">
      {domains.map((domain) => (
        <button key={domain} class={`domain ${domain === chosen ? 'domain-chosen' : ''}`} aria-pressed={domain === chosen} onClick={() => goQuery({ domain: domain === 'mail' ? null : domain })}>
          {domainName[domain]}
        </button>
      ))}
    </div>
  );
}
