// axe finds nothing serious on any page, in either theme.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe';
import { expectQuiet, openBrowser, openPage, realUrl } from './browser';
import { openSite, type Site } from './site';

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  let browser: Browser;
  let site: Site | undefined;
  let url = '';
  beforeAll(async () => {
    browser = await openBrowser();
    if (!realUrl) site = await openSite({ cases: 500, signedIn: true, role: 'admin' });
    url = realUrl ?? site?.url ?? '';
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });
  const check = async (path: string, ready: string, ...keys: string[]) => checkAfter([], path, ready, ...keys);
  // After clicks on `then`, one after the other.
  const checkAfter = async (then: string[], path: string, ready: string, ...keys: string[]) => {
    const watched = await openPage(browser, url, { scheme });
    const { page } = watched;
    await page.goto(url + path);
    await page.locator(ready).first().waitFor();
    for (const key of keys) await page.keyboard.press(key);
    for (const step of then) await page.locator(step).first().click();
    if (keys.includes('Enter')) await page.locator('.decision').waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await violations(page)).toEqual([]);
    expectQuiet(watched);
    await page.context().close();
  };
  test('queue', () => check('/queue', '.row', 'j'));
  test('case', () => check('/queue', '.row', 'j', 'j', 'Enter'));
  test.skipIf(realUrl)('case under legal hold', () => check(`/queue/${site?.mock.world.cases[2]?.id}?state=all`, '.case-hold'));
  test.skipIf(realUrl).each([['process', 2, '.process-own'], ['logon', 1, '.logon']] as const)('%s', async (_, number, shown) => {
    const machines = await openSite({ cases: 40, signedIn: true, events: 'machines' });
    const watched = await openPage(browser, machines.url, { scheme });
    await watched.page.goto(`${machines.url}/queue/${machines.mock.world.cases[number]?.id}?state=all`);
    await watched.page.locator(shown).waitFor();
    expect(await violations(watched.page)).toEqual([]);
    expectQuiet(watched);
    await watched.page.context().close();
    await machines.stop();
  });
  test('selection and menu', () => check('/queue', '.row', 'j', 'x', 'j', 'Shift+X', 's'));
  test('verdict', () => check('/queue', '.row', 'j', 'e', '2'));
  test('help', () => check('/queue', '.row', '?'));
  test('empty', () => check('/queue?q=nothing-has-this', '.notice'));
  test('no such case', () => check('/queue/c-none', '.notice'));
  test('resolved', () => check('/queue?state=resolved&sort=newest', '.row', 'j', 'Enter'));
  test('status', () => check('/status', '.chart canvas'));
  test('events', () => check('/events', '.listed, .notice', 'j'));
  test.skipIf(realUrl)('an event', () => checkAfter(['.event-button >> nth=5', '.event-opened .facts'], '/events', '.listed'));
  test('sources', () => check('/sources', '.sources, .notice'));
  test.skipIf(realUrl)('a source that writes otherwise', () => checkAfter(['.sources tr:nth-child(5) .text-button', '.covered'], '/sources', '.sources'));
  test.skipIf(realUrl)('quarantine', () => checkAfter(['.quarantine-button', '.sample-text'], '/sources', '.quarantine-button'));
  test('features', () => check('/features', '.features, .notice'));
  test.skipIf(realUrl)('a feature over time', () => checkAfter(['.features .text-button', '.feature-opened .plot', '.quantiles'], '/features', '.features'));
  test('models', () => check('/models', '.runs, .notice'));
  test.skipIf(realUrl)('run', () => checkAfter(['.runs tr:nth-child(2) .link', '.operating-lead'], '/models', '.runs'));
  test.skipIf(realUrl)('two runs', () => checkAfter(['.runs tr:nth-child(2) .check', '.runs tr:nth-child(3) .check', '.page-head .button', '.changes'], '/models', '.runs'));
  test('deployments', () => check('/deployments', '.champion, .notice'));
  test.skipIf(realUrl)('promotion', () => checkAfter(['.table-action .button', '.checks'], '/deployments', '.champion'));
  test('audit log', () => check('/audit', '.listed', 'j'));
  test.skipIf(realUrl)('verification', () => checkAfter(['.verify .button-primary', '.verified-lead'], '/audit', '.listed', 'v'));
  test.skipIf(realUrl)('lineage', () => checkAfter(['.champion .link', '.node-start'], '/deployments', '.champion'));
  test.skipIf(realUrl)('lineage of a decision', () => check('/lineage/d-45eb74f19a5037c2', '.outline', 'Tab', 'Tab'));
  test('suppressions', () => check('/suppressions', '.table, .notice'));
  test.skipIf(realUrl)('new suppression', () => check('/suppressions', '.table', 'c'));
  test.skipIf(realUrl)('people', () => check('/people', '.table-action'));
  test.skipIf(realUrl)('new token', () => check('/people', '.table-action', 'c'));
  test.skipIf(realUrl)('ending a session', () => checkAfter(['.table-action .button', 'dialog'], '/people', '.table-action'));
  test.skipIf(realUrl)('retention', () => check('/retention', '.table-action', 'v'));
  test.skipIf(realUrl)('new hold', () => check('/retention', '.table-action', 'c'));
  test.skipIf(realUrl)('no such page', () => check('/nowhere', '.notice'));
  // In states that only a server can bring about; `then` brings it about.
  const checkState = async (options: Parameters<typeof openPage>[2], then: (page: Page, other: Site) => Promise<void>) => {
    const other = await openSite({ cases: 50, signedIn: true, provider: true });
    const watched = await openPage(browser, other.url, { scheme, ...options });
    await watched.page.goto(`${other.url}/queue`);
    await watched.page.locator('.row').first().waitFor();
    await then(watched.page, other);
    expect(await violations(watched.page)).toEqual([]);
    expectQuiet(watched);
    await watched.page.context().close();
    await other.stop();
  };
  test.skipIf(realUrl)('a session that ended', () =>
    checkState({}, async (page, other) => {
      other.mock.endSessions();
      await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    }));
  test.skipIf(realUrl)('no connection', () =>
    checkState({}, async (page, other) => {
      other.mock.away = true;
      await page.context().setOffline(true);
      await page.getByText('No connection to the server').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('a');
      await page.getByText('Not changed: the server does not answer').waitFor();
    }));
  test.skipIf(realUrl)('a server that is away', () =>
    checkState({}, async (page, other) => {
      other.mock.away = true;
      await page.reload();
      await page.getByText('The server does not answer').waitFor();
    }));
  test.skipIf(realUrl)('a phone, with its menu', () =>
    checkState({ width: 390, height: 844 }, async (page) => {
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Status' }).waitFor();
    }));
  test.skipIf(realUrl)('nothing moves for who asked for that', () =>
    checkState({}, async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('a');
      await page.locator('.toast').waitFor();
      const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((part) => getComputedStyle(part).animationName !== 'none' || parseFloat(getComputedStyle(part).transitionDuration) > 0).map((part) => part.className));
      expect(moving).toEqual([]);
    }));
  // axe leaves both out; people who may not press a button read it all the same.
  test.skipIf(realUrl).each(['/models', '/queue', '/suppressions'])('disabled buttons and key caps of %s can be read', async (path) => {
    const other = await openSite({ cases: 40, signedIn: true, role: 'auditor' });
    const watched = await openPage(browser, other.url, { scheme });
    await watched.page.goto(other.url + path);
    await watched.page.locator(':is(.runs, .row, .table)').first().waitFor();
    const least = await watched.page.evaluate(() => {
      const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
      const light = (colours: string[]): number => {
        pen.clearRect(0, 0, 1, 1);
        for (const colour of colours) {
          pen.fillStyle = colour;
          pen.fillRect(0, 0, 1, 1);
        }
        const [r = 0, g = 0, b = 0] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return [...document.querySelectorAll<HTMLElement>('button:disabled, kbd')].filter((part) => part.offsetParent).map((part) => {
        const grounds: string[] = [];
        let faint = 1;
        for (let at: HTMLElement | null = part; at; at = at.parentElement) {
          grounds.unshift(getComputedStyle(at).backgroundColor);
          faint *= Number(getComputedStyle(at).opacity);
        }
        const [ground, text] = [light(grounds), light([...grounds, getComputedStyle(part).color])];
        return { what: part.outerHTML.slice(0, 80), faint, contrast: (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05) };
      });
    });
    expect(least.length).toBeGreaterThan(0);
    expect(least.filter(({ contrast, faint }) => contrast < 4.5 || faint < 1)).toEqual([]);
    await watched.page.context().close();
    await other.stop();
  });
  test.skipIf(realUrl)('sign in', async () => {
    site?.mock.endSessions();
    await check('/sign-in', '.token-form');
  });
});
