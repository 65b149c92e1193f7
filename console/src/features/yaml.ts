// A feature as its file declares it.
import type { FeatureDefinition } from '../api/contract';

const quoted = (text: string): string => JSON.stringify(text);
const trend = { '-1': 'falling', '0': '', '1': 'rising' } as const;

export function yamlOf(feature: FeatureDefinition): string {
  const lines: [string, string][] = [
    ['group', feature.group],
    ['unit', feature.unit],
    ['meaning', quoted(feature.meaning)],
    ['value', quoted(feature.value)],
    ['when', feature.when && quoted(feature.when)],
    ['monotone', trend[feature.monotone]],
    ['pivot', feature.pivot === 0.5 ? '' : String(feature.pivot)],
    ['high', quoted(feature.high)],
    ['low', quoted(feature.low)],
    ['missing', feature.missing && quoted(feature.missing)],
  ];
  return [`- name: ${feature.name}`, ...lines.filter(([, text]) => text !== '').map(([name, text]) => `  ${name}: ${text}`)].join('\n');
}
