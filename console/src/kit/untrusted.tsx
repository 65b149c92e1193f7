// Text from whoever wrote the mail. Always a text node, isolated from the direction of what surrounds it; characters that
// hide, reorder or fake what one sees are shown by name instead of being obeyed.
import type { ComponentChildren } from 'preact';

const names: Record<string, string> = {
  '\u00ad': 'soft hyphen',
  '\u061c': 'Arabic letter mark',
  '\u180e': 'vowel separator',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'end of direction',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u2060': 'word joiner',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'end of isolate',
  '\ufeff': 'zero-width no-break space',
};
// Controls but tab and line feed, and what is invisible or turns the direction of writing, tags and fillers included.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0]|[\u{e0000}-\u{e007f}]/u;
const emoji = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;

// The parts of a text: plain runs, and hidden characters by themselves.
export function partsOf(text: string): { text: string; hidden: boolean }[] {
  const parts: { text: string; hidden: boolean }[] = [];
  let run = '';
  let before = '';
  for (const character of text) {
    // The joiner within an emoji is part of it.
    const conceals = hidden.test(character) && !(character === '\u200d' && emoji.test(before));
    if (conceals) {
      if (run) parts.push({ text: run, hidden: false });
      run = '';
      parts.push({ text: character, hidden: true });
    } else {
      run += character;
    }
    if (character !== '\ufe0f') before = character;
  }
  if (run) parts.push({ text: run, hidden: false });
  return parts;
}

const codeOf = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

export function Untrusted({ text, class: name = '' }: { text: string; class?: string }) {
  let content: ComponentChildren = text;
  if (hidden.test(text)) {
    content = partsOf(text).map((part, index) =>
      part.hidden ? (
        <span key={index} class="hidden-character" title={names[part.text] ?? 'control character'}>
          {codeOf(part.text)}
        </span>
      ) : (
        part.text
      ),
    );
  }
  return <bdi class={`untrusted ${name}`}>{content}</bdi>;
}

// For titles and labels, which cannot hold elements.
export const plainOf = (text: string): string =>
  hidden.test(text) ? partsOf(text).map((part) => (part.hidden ? `[${codeOf(part.text)}]` : part.text)).join('') : text;
