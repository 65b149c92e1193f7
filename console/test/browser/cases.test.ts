// Cases of every domain: what is rare is not hidden, what is far down is reached, suppressions promise only what they do.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectQuiet, openBrowser, openPage, realUrl } from './browser';
import { openSite, type Site } from './site';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

const visit = async (events: 'machines' | 'cloud' | undefined, path: (site: Site) => string, then: (page: Page, site: Site) => Promise<void>) => {
  const site = await openSite({ cases: 50, signedIn: true, role: 'senior', ...(events ? { events } : {}) });
  const watched = await openPage(browser, site.url);
  await watched.page.goto(site.url + path(site));
  await then(watched.page, site);
  expectQuiet(watched);
  await watched.page.context().close();
  await site.stop();
};

describe.skipIf(realUrl)('a case of hundreds of findings', () => {
  const large = (site: Site): string => {
    const one = site.mock.world.cases[0];
    if (one) Object.assign(one, { findings: 374, title: 'tls to 198.18.170.174' });
    return `/queue/${one?.id}?state=all`;
  };

  test('shows what is like no other first, and all that is behind the first page', () =>
    visit('machines', large, async (page) => {
      await page.getByRole('button', { name: 'Show all, of 3 kinds' }).click();
      const kinds = page.locator('.finding-kinds > *');
      expect(await kinds.first().innerText()).toContain('rundll32.exe dumped lsass.exe');
      const beacons = page.getByRole('button', { name: '372 × tls to' });
      await beacons.click();
      await page.getByRole('button', { name: 'Show more of 274 others' }).click();
      await page.getByRole('button', { name: 'Show more of 174 others' }).click();
      await page.getByRole('button', { name: 'Show more of 74 others' }).click();
      await expect.poll(() => page.locator('.finding-kinds .finding-list a').count()).toBe(372);
      await page.locator('.finding-kinds .finding-list a').last().click();
      await page.getByRole('heading', { name: 'Finding 374 of 374' }).waitFor();
    }));

  test('is walked with ] past the first page', () =>
    visit('machines', (site) => large(site).replace('?', `/d-${site.mock.world.cases[0]?.id.slice(2)}-99?`), async (page) => {
      await page.getByRole('heading', { name: 'Finding 100 of 374' }).waitFor();
      await page.keyboard.press(']');
      await page.getByRole('heading', { name: 'Finding 101 of 374' }).waitFor();
      await page.keyboard.press('[');
      await page.getByRole('heading', { name: 'Finding 100 of 374' }).waitFor();
    }));
});

describe.skipIf(realUrl)('domains', () => {
  test('are told in the queue, and filter it', () =>
    visit('cloud', () => '/queue', async (page) => {
      await page.locator('.row').first().waitFor();
      expect(await page.locator('.row .domain-mark').first().getAttribute('aria-label')).toBe('Cloud');
      await page.getByLabel('Domain').selectOption('endpoint');
      await expect.poll(() => page.locator('.row').count()).toBe(0);
      expect(page.url()).toContain('domain=endpoint');
      await page.getByLabel('Domain').selectOption('cloud');
      await page.locator('.row').first().waitFor();
    }));

  test('other than mail offer no suppression of a sender', () =>
    visit('cloud', () => '/queue', async (page) => {
      await page.locator('.row').first().waitFor();
      for (const key of ['j', 'e', '2']) await page.keyboard.press(key);
      const offered = page.getByLabel('Keep quiet').locator('option');
      expect(await offered.allInnerTexts()).toEqual(['Only this case', 'The same kinds of event by the same actor']);
    }));
});
