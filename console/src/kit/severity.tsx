import type { Severity } from '../api/contract';
import { severityName } from '../words/vocabulary';

const bars: Record<Severity, number> = { low: 1, medium: 2, high: 3, critical: 4 };

// Four bars, so that it can be told without colour.
export function SeverityMark({ severity }: { severity: Severity }) {
  const filled = bars[severity] ?? 0;
  return (
    <svg class={`severity severity-${severity}`} viewBox="0 0 16 16" width="16" height="16" role="img" aria-label={severityName[severity] ?? severity}>
      <title>{severityName[severity] ?? severity}</title>
      {[0, 1, 2, 3].map((bar) => (
        <rect key={bar} x={1 + bar * 3.7} y={11 - bar * 3} width="2.6" height={4 + bar * 3} rx="0.8" class={bar < filled ? 'on' : 'off'} />
      ))}
    </svg>
  );
}
