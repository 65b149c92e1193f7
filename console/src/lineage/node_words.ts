// What the nodes of a lineage are called, and where each has a page of its own.
import type { LineageNode } from '../api/contract';
import { eventAt } from '../kit/entity';
import { plainOf } from '../kit/untrusted';
import { plural } from '../words/number';
import { artifactName, routeName, runKindName, shortId } from '../words/vocabulary';
import type { Route } from '../api/contract';

const names: Record<string, string> = { decision: 'Decision', event: 'Event', promotion: 'Promotion', bundle: 'Bundle', run: 'Run', code: 'Code' };

export function kindName({ kind, name, facts }: LineageNode): string {
  if (kind === 'run') return runKindName[name] ?? name;
  if (kind === 'promotion') return facts['rollback'] ? 'Rollback' : 'Promotion';
  return names[kind] ?? artifactName[kind] ?? kind;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

// One line that tells it from others of its kind.
export function describe({ id, kind, name, facts }: LineageNode): string {
  switch (kind) {
    case 'decision':
      return `${routeName[facts['route'] as Route] ?? text(facts['route'])}: ${plainOf(name)}`;
    case 'event':
      return `from ${plainOf(name)}`;
    case 'promotion':
      return `${plainOf(text(facts['actor']))}: ${plainOf(name)}`;
    case 'code':
      return name ? `commit ${name.slice(0, 12)}` : `content ${text(facts['content_digest']).slice(0, 12)}`;
    case 'bundle':
    case 'run':
      return shortId(id);
    default: {
      const rows = (facts['metadata'] as Record<string, unknown> | undefined)?.['rows'];
      return `${plainOf(name)} ${shortId(id)}${kind === 'data_set' && typeof rows === 'number' ? `, ${plural(rows, 'record')}` : ''}`;
    }
  }
}

// Null where the graph is the only page about it.
export function placeOf({ id, kind, facts }: LineageNode): string | null {
  if (kind === 'run') return `/models/${id}`;
  if (kind === 'promotion') return `/audit?entry=${Number(facts['audit_entry'])}`;
  if (kind === 'event') return eventAt(id);
  if (kind === 'code') return null;
  return `/lineage/${id}`;
}
