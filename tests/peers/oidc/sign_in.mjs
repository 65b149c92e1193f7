// A browser's part of signing in at `winnow serve` by oidc-provider, for each algorithm that it signs with.
//   node sign_in.mjs WINNOW WORKSPACE
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

console.info = () => {}; // its notices
const [binary, workspace] = process.argv.slice(2);
const secret = 'a secret: 100% & more';

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}
async function freePort() {
  const server = createServer();
  const url = await listening(server);
  server.close();
  await once(server, 'close');
  return new URL(url).port;
}

const winnow = `http://127.0.0.1:${await freePort()}`;
const server = createServer();
const issuer = await listening(server);
const key = (type, options, alg) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig' });
const rsa = { modulusLength: 2048 };
const keys = [
  key('rsa', rsa, 'RS256'), key('rsa', rsa, 'PS256'), key('rsa', rsa, 'RS512'),
  key('ec', { namedCurve: 'P-256' }, 'ES256'), key('ec', { namedCurve: 'P-384' }, 'ES384'), key('ed25519', {}, 'EdDSA'),
];
const client = (alg, method) => ({
  client_id: `winnow-${alg}`, client_secret: secret, redirect_uris: [`${winnow}/v1/sign-in/oidc/callback`],
  grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: method, id_token_signed_response_alg: alg,
});
const people = {
  ann: { email: 'ann@example.com', email_verified: true, groups: ['staff', 'soc'] },
  bob: { groups: ['staff'] },
};
const provider = new Provider(issuer, {
  clients: [...keys.map(({ alg }) => client(alg, 'client_secret_basic'))],
  jwks: { keys },
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: [] },
  enabledJWA: { idTokenSigningAlgValues: keys.map(({ alg }) => alg) },
  cookies: { keys: ['x'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
server.on('request', provider.callback());

// Follows redirections, keeps cookies, and fills in oidc-provider's forms; the last answer.
async function signIn(person) {
  const jar = new Map();
  const ask = async (url, form) => {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
      value ? jar.set(name, value) : jar.delete(name);
    }
    return answer;
  };
  let url = new URL('/v1/sign-in/oidc', winnow);
  for (let step = 0; step < 20; ++step) {
    let answer = await ask(url);
    if (answer.status === 200 && url.pathname.startsWith('/interaction/')) {
      const page = await answer.text();
      if (person === null) {
        url = new URL(`${url.pathname}/abort`, url);
        continue;
      }
      answer = await ask(url, page.includes('name="login"') ? { prompt: 'login', login: person, password: 'x' } : { prompt: 'consent' });
    }
    const location = answer.headers.get('location');
    if (!location) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    const back = url.origin === winnow && url.pathname.endsWith('/callback');
    if (back) return { location, me: await (await ask(new URL('/v1/me', winnow))).json() };
    url = new URL(location, url);
  }
  throw new Error('there is no end to it');
}

async function served(alg, test) {
  const settings = { ISSUER: issuer, CLIENT_ID: `winnow-${alg}`, URL: winnow, ROLES: 'soc=analyst' };
  const env = { ...process.env, WINNOW_OIDC_CLIENT_SECRET: secret };
  for (const [name, value] of Object.entries(settings)) env[`WINNOW_SERVER__OIDC__${name}`] = value;
  const running = spawn(binary, ['serve', '--listen', new URL(winnow).host], { cwd: workspace, env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await Promise.race([once(running.stdout, 'data'), once(running, 'exit').then(() => Promise.reject(new Error('winnow serve ended')))]);
    await test();
  } finally {
    running.kill('SIGINT');
    await once(running, 'exit');
  }
}

for (const { alg } of keys) {
  await served(alg, async () => {
    const { location, me } = await signIn('ann');
    if (alg === 'EdDSA') {
      assert.equal(location, '/sign-in?problem=refused', 'an algorithm that Winnow does not take');
      return;
    }
    assert.equal(location, '/', alg);
    assert.equal(me.name, 'oidc:ann@example.com');
    assert.equal(me.role, 'analyst');
    if (alg !== 'RS256') return;
    assert.equal((await signIn('bob')).location, '/sign-in?problem=role');
    assert.equal((await signIn(null)).location, '/sign-in?problem=denied');
  });
}
console.log(`${keys.length} algorithms: people of oidc-provider sign in, or are refused as they should be`);
server.closeAllConnections();
server.close();
