// Files of mappings that do not compile now: which, where they are wrong, and what holds meanwhile.
import type { RefusedMapping } from '../api/contract';
import { Icon } from '../kit/icon';
import { plural } from '../words/number';

export function RefusedMappings({ refused }: { refused: RefusedMapping[] }) {
  if (refused.length === 0) return null;
  return (
    <section class="section drift" aria-label="Mappings that do not compile" role="status">
      <header class="section-head">
        <h2><Icon name="warning" /> {plural(refused.length, 'mapping')} {refused.length === 1 ? 'does' : 'do'} not compile</h2>
      </header>
      <ul class="drift-list">
        {refused.map((one) => (
          <li key={one.file}>
            <strong>{one.mapping}</strong>{' '}
            {one.held ? 'goes on as it was before' : 'reads nothing: its records wait in quarantine, and are tried again once it is mended'}
            : <code>{one.reason}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
