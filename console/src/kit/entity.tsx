// A user, host, address, mailbox, domain or hash that an event names: it leads to all events that name it. Every name may come from an attacker.
import { plainOf, Untrusted } from './untrusted';

const longest = 300; // as the search takes them

export const eventsOf = (name: string): string => `/events?${new URLSearchParams({ entity: name })}`;
export const eventAt = (digest: string): string => `/events?${new URLSearchParams({ event: digest })}`;

// `shown` is what people call it, where that is another text.
export function Entity({ name, shown = name, class: more = '' }: { name: string; shown?: string; class?: string }) {
  const text = <Untrusted text={shown} class={more} />;
  if (name.trim() === '' || name.length > longest) return text;
  return (
    <a class="entity" href={eventsOf(name)} title={`Events that name ${plainOf(name)}`}>
      {text}
    </a>
  );
}
