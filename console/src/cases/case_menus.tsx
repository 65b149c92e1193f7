// Snooze and assign: the same menus for the keyboard, the buttons of a case and the bar of a selection.
import { dateTime, forField, inDays, snoozeTimes, weekdayTime } from '../words/time';
import { me } from '../session/session';
import { closeMenu, openMenu } from '../kit/menu';
import { changeCases } from './actions';
import { learnPeople, people } from './people';
import { caseOf } from './known_cases';

type Done = (ids: string[]) => void;

function SnoozeUntil({ choose }: { choose: (time: string) => void }) {
  return (
    <form
      class="menu-form"
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem('until') as HTMLInputElement;
        const time = new Date(field.value);
        if (Number.isNaN(time.getTime()) || time.getTime() <= Date.now()) return field.focus();
        choose(time.toISOString());
      }}
    >
      <label for="until">Until</label>
      <input id="until" name="until" type="datetime-local" class="field" defaultValue={forField(new Date(inDays(1)))} />
      <button class="button">Snooze</button>
    </form>
  );
}

export function openSnoozeMenu(ids: string[], anchor: Element | null, done: Done): void {
  if (ids.length === 0) return;
  const snooze = (until: string | null) => {
    void changeCases(ids, until === null ? { state: 'in_progress' } : { snoozed_until: until });
    done(ids);
  };
  const choices = snoozeTimes(new Date()).map(({ label, until }) => ({
    label,
    note: until.getTime() - Date.now() < 6 * 86_400_000 ? weekdayTime(until) : dateTime(until.toISOString()),
    run: () => snooze(until.toISOString()),
  }));
  if (ids.every((id) => caseOf(id)?.peek().state === 'snoozed')) choices.unshift({ label: 'Wake now', note: '', run: () => snooze(null) });
  openMenu('Snooze', choices, anchor, <SnoozeUntil choose={(time) => (closeMenu(), snooze(time))} />);
}

function SomeoneElse({ choose }: { choose: (name: string) => void }) {
  return (
    <form
      class="menu-form"
      onSubmit={(event) => {
        event.preventDefault();
        const name = (event.currentTarget.elements.namedItem('owner') as HTMLInputElement).value.trim();
        if (name) choose(name);
      }}
    >
      <label for="owner">Someone else</label>
      <input id="owner" name="owner" class="field" autocomplete="off" list="people" />
      <datalist id="people">
        {people.value.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button class="button">Assign</button>
    </form>
  );
}

export function openAssignMenu(ids: string[], anchor: Element | null, others: string[], done: Done): void {
  if (ids.length === 0) return;
  void learnPeople();
  const assign = (owner: string | null) => {
    void changeCases(ids, { owner });
    done(ids);
  };
  const myName = me.peek()?.name;
  openMenu(
    'Assign',
    [
      { label: `Me (${myName})`, run: () => assign('me') },
      { label: 'Nobody', run: () => assign(null) },
      ...others.filter((name) => name !== myName).map((name) => ({ label: name, run: () => assign(name) })),
    ],
    anchor,
    <SomeoneElse choose={(name) => (closeMenu(), assign(name))} />,
  );
}
