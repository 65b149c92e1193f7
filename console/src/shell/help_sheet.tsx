// What the keyboard can do here: whatever the views on screen offer.
import { signal } from '@preact/signals';
import { Dialog } from '../kit/dialog';
import { Key } from '../kit/key';
import { offers, type Shortcut } from './shortcuts';

const open = signal(false);
export const showHelp = (): void => {
  open.value = true;
};

function listed(): Map<string, Shortcut[]> {
  const groups = new Map<string, Shortcut[]>();
  const seen = new Set<string>();
  for (const { current } of offers.value.toReversed()) {
    for (const shortcut of current.shortcuts) {
      if (!shortcut.says || seen.has(shortcut.keys)) continue;
      seen.add(shortcut.keys);
      groups.set(current.group, [...(groups.get(current.group) ?? []), shortcut]);
    }
  }
  return groups;
}

export function HelpSheet() {
  if (!open.value) return null;
  return (
    <Dialog title="Keyboard" class="help-sheet" onClose={() => (open.value = false)}>
      <div class="help-groups">
        {[...listed()].map(([group, shortcuts]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <div key={shortcut.keys} class="help-line">
                  <dt>{shortcut.says}</dt>
                  <dd>
                    <Key keys={shortcut.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
