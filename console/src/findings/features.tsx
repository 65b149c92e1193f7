// All that the model saw, for who wants to know exactly. Closed until asked for.
import { useState } from 'preact/hooks';
import type { Feature } from '../api/contract';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';

const written = ({ value, unit }: Feature): string => {
  if (value === null || Number.isNaN(value)) return 'unknown';
  if (unit === 'yes/no') return value > 0.5 ? 'yes' : 'no';
  const number = Number.isInteger(value) ? String(value) : value.toPrecision(3);
  return unit ? `${number} ${unit}` : number;
};

export function Features({ list }: { list: Feature[] }) {
  const [open, setOpen] = useState(false);
  if (list.length === 0) return null;
  return (
    <details class="section fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="chevron" size={12} /> <h3>What the model saw</h3> <span class="quiet">{list.length} values</span>
      </summary>
      {open && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Value</th>
              <th scope="col">Meaning</th>
              <th scope="col">Name</th>
            </tr>
          </thead>
          <tbody>
            {list.map((feature) => (
              <tr key={feature.name}>
                <td class="number">{written(feature)}</td>
                <td>
                  <Untrusted text={feature.meaning} />
                </td>
                <td>
                  <code>{feature.name}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
