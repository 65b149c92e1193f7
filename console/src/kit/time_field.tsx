// A day or a minute of the browser's zone, kept in the address as the moment when it begins.
import { goQuery, query } from '../shell/location';

const lengths = { day: 10, minute: 16 }; // of its text, as the fields of browsers write it
type Unit = keyof typeof lengths;

export const momentOf = (field: string): string | null => (field ? new Date(field.length === lengths.day ? `${field}T00:00:00` : field).toISOString() : null);
export function fieldOf(time: string | null, unit: Unit): string {
  if (!time || Number.isNaN(Date.parse(time))) return '';
  const local = new Date(time);
  return new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, lengths[unit]);
}

export function TimeField({ name, label, unit, forget = [] }: { name: string; label: string; unit: Unit; forget?: string[] }) {
  return (
    <label class="day-field">
      {label}{' '}
      <input
        class="field"
        type={unit === 'day' ? 'date' : 'datetime-local'}
        value={fieldOf(query.value.get(name), unit)}
        onChange={(event) => goQuery({ ...Object.fromEntries(forget.map((other) => [other, null])), [name]: momentOf(event.currentTarget.value) })}
      />
    </label>
  );
}
