// A table that scrolls sideways within its place, by keyboard too, where a page is too narrow for it.
import type { ComponentChildren } from 'preact';

// `head` are the cells of its first line, `children` the other lines; `kind` names its own columns in style/.
export function Table({ label, kind = '', head, children }: { label: string; kind?: string; head?: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table class={`table ${kind}`}>
        {head && (
          <thead>
            <tr>{head}</tr>
          </thead>
        )}
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
