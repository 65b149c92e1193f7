// A technique of MITRE ATT&CK: its id with its name, because few know the ids by heart.
import { plainOf, Untrusted } from './untrusted';

export const techniqueText = (id: string, name: string | undefined): string => (name ? `${id} ${name}` : id);

export function Technique({ id, name }: { id: string; name: string | undefined }) {
  return (
    <span class="technique" title={`MITRE ATT&CK technique ${plainOf(techniqueText(id, name))}`}>
      <Untrusted text={id} class="technique-id" /> {name && <Untrusted text={name} />}
    </span>
  );
}
