// Of which part of the company's telemetry something is, as a sign with its name.
import type { Domain } from '../api/contract';
import { domainName } from '../words/vocabulary';
import { Icon, type IconName } from './icon';

const signs: Record<Domain, IconName> = { mail: 'mail', network: 'globe', endpoint: 'system', cloud: 'cloud', alerts: 'alert' };

export function DomainMark({ domains }: { domains: Domain[] }) {
  if (domains.length === 0) return null;
  const names = domains.map((domain) => domainName[domain] ?? domain).join(', ');
  return (
    <span class="domain-mark" role="img" aria-label={names} title={names}>
      {domains.map((domain) => (
        <Icon key={domain} name={signs[domain] ?? 'list'} size={14} />
      ))}
    </span>
  );
}
