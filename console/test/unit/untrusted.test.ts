import { describe, expect, test } from 'vitest';
import { partsOf, plainOf } from '../../src/kit/untrusted';
import { deceives } from '../../src/findings/links';

describe('hidden characters', () => {
  test.each([
    ['plain text, tab\tand line\nfeed', 'plain text, tab\tand line\nfeed'],
    ['\u202egpj.exe', '[U+202E]gpj.exe'],
    ['pay\u200bpal', 'pay[U+200B]pal'],
    ['a\u0000b\u001bc\u009b', 'a[U+0000]b[U+001B]c[U+009B]'],
    ['tag\u{e0041}', 'tag[U+E0041]'],
    ['\u3164', '[U+3164]'],
  ])('%j', (text, shown) => expect(plainOf(text)).toBe(shown));

  test('the joiner of an emoji is not hidden, elsewhere it is', () => {
    for (const emoji of ['👩‍🚀', '👩🏽‍⚕️', '🏳️‍🌈']) expect(plainOf(emoji)).toBe(emoji);
    expect(plainOf('pay\u200dpal')).toBe('pay[U+200D]pal');
  });
  test('nothing is lost', () => {
    const text = '\u202ea\u200bb\u0007\ud83d c';
    expect(partsOf(text).map((part) => part.text).join('')).toBe(text);
  });
});

describe('a link that shows another address', () => {
  test.each([
    ['https://ledger.example/x', 'pay-now[.]example', true],
    ['www.soc.example', 'soc[.]example', false],
    ['soc.example', 'login[.]soc[.]example', false],
    ['hxxps://soc[.]example/a', 'soc[.]example', false],
    ['soc.example', 'soc.example.evil[.]example', true],
    ['Click here', 'pay-now[.]example', false],
    ['', 'pay-now[.]example', false],
  ])('%s leading to %s: %s', (text, domain, expected) => expect(deceives({ text, target: '', domain })).toBe(expected));
});
