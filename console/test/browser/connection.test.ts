// What others do meanwhile, and what happens when the server, or the session, goes away.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectQuiet, openBrowser, openPage, realUrl, type Watched } from './browser';
import { openSite, type Site } from './site';

describe.skipIf(realUrl)('connection', () => {
  let browser: Browser;
  let site: Site;
  let watched: Watched;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => browser?.close());
  beforeEach(async () => {
    site = await openSite({ cases: 500, signedIn: true });
    watched = await openPage(browser, site.url);
    page = watched.page;
    await page.goto(`${site.url}/queue`);
    await page.locator('.row').first().waitFor();
    return async () => {
      expectQuiet(watched);
      await page.context().close();
      await site.stop();
    };
  });
  const titles = () => page.locator('.row-title a').allInnerTexts();
  const idOfCursor = async () => (await page.locator('.row-cursor').getAttribute('data-case')) ?? '';

  test('new cases announce themselves and move nothing until asked', async () => {
    await page.keyboard.press('j');
    const before = await titles();
    const [made] = site.mock.arrive(3);
    await page.getByText('3 new cases').waitFor();
    expect(await titles()).toEqual(before);
    await page.keyboard.press('.');
    await expect.poll(async () => (await titles()).slice(0, 3)).toContain(made?.title);
    expect(await page.getByText('new cases').count()).toBe(0);
  });

  test('a case that someone else takes changes in place', async () => {
    await page.keyboard.press('j');
    site.mock.touch(await idOfCursor(), 'chidi');
    await expect.poll(() => page.locator('.row-cursor .row-owner .owner').getAttribute('aria-label')).toBe('chidi');
  });

  test('a change made on what is no longer so is taken back, and said', async () => {
    await page.keyboard.press('j');
    const one = site.mock.world.byId.get(await idOfCursor());
    if (one) Object.assign(one, { version: one.version + 1, owner: 'ben', updated_at: new Date().toISOString() });
    await page.keyboard.press('a');
    await page.getByText('someone else changed this case').waitFor();
    await expect.poll(() => page.locator('.row-cursor .row-owner .owner').getAttribute('aria-label')).toBe('ben');
    expect(one?.owner).toBe('ben');
  });

  test('two changes made faster than the server answers both arrive', async () => {
    site.mock.delayMs = 300;
    await page.keyboard.press('j');
    const id = await idOfCursor();
    await page.keyboard.press('a');
    await page.keyboard.press('i');
    await expect.poll(() => site.mock.world.byId.get(id)?.state, { timeout: 5_000 }).toBe('in_progress');
    await expect.poll(() => page.locator('.toast-failed').count()).toBe(0);
    expect(site.mock.world.byId.get(id)?.owner).toBe('ann');
  });

  test('away and back: told, readable meanwhile, caught up after', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.decision').waitFor();
    const before = await titles();
    site.mock.away = true;
    await page.context().setOffline(true);
    await page.getByText('No connection to the server').waitFor();
    expect((await titles()).slice(0, 10)).toEqual(before.slice(0, 10));
    await page.keyboard.press('a');
    await page.getByText('Not changed: the server does not answer').waitFor();
    await expect.poll(() => page.locator('.row-cursor .row-owner .owner').getAttribute('aria-label')).toBe('Nobody');
    site.mock.arrive(2);
    site.mock.away = false;
    await page.context().setOffline(false);
    await expect.poll(() => page.getByText('No connection to the server').count(), { timeout: 20_000 }).toBe(0);
    await page.getByText('2 new cases').waitFor();
  });

  test('a server that is not there at the start is said to be away, and tried again', async () => {
    site.mock.away = true;
    await page.goto(`${site.url}/queue`);
    await page.getByText('The server does not answer').waitFor();
    site.mock.away = false;
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('.row').first().waitFor();
  });

  test('a server that starts later is found without a click', async () => {
    site.mock.away = true;
    await page.goto(`${site.url}/queue`);
    await page.getByText('The server does not answer').waitFor();
    site.mock.away = false;
    await page.locator('.row').first().waitFor();
  });

  test('without the live view the queue is still kept up to date, and nothing claims that the server is away', async () => {
    site.mock.streams = false;
    await page.goto(`${site.url}/queue`);
    await page.locator('.row').first().waitFor();
    site.mock.arrive(2);
    await page.getByText('2 new cases').waitFor();
    expect(await page.getByText('No connection to the server').count()).toBe(0);
  });

  test('a session that ends while one only looks is noticed', async () => {
    site.mock.endSessions();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
  });

  test('a session that ends asks for a token above the work, and goes on', async () => {
    await page.keyboard.press('j');
    site.mock.endSessions();
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await page.getByLabel('Token').fill('wnw_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('the token is not known').waitFor();
    await page.getByLabel('Token').fill('wnw_demo_token');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('a');
    await page.getByText('Case assigned to you').waitFor();
  });

  test('somebody else who signs in above the work sees nothing of it', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.mail-text').first().waitFor();
    const address = page.url();
    site.mock.endSessions();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    site.mock.person = { name: 'otto', role: 'auditor' };
    await page.getByLabel('Token').fill('wnw_demo_token');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/queue');
    await page.locator('.row').first().waitFor();
    await page.goto(address);
    await page.getByText('The text is withheld').waitFor();
  });

  test('signing out forgets what was read', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.mail-text').first().waitFor();
    await page.evaluate(() => Object.assign(window, { before: true }));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Winnow' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(await page.evaluate(() => 'before' in window)).toBe(false);
  });

  test('a sign-in link signs in, and its token leaves the address bar', async () => {
    site.mock.endSessions();
    await page.goto(`${site.url}/sign-in#wnw_demo_token`);
    await page.locator('.row').first().waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe('/queue');
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('wnw_');
  });

  test('an identity provider is a link to the server, and its refusals are in plain words', async () => {
    const other = await openSite({ cases: 1, provider: true });
    const there = await openPage(browser, other.url);
    const { page } = there;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.route('**/v1/sign-in/oidc', (route) => route.fulfill({ status: 303, headers: { location: '/sign-in?problem=role' } }));
    await page.goto(`${other.url}/sign-in`);
    await page.getByRole('link', { name: 'Sign in with Example Company' }).click();
    await page.getByRole('alert').getByText('You are known, but have no role in Winnow').waitFor();
    expect(asked).toContain('/v1/sign-in/oidc');
    await page.goto(`${other.url}/sign-in?problem=<script>`);
    await page.getByRole('link', { name: 'Sign in with Example Company' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.context().close();
    await other.stop();
  });

  test('who signs in by the provider again goes on where the session ended', async () => {
    const other = await openSite({ cases: 20, provider: true, signedIn: true });
    const there = await openPage(browser, other.url);
    const { page } = there;
    await page.goto(`${other.url}/queue?state=all`);
    await page.locator('.row').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.case-title').waitFor();
    const address = page.url();
    other.mock.endSessions();
    await page.route('**/v1/sign-in/oidc', async (route) => {
      other.mock.signIn();
      await route.fulfill({ status: 303, headers: { location: '/' } });
    });
    await page.getByRole('link', { name: 'Sign in with Example Company' }).click();
    await page.locator('.case-title').waitFor();
    expect(page.url()).toBe(address);
    expectQuiet(there);
    await page.context().close();
    await other.stop();
  });

  test('the theme is chosen by a key and remembered', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    await expect.poll(ground).not.toBe(light);
    await page.reload();
    await page.locator('.row').first().waitFor();
    expect(await ground()).not.toBe(light);
  });
});

describe.skipIf(realUrl)('roles', () => {
  test('an auditor reads, and is told that reading is all', async () => {
    const browser = await openBrowser();
    const site = await openSite({ cases: 100, signedIn: true, role: 'auditor' });
    const watched = await openPage(browser, site.url);
    await watched.page.goto(`${site.url}/queue`);
    await watched.page.locator('.row').first().waitFor();
    await watched.page.keyboard.press('j');
    await watched.page.keyboard.press('a');
    await watched.page.getByText('the role auditor reads cases but does not change them').waitFor();
    await watched.page.keyboard.press('Enter');
    await watched.page.locator('.decision').waitFor();
    expect(await watched.page.getByRole('button', { name: 'Verdict' }).isDisabled()).toBe(true);
    await watched.page.getByText('The text is withheld: the role auditor may not read what mails say.').waitFor();
    expect(await watched.page.locator('.link-target, .attachment-name').count()).toBe(0);
    expectQuiet(watched);
    await browser.close();
    await site.stop();
  });
});
