// A person as a small round: initials on a colour that the name decides. Who gave the name is no initial.
import { plainOf } from './untrusted';

function hue(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum % 6;
}

export function Owner({ name }: { name: string | null }) {
  if (name === null) return <span class="owner owner-none" title="Nobody owns this case" aria-label="Nobody" role="img" />;
  const text = plainOf(name);
  return (
    <span class={`owner owner-${hue(text)}`} title={text} aria-label={text} role="img">
      {[...text.replace(/^oidc:(sub=)?/, '')].slice(0, 2).join('').toUpperCase()}
    </span>
  );
}
