// The servers a mail went through, from its sender to here, with the time each hop took. The server gives them as the
// header has them: newest first. All but the last few were written by strangers.
import type { Hop } from '../api/contract';
import { Untrusted } from '../kit/untrusted';
import { plural } from '../words/number';
import { dateTime, span } from '../words/time';

function took(hop: Hop, before: Hop | undefined): string {
  const from = Date.parse(before?.at ?? '');
  const to = Date.parse(hop.at ?? '');
  if (Number.isNaN(from) || Number.isNaN(to)) return '';
  return to < from ? `clock ${span(from - to)} behind` : `+${span(to - from)}`;
}

export function MailPath({ hops }: { hops: Hop[] }) {
  if (hops.length === 0) return null;
  const path = hops.toReversed();
  return (
    <section class="section">
      <header class="section-head">
        <h3>Path</h3>
        <span class="quiet">{plural(hops.length, 'hop')}, the sender's side first</span>
      </header>
      <ol class="mail-path">
        {path[0]?.from && (
          <li class="hop hop-origin">
            <Untrusted text={path[0].from} class="hop-host" />
          </li>
        )}
        {path.map((hop, index) => {
          const delay = took(hop, path[index - 1]);
          return (
            <li key={index} class={`hop ${index === path.length - 1 ? 'hop-last' : ''}`}>
              <Untrusted text={hop.by || 'an unnamed server'} class="hop-host" />
              {index > 0 && hop.from && hop.from !== path[index - 1]?.by && (
                <span class="quiet hop-from">
                  from <Untrusted text={hop.from} />
                </span>
              )}
              <span class="stretch" />
              {delay && <span class={delay.startsWith('clock') ? 'hop-odd' : 'quiet'}>{delay}</span>}
              <time class="quiet number">{hop.at ? dateTime(hop.at) : 'no time'}</time>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
