// What is kept in spite of its age, what is gone because of it, and what is not for everybody's eyes.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mail, Role } from '../../src/api/contract';
import { World } from '../mock/world';
import { violations } from './axe';
import { expectQuiet, openBrowser, openPage, type PageOptions, realUrl, type Watched } from './browser';
import { openSite, type Site } from './site';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

type Meanwhile = (site: Site, id: string) => void;

async function openCase(role: Role, number: number, options: PageOptions = {}, before: Meanwhile = () => {}): Promise<{ site: Site; watched: Watched }> {
  const site = await openSite({ cases: 50, signedIn: true, role });
  before(site, site.mock.world.cases[number]?.id ?? '');
  const watched = await openPage(browser, site.url, options);
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

// A case whose mail has a link or an attachment, as the mock's world has it.
const caseWith = (what: 'links' | 'attachments', world: World): { number: number; mail: Mail } => {
  for (const [number, one] of world.cases.entries()) {
    const mail = world.finding(`d-${one.id.slice(2)}-0`)?.mail;
    if (mail && mail[what].length > 0) return { number, mail };
  }
  throw new Error(`no mail has ${what}`);
};

describe.skipIf(realUrl).each(['light', 'dark'] as const)('a finding, %s', (scheme) => {
  test('whose mail was removed says when and by which rule, and stands without it', async () => {
    const opened = await openCase('senior', 1, { scheme }, (site, id) => site.mock.world.withoutMails.add(id));
    const { page } = opened.watched;
    await page.getByText(/^The record was removed on \d.+, its time being over \(retention\.mails: 90d, audit entry 164\)\./).waitFor();
    expect(await page.locator('.reason').count()).toBeGreaterThan(1);
    expect(await page.locator('.mail-text pre, .mail-addresses, .links, .attachments, .headers').count()).toBe(0);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await violations(page)).toEqual([]);
    await close(opened);
  });

  test.each(['links', 'attachments'] as const)('that the role may not read shows nothing of what the mail says: %s', async (what) => {
    const { number, mail } = caseWith(what, new World(50));
    const opened = await openCase('auditor', number, { scheme });
    const { page } = opened.watched;
    await page.getByText('The text is withheld: the role auditor may not read what mails say.').waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    const shown = await page.locator('.case').innerText();
    const secrets = [...(mail.text ?? '').split('\n'), ...mail.links.flatMap(({ text, target }) => [text, target]), ...mail.attachments.map(({ name }) => name)];
    for (const secret of secrets) if (secret && secret.length > 12) expect(shown).not.toContain(secret);
    for (const { domain } of mail.links) expect(shown).toContain(domain);
    if (what === 'attachments') expect(shown).toContain('name withheld, ');
    expect(shown).toContain(mail.from.mailbox);
    expect(await violations(page)).toEqual([]);
    await close(opened);
  });
});
