// A phone, and a page at 200 %: nothing is cut off, everything can still be reached.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectQuiet, openBrowser, openPage, realUrl, type Watched } from './browser';
import { openSite, type Site } from './site';

// 640 by 400 is what 200 % leave of 1280 by 800 (WCAG 2.2, 1.4.4).
const windows = [['a phone', 390, 844], ['200 %', 640, 400]] as const;
const pages = [['Events', '/events'], ['Sources', '/sources'], ['Features', '/features'], ['Models', '/models'], ['Deployments', '/deployments'], ['Audit log', '/audit'], ['Suppressions', '/suppressions'], ['Retention', '/retention'], ['People', '/people'], ['Status', '/status']] as const;

// What sticks out to the right of the window and is in nothing that scrolls sideways. A phone would show the page smaller.
const sticksOut = (page: Page): Promise<string[]> =>
  page.evaluate((width) => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) && !element.matches('.page, body, html') ? true : scrolls(element.parentElement));
    const out = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.right > width + 1 && !scrolls(element.parentElement) && getComputedStyle(element).visibility === 'visible';
    });
    return [...new Set(out.map((element) => `${element.tagName} ${element.getAttribute('class')}`))].slice(0, 5);
  }, page.viewportSize()?.width ?? 0);

describe.skipIf(realUrl).each(windows)('%s', (_name, width, height) => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await openBrowser();
    site = await openSite({ cases: 300, signedIn: true, role: 'admin' });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });
  const open = async (path: string, ready: string): Promise<Watched> => {
    const watched = await openPage(browser, site.url, { width, height });
    await watched.page.goto(site.url + path);
    await watched.page.locator(ready).first().waitFor();
    return watched;
  };
  const close = async (watched: Watched) => {
    expectQuiet(watched);
    await watched.page.context().close();
  };

  test.each(pages)('%s is reached behind More, and fits', async (name, path) => {
    const watched = await open('/queue', '.row');
    const { page } = watched;
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe(path);
    await page.locator('.figures, .table, .entries, .events').first().waitFor();
    expect(await page.getByRole('button', { name: 'More' }).getAttribute('class')).toContain('nav-current');
    expect(await sticksOut(page)).toEqual([]);
    await close(watched);
  });

  test('the queue, a case and a verdict fit', async () => {
    const watched = await open('/queue', '.row');
    const { page } = watched;
    expect(await sticksOut(page)).toEqual([]);
    await page.locator('.row').nth(1).click();
    await page.locator('.decision').waitFor();
    expect(await sticksOut(page)).toEqual([]);
    await page.getByRole('button', { name: 'Verdict' }).click();
    await page.getByRole('radio').nth(1).check();
    expect(await sticksOut(page)).toEqual([]);
    await close(watched);
  });

  test('who is signed in can sign out', async () => {
    const other = await openSite({ cases: 10, signedIn: true });
    const watched = await openPage(browser, other.url, { width, height });
    const { page } = watched;
    await page.goto(`${other.url}/queue`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: /^Sign out/ }).click();
    await page.getByRole('heading', { name: 'Sign in to Winnow' }).waitFor();
    await close(watched);
    await other.stop();
  });
});
