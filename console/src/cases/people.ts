// Who may own a case, as the server knows them: asked for when somebody assigns, a minute apart at most.
import { signal } from '@preact/signals';
import { getPeople } from '../api/endpoints';

export const people = signal<string[]>([]);

const lasts = 60_000;
let asked = -lasts;
export async function learnPeople(): Promise<void> {
  if (performance.now() - asked < lasts) return;
  asked = performance.now();
  try {
    people.value = (await getPeople()).people.map((person) => person.name);
  } catch {
    asked = -lasts; // names can still be typed; the next menu asks again
  }
}
