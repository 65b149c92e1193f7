// What can be done with the selected cases at once.
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { mayChange } from '../session/session';
import { plural } from '../words/number';
import { clearSelection, selected, selectLoaded } from './cursor';
import { assignToMe, openAssign, openSnooze, openVerdict } from './queue_actions';
import { rows } from './queue';

export function BulkBar() {
  const size = selected.value.size;
  if (size === 0) return null;
  const enabled = mayChange.value;
  return (
    <div class="bulk-bar" role="toolbar" aria-label="Selected cases">
      <strong>{plural(size, 'case')} selected</strong>
      {size < rows.value.length && (
        <button class="button button-quiet" onClick={selectLoaded}>
          All {rows.value.length} loaded
        </button>
      )}
      <span class="stretch" />
      <button class="button" disabled={!enabled} onClick={assignToMe}>
        <Icon name="person" /> Assign to me <Key keys="a" />
      </button>
      <button class="button" disabled={!enabled} onClick={(event) => openAssign(event.currentTarget)}>
        Assign… <Key keys="Shift+A" />
      </button>
      <button class="button" disabled={!enabled} onClick={(event) => openSnooze(event.currentTarget)}>
        <Icon name="bell_off" /> Snooze <Key keys="s" />
      </button>
      <button class="button button-primary" disabled={!enabled} onClick={openVerdict}>
        <Icon name="verdict" /> Verdict <Key keys="e" />
      </button>
      <button class="button button-icon" aria-label="Clear selection" title="Clear selection (Esc)" onClick={clearSelection}>
        <Icon name="close" />
      </button>
    </div>
  );
}
