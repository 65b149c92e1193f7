// Every field of every view, filled with what an attacker would like a browser to obey.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostile } from '../mock/hostile';
import { expectQuiet, openBrowser, openPage, realUrl } from './browser';
import { openSite, type Site } from './site';

describe.skipIf(realUrl).each([{ of: 'mails', events: undefined }, { of: 'the network', events: 'network' as const }, { of: 'machines', events: 'machines' as const }, { of: 'the cloud', events: 'cloud' as const }])('hostile texts of $of', ({ events }) => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await openBrowser();
    site = await openSite({ cases: 500, signedIn: true, role: 'admin', hostile: true, ...(events && { events }) });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  test('no script runs, nothing is requested, nothing leaves its place', async () => {
    const watched = await openPage(browser, site.url);
    const { page } = watched;
    await page.goto(`${site.url}/queue`);
    await page.locator('.row').first().waitFor();
    for (let at = 0; at < hostile.length; at++) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.decision').waitFor();
    await page.evaluate(() => {
      for (const more of document.querySelectorAll<HTMLElement>('summary, .mail-text .button, .mail-addresses .button, .finding-head .button-quiet')) more.click();
    });
    await page.locator('.headers').waitFor();
    const text = await page.locator('.case').innerText();
    // What is shown is what was written.
    for (const piece of ['<script>window.owned=1</script>', '<img src="http://owned.invalid/pixel.png">', 'U+202E']) expect(text).toContain(piece);
    for (const key of ['x', 's', 'Escape', 'Shift+A', 'Escape', 'e', '2', 'Escape', '?', 'Escape']) await page.keyboard.press(key);
    // Whatever could be hovered or focused is.
    for (const element of await page.locator('[title]:visible').all()) await element.hover({ timeout: 500, force: true, noWaitAfter: true }).catch(() => {});
    for (let tab = 0; tab < 40; tab++) await page.keyboard.press('Tab');
    await page.goto(`${site.url}/suppressions`);
    await page.locator('.table').waitFor();
    for (const path of ['/people', '/retention']) {
      await page.goto(site.url + path);
      await page.locator('.table-action').first().waitFor();
    }
    await page.goto(`${site.url}/status`);
    await page.locator('.figures').waitFor();
    await page.getByText('The last try failed').waitFor();
    await page.goto(`${site.url}/models`);
    await page.locator('.runs .link').nth(1).click();
    await page.locator('.plot-handle').waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.goto(`${site.url}/deployments`);
    await page.locator('.table-action .button').first().click();
    await page.locator('.checks').waitFor();
    await page.goto(`${site.url}/lineage/d-1`);
    await page.locator('.node-start').waitFor();
    await page.goto(`${site.url}/audit`);
    await page.locator('.listed').nth(30).click();
    await page.locator('.entry-lead').waitFor();
    await page.goto(`${site.url}/events`);
    await page.locator('.event-button').nth(3).click();
    await page.locator('.event-opened .facts').first().waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.goto(`${site.url}/events`);
    await page.locator('.event-button', { hasText: 'Email' }).first().click();
    await page.locator('.event-opened .mail-text').first().waitFor();
    await page.locator('.event-entity').first().click();
    await page.goto(`${site.url}/sources`);
    await page.locator('.sources .text-button').nth(3).click();
    await page.locator('.source-view .figures').waitFor();
    await page.goto(`${site.url}/sources`);
    await page.locator('.quarantine-button').first().click();
    await page.locator('.samples').waitFor();
    await page.goto(`${site.url}/features`);
    await page.locator('.features .text-button').nth(1).click();
    await page.locator('.feature-opened .canonical').waitFor();
    for (const path of ['/queue/%3Cscript%3Eowned=1%3C%2Fscript%3E', '/queue/%E0%A4%A', '/queue?q=%3Cimg%20src=x%20onerror=window.owned=1%3E', '//evil/queue']) {
      await page.goto(site.url + path);
      await page.locator('.nav').waitFor();
      await page.keyboard.press('a'); // whatever acts on the open case reads its id
    }
    expect(await page.evaluate(() => 'owned' in window)).toBe(false);
    expect(new URL(page.url()).origin).toBe(site.url);
    expectQuiet(watched);
    await page.context().close();
  });

  test('no element of a mail exists: only ours do, and none of our links leaves', async () => {
    const { page } = await openPage(browser, site.url);
    await page.goto(`${site.url}/queue`);
    await page.locator('.row').first().click();
    await page.locator('.decision').waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    const foreign = await page.evaluate(() => ({
      elements: [...document.querySelectorAll('iframe, object, embed, base, form[action], img, video, audio, style, link[rel=stylesheet]:not([href^="/assets/"]), script:not([src^="/assets/"])')].map((element) => element.outerHTML),
      links: [...document.querySelectorAll('a')].map((anchor) => anchor.getAttribute('href')).filter((href) => !/^\/(queue|s|models|deployments|audit|lineage|events|features|people|retention)/.test(href ?? '')),
      inline: [...document.querySelectorAll('*')].filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length,
    }));
    expect(foreign).toEqual({ elements: [], links: [], inline: 0 });
    await page.context().close();
  });

  test('a page never grows wider than its window', async () => {
    const { page } = await openPage(browser, site.url, { width: 390, height: 844 });
    for (const path of ['/queue', '/status', '/suppressions', '/models', '/deployments', '/audit?entry=3', '/lineage/d-1', '/events', '/sources', '/features', '/people', '/retention']) {
      await page.goto(site.url + path);
      await page.locator('.row, .figures, .table, .listed, .outline').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
    }
    await page.goto(`${site.url}/queue`);
    await page.locator('.row').nth(1).click();
    await page.locator('.decision').waitFor();
    const wider = await page.evaluate(() => {
      const scroller = document.querySelector('.case-scroll') as HTMLElement;
      if (scroller.scrollWidth <= scroller.clientWidth) return [];
      return [...scroller.querySelectorAll('*')].filter((part) => part.getBoundingClientRect().right > innerWidth + 1).map((part) => `${part.tagName}.${part.className} in ${part.parentElement?.className}`).slice(0, 8);
    });
    expect(wider).toEqual([]);
    await page.context().close();
  });
});
