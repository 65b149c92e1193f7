// Compares winnow's URL parser with node's (ada) on generated URLs: node url_against_node.mjs PROGRAM [COUNT] [SEED]
// Where npm's whatwg-url, the standard's reference implementation, is installed below the working folder, it is
// compared as well.
import {spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';

const [program, count = '60000', seed = '1'] = process.argv.slice(2);

let state = BigInt(seed) << 40n;
function below(bound) {  // SplitMix64
  state = state + 0x9E3779B97F4A7C15n & 0xFFFFFFFFFFFFFFFFn;
  let z = state;
  z = (z ^ z >> 30n) * 0xBF58476D1CE4E5B9n & 0xFFFFFFFFFFFFFFFFn;
  z = (z ^ z >> 27n) * 0x94D049BB133111EBn & 0xFFFFFFFFFFFFFFFFn;
  return Number((z ^ z >> 31n) % BigInt(bound));
}
const pick = (list) => list[below(list.length)];
const many = (list, most) => Array.from({length: below(most + 1)}, () => pick(list)).join('');

const schemes = ['http', 'https', 'HTTP', 'ws', 'wss', 'ftp', 'file', 'FiLe', 'mailto', 'data', 'javascript', 'a',
  'non-special', 'x+y.z', '1http', ''];
const slashes = ['//', '//', '//', '/', '', '///', '\\\\', '/\\', '\\', '//\t/', ' //'];
const users = ['', '', '', '', 'user@', 'user:pass@', ':@', '@', 'a@b@', 'u:p:q@', 'www.bank.example\\@', 'ü:%00@', '[]@', "'@"];
const labels = ['example', 'EXAMPLE', 'com', 'xn--mnchen-3ya', 'xn--', 'xn--a', 'XN--mnchen-3ya', 'münchen', 'straße', 'faß', '例え',
  'テスト', 'a-', '-a', 'ab--cd', '_x', '%41', '%2e', '%00', '%', 'ａ', '\u00AD', '\u200D', 'א', 'אb', '0', '1', '256', '0x7f', '0x', '010', '09',
  '4294967295', '4294967296', '127', 'ﬁ', 'K', 'ß', '\uFFFD', '☃', '😀', '!', '~', "'", '"', '$', '&', '*', '+', ',', '=', '`', '{', '|',
  '^', '<', '>', ' ', '\t', '\u0001', '\u007F', 'localhost', 'C|', 'c:'];
const hosts = ['[::1]', '[1:2:3:4:5:6:7:8]', '[1::8]', '[::127.0.0.1]', '[1:2:3:4:5:6:7::]', '[::1:2:3:4:5:6:7]', '[1:2:3:4::5:6:7:8]',
  '[0:0:1:0:0:0:1:1]', '[::1', '::1]', '[1.2.3.4]', '[::1.2.3]', '[::01.2.3.4]', '[::1%25eth0]', '[fe80::1%eth]', '[ABCD:EF01::]', '[12345::]', '[]', '[:]', '[::',
  '127.1', '0x7f.1', '0177.0.0.01', '2130706433', '0x7F000001', '1.2.3.4.5', '1.2.3.08', '256.1', '1.256', '1.2.3.4.', '1.2.3..', '0xg', '0x.0x.0', ''];
const ports = ['', '', '', ':', ':80', ':443', ':21', ':0', ':65535', ':65536', ':080', ':8 0', ':x', ':80x', ':-1', ':99999999999'];
const segments = ['/', '/', '\\', 'a', 'b.html', '.', '..', '%2e', '%2E.', '.%2e', '%2e%2E', '...', ' ', '\t', '\n', 'C:', 'C|', 'd|/', 'ü', '日', '%zz', '%41',
  '"', '<', '>', '`', '{', '}', '|', "'", '[', ']', ':', '@', ';', '=', '+', '~', '!', '$', '&', '(', ')', '*', ',', '\u0000', '\u007F', '\u0085', '\uFFFF', '😀', 'localhost'];
const tails = [...segments, '?', '?', '#', '#', '??', '##', 'q=1&r=%20'];
const bases = [null, null, 'http://user:pw@host.example:8080/dir/file?q#f', 'https://h', 'file:///C:/dir/x', 'file://server/share/x', 'file:///a/b',
  'mailto:x@y?z', 'a:/b/c', 'a://host/b', 'a:b', 'ftp://f.example/../x/'];

function host() {
  if (below(3) === 0) return pick(hosts);
  let text = pick(labels);
  for (let more = below(4); more > 0; --more) text += pick(['.', '.', '.', '', '。']) + pick(labels);
  return text;
}

function one() {
  const whole = below(4) > 0;
  let text = whole ? pick(schemes) + ':' + pick(slashes) + pick(users) + host() + pick(ports) + pick(['/', '\\', '', '?', '#']) : pick(['', '/', '//', '\\', '?', '#', 'C:', '/C|/']);
  text += many(segments, 6) + (below(2) ? many(tails, 5) : '');
  if (below(8) === 0) {
    const at = below(text.length + 1);
    text = text.slice(0, at) + pick(['\t', '\n', ' ', '@', ':', '/', '\\', '%', '\u0000', '.', '[', ']']) + text.slice(at);
  }
  return [text.isWellFormed() ? text : text.toWellFormed(), pick(bases)];
}

const inputs = Array.from({length: Number(count)}, one);
const names = ['href', 'protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

const run = spawnSync(program, {input: inputs.map((line) => JSON.stringify(line)).join('\n') + '\n', maxBuffer: 1 << 30});
if (run.status !== 0) {
  console.error(`${program} ended with ${run.status ?? run.signal}`);
  process.exit(1);
}
const answers = run.stdout.toString().trimEnd().split('\n').map((line) => JSON.parse(line));

// Where the ada of node 20 differs from the standard (whatwg-url 16 sides with winnow on each).
const excuses = [
  // '^' is in the path percent-encode set since 2024 (whatwg/url #817).
  ([text]) => text.includes('^'),
  // A blank that ends an opaque path before '?' or '#' is encoded since 2025.
  (_, url) => url !== null && url.pathname.endsWith(' '),
  // A fragment somewhere in the text does not make it relative to an opaque path.
  ([text, base]) => base !== null && /^(mailto|a):[^/]/.test(base) && text.includes('#'),
  // Only a whole drive letter is the root of a file path.
  (_, url) => url !== null && /^file:.*\/[a-zA-Z]:[^/]/.test(url.href),
  // In a name with a right-to-left label every label obeys the bidi rule (UTS 46 section 4.1).
  ([text]) => text.includes('\u05D0'),
  // ".." at the root of a non-special URL leaves the empty segment behind: "a:/..", "a://host/..".
  (_, url, got) => url !== null && got !== null && url.pathname === '' && got.pathname === '/' &&
    names.every((part) => part === 'href' || part === 'pathname' || got[part] === url[part]),
  // A label that begins with xn-- and is no punycode is a failure.
  ([text], _, got) => got === null && /xn--/i.test(text),
];

function compare(name, Parser, excused) {
  let differences = 0, accepted = 0, excusedCount = 0;
  inputs.forEach(([text, base], i) => {
    let want = null;
    try {
      const url = new Parser(text, base ?? undefined);
      want = Object.fromEntries(names.map((part) => [part, url[part]]));
      ++accepted;
    } catch {}
    if (JSON.stringify(want) === JSON.stringify(answers[i])) return;
    if (excused.some((rule) => rule([text, base], want, answers[i]))) return void ++excusedCount;
    if (++differences > 20) return;
    console.error(`${JSON.stringify([text, base])}\n  ${name} ${JSON.stringify(want)}\n  winnow ${JSON.stringify(answers[i])}`);
  });
  console.log(`${inputs.length} URLs against ${name}, seed ${seed}: ${accepted} accepted, ${excusedCount} excused, ${differences} differences`);
  return differences === 0 && accepted > inputs.length / 10;
}

let equal = compare(`node ${process.version} (ada ${process.versions.ada})`, URL, excuses);
try {
  const require = createRequire(process.cwd() + '/');
  const {URL: Reference} = require('whatwg-url');
  equal = compare(`whatwg-url ${require('whatwg-url/package.json').version}`, Reference, [
    // It counts UTF-16 units where it means code points, after characters beyond U+FFFF before an '@'.
    ([text]) => /[\u{10000}-\u{10FFFF}].*@/su.test(text),
  ]) && equal;
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
}
process.exit(equal ? 0 : 1);
