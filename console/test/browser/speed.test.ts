// What a full queue costs: 100,000 cases, the first view, and scrolling frame by frame.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectQuiet, openBrowser, openPage, realUrl } from './browser';
import { openSite, type Site } from './site';

const firstViewMs = 1_000;
const frameMs = 1_000 / 60;
const batches = 20;
const stepsOfBatch = 15;

describe('speed', () => {
  let browser: Browser;
  let site: Site | undefined;
  let url = '';
  beforeAll(async () => {
    browser = await openBrowser();
    if (!realUrl) site = await openSite({ cases: 100_000, signedIn: true });
    url = realUrl ?? site?.url ?? '';
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  test(`the first view is usable within ${firstViewMs} ms`, async () => {
    const times: number[] = [];
    for (let run = 0; run < 3; run++) {
      const watched = await openPage(browser, url);
      await watched.page.goto(`${url}/queue`);
      await watched.page.locator('.row').nth(5).waitFor();
      times.push(await watched.page.evaluate(() => performance.now()));
      expectQuiet(watched);
      await watched.page.context().close();
    }
    console.log(`first view: ${times.map((time) => Math.round(time)).join(', ')} ms`);
    expect(Math.min(...times)).toBeLessThan(firstViewMs);
  });

  test('scrolling drops no frame on account of the console', async () => {
    const watched = await openPage(browser, url);
    const { page } = watched;
    await page.goto(`${url}/queue?state=all&sort=newest`);
    await page.locator('.row').nth(5).waitFor();
    // What the page's main thread works for each frame, in its own processor time: the time on the wall would also count what
    // else this machine does. A frame that needs less than 16.7 ms is not dropped on our account.
    const debug = await page.context().newCDPSession(page);
    await debug.send('Performance.enable', { timeDomain: 'threadTicks' });
    const worked = async () => (await debug.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
    const costs: number[] = [];
    for (let batch = 0; batch < batches; batch++) {
      const before = await worked();
      await page.evaluate(async (steps) => {
        const list = document.querySelector('.queue-list') as HTMLElement;
        for (let step = 0; step < steps; step++) {
          await new Promise((done) => requestAnimationFrame(done));
          list.scrollTop += 130; // 7,800 pixels a second
        }
      }, stepsOfBatch);
      costs.push((1_000 * ((await worked()) - before)) / stepsOfBatch);
    }
    costs.sort((a, b) => a - b);
    const elements = await page.locator('.row').count();
    console.log(`a frame of scrolling: median ${costs[batches / 2]?.toFixed(1)} ms, worst of ${batches} ${costs.at(-1)?.toFixed(1)} ms; ${elements} rows exist`);
    expect(elements).toBeLessThan(60);
    expect(costs.at(-1)).toBeLessThan(frameMs);
    expectQuiet(watched);
    await page.context().close();
  });

  test.skipIf(realUrl)('a jump to the end of 100,000 cases arrives', async () => {
    const watched = await openPage(browser, url);
    const { page } = watched;
    await page.goto(`${url}/queue?state=all&sort=newest`);
    await page.locator('.row').nth(5).waitFor();
    await page.locator('.queue-list').evaluate((list) => (list.scrollTop = list.scrollHeight));
    await page.locator('.row-ghost').first().waitFor();
    await page.locator('.row[aria-rowindex="100000"][data-case]').waitFor({ timeout: 50_000 });
    expectQuiet(watched);
    await page.context().close();
  });
});
