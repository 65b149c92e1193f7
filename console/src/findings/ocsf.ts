// Reading an OCSF event: what a path leads to, and the whole of it as lines.
import type { OcsfEvent } from '../api/contract';

// The value at a path such as "src_endpoint.ip"; undefined where the event has none.
function at(event: OcsfEvent, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[step] : undefined), event);
}

// The first of the paths that leads to a text or a number, as text.
export function textAt(event: OcsfEvent, ...paths: string[]): string {
  for (const path of paths) {
    const value = at(event, path);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return '';
}

export function numberAt(event: OcsfEvent, ...paths: string[]): number | null {
  for (const path of paths) {
    const value = at(event, path);
    if (typeof value === 'number') return value;
  }
  return null;
}

export function flagAt(event: OcsfEvent, ...paths: string[]): boolean | null {
  for (const path of paths) {
    const value = at(event, path);
    if (typeof value === 'boolean') return value;
  }
  return null;
}

export interface Line {
  path: string;
  value: string;
}
export const maxLines = 500;

// Every value by its path, in the order of the event; at most so many as anybody reads.
export function linesOf(event: OcsfEvent): Line[] {
  const lines: Line[] = [];
  const walk = (value: unknown, path: string): void => {
    if (lines.length >= maxLines || value === null || value === undefined) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => walk(item, `${path}.${index}`));
    } else if (typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}.${key}` : key);
    } else {
      lines.push({ path, value: String(value) });
    }
  };
  walk(event, '');
  return lines;
}
