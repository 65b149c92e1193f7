// What is kept in spite of its age, what is gone because of it, and what is not for everybody's eyes.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/api/contract';
import { expectQuiet, openBrowser, openPage, realUrl, type Watched } from './browser';
import { openSite, type Site } from './site';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

async function openCase(role: Role, number: number): Promise<{ site: Site; watched: Watched }> {
  const site = await openSite({ cases: 50, signedIn: true, role });
  const watched = await openPage(browser, site.url);
  await watched.page.goto(`${site.url}/queue/${site.mock.world.cases[number]?.id}?state=all`);
  await watched.page.locator('.decision').waitFor();
  return { site, watched };
}
async function close({ site, watched }: { site: Site; watched: Watched }): Promise<void> {
  expectQuiet(watched);
  await watched.page.context().close();
  await site.stop();
}

describe.skipIf(realUrl)('a case under legal hold', () => {
  test('says so, by which holds and why', async () => {
    const opened = await openCase('auditor', 2);
    const holds = opened.watched.page.getByRole('list', { name: 'Legal holds' }).getByRole('listitem');
    await expect.poll(() => holds.allInnerTexts()).toEqual([
      'On hold: h-2f, matter 2026-17 (dana, on mail of this case)',
      expect.stringMatching(/^On hold: h-31, asked for by the works council \(dana, on mail from or to \S+@\S+ that came before .+\)$/),
    ]);
    await close(opened);
  });

  test.each([['senior', 3], ['analyst', 2]] as const)('nothing is said of holds to %s of case %i', async (role, number) => {
    const opened = await openCase(role, number);
    expect(await opened.watched.page.getByText('On hold').count()).toBe(0);
    await close(opened);
  });
});
