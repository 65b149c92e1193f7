// Where the mail leads, defanged by the server. Text, never an anchor.
import type { MailLink } from '../api/contract';
import { Untrusted } from '../kit/untrusted';
import { plural } from '../words/number';

// A link that shows one address and leads to another.
function shownDomain(text: string): string {
  const shown = /^(?:h(?:tt|xx)ps?:\/\/)?([\p{L}\p{N}-]+(?:(?:\.|\[\.\])[\p{L}\p{N}-]+)+)/iu.exec(text.trim())?.[1];
  return shown?.replaceAll('[.]', '.').toLowerCase() ?? '';
}

export function deceives({ text, domain }: MailLink): boolean {
  const shown = shownDomain(text ?? '');
  const real = domain.replaceAll('[.]', '.').toLowerCase();
  return shown !== '' && real !== '' && shown !== real && !shown.endsWith(`.${real}`) && !real.endsWith(`.${shown}`);
}

export function Links({ list }: { list: MailLink[] }) {
  if (list.length === 0) return null;
  return (
    <section class="section">
      <header class="section-head">
        <h3>Links</h3>
        <span class="quiet">{plural(list.length, 'link')}, none of which can be opened from here</span>
      </header>
      <ul class="links">
        {list.map((link, index) => (
          <li key={index}>
            <p class="link-line">
              <Untrusted text={link.domain || 'no domain'} class="link-domain" />
              {link.hidden && <span class="chip auth-bad">hidden in the mail</span>}
              {deceives(link) && <span class="chip auth-bad">shows another address</span>}
              {link.text && (
                <span class="quiet link-text">
                  shown as “<Untrusted text={link.text} />”
                </span>
              )}
            </p>
            {link.target !== null && (
              <code class="link-target">
                <Untrusted text={link.target} />
              </code>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
