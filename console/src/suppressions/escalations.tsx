// Whether a suppression also keeps quiet what would be escalated. Never by itself, and only by a senior analyst or an admin.
import { maySuppressWidely } from '../session/session';

export function Escalations({ checked, change }: { checked: boolean; change: (checked: boolean) => void }) {
  if (!maySuppressWidely.value) return <p class="quiet escalations">What would be escalated still opens cases.</p>;
  return (
    <label class="escalations">
      <input type="checkbox" class="check" checked={checked} onChange={(event) => change(event.currentTarget.checked)} />
      Keep quiet what would be escalated, too
    </label>
  );
}
