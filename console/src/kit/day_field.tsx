// A day of the browser's zone, kept in the address as the moment when it begins.
import { goQuery, query } from '../shell/location';

const startOf = (day: string): string | null => (day ? new Date(`${day}T00:00:00`).toISOString() : null);
const dayOf = (time: string | null): string => {
  if (!time || Number.isNaN(Date.parse(time))) return '';
  const local = new Date(time);
  return new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

export function DayField({ name, label, forget = [] }: { name: string; label: string; forget?: string[] }) {
  return (
    <label class="day-field">
      {label}{' '}
      <input
        class="field"
        type="date"
        value={dayOf(query.value.get(name))}
        onChange={(event) => goQuery({ ...Object.fromEntries(forget.map((other) => [other, null])), [name]: startOf(event.currentTarget.value) })}
      />
    </label>
  );
}
