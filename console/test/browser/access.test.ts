// What leads and auditors look at: who may do what, what is kept how long, what is held. By keyboard, as each role.
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/api/contract';
import { expectQuiet, openBrowser, openPage, realUrl } from './browser';
import { openSite, type Site } from './site';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

const visit = async (role: Role, path: string, then: (page: Page, site: Site) => Promise<void>): Promise<void> => {
  const site = await openSite({ cases: 30, signedIn: true, role });
  const watched = await openPage(browser, site.url);
  await watched.page.goto(site.url + path);
  await then(watched.page, site);
  expectQuiet(watched);
  await watched.page.context().close();
  await site.stop();
};
const table = (page: Page, label: string) => page.getByRole('region', { name: label, exact: true });
const row = (page: Page, label: string, text: string) => table(page, label).locator('tbody tr', { hasText: text });

describe.skipIf(realUrl)('people', () => {
  test('an admin makes a token by keyboard, sees it once, and revokes it', () =>
    visit('admin', '/queue', async (page) => {
      await page.locator('.row').first().waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('p');
      await row(page, 'Tokens', 'mail-gateway').waitFor();
      await page.keyboard.press('c');
      await page.keyboard.type('mail-gateway');
      await page.keyboard.press('Enter');
      await page.getByText('a valid token has that name').waitFor();
      await page.getByLabel('Whose').fill('zeek');
      await page.keyboard.press('Enter');
      expect(await page.getByLabel('The token').inputValue()).toMatch(/^wnw_/);
      await page.keyboard.press('Escape');
      await row(page, 'Tokens', 'zeek').getByRole('button', { name: 'Revoke' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByText('refused from the next request on').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await row(page, 'Tokens', 'zeek').getByText(/^revoked/).waitFor();
      expect(await row(page, 'Tokens', 'zeek').getByRole('button').count()).toBe(0);
      expect(await page.getByText(/wnw_/).count()).toBe(0);
    }));

  test('a token that is revoked takes those with it who signed in with it', () =>
    visit('admin', '/people', async (page) => {
      await row(page, 'Signed in', 'ann').waitFor();
      await row(page, 'Tokens', 'ann').getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await expect.poll(() => row(page, 'Signed in', 'ann').count()).toBe(0);
      await row(page, 'Signed in', 'otto').waitFor();
    }));

  test('an admin signs somebody out, in every browser', () =>
    visit('admin', '/people', async (page) => {
      await expect.poll(() => row(page, 'Signed in', 'ben@soc.example').count()).toBe(2);
      await row(page, 'Signed in', 'ben@soc.example').first().getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('dialog').getByText('may let them in again').waitFor();
      await page.keyboard.press('Enter'); // what has the focus undoes nothing
      expect(await row(page, 'Signed in', 'ben@soc.example').count()).toBe(2);
      await row(page, 'Signed in', 'ben@soc.example').first().getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
      await expect.poll(() => row(page, 'Signed in', 'ben@soc.example').count()).toBe(0);
    }));

  test('an auditor reads all of it and changes nothing', () =>
    visit('auditor', '/people', async (page) => {
      await row(page, 'Tokens', 'contractor').getByText(/^revoked/).waitFor();
      expect(await page.getByRole('button', { name: /^(Revoke|Sign out)$/ }).locator('visible=true').count()).toBe(1); // their own, in the navigation
      expect(await page.getByRole('button', { name: /New token/ }).isDisabled()).toBe(true);
      await page.keyboard.press('c');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await table(page, 'Roles').getByText('verifies the audit log').waitFor();
    }));

  test('who may not is not offered it, and is told so at its address', () =>
    visit('analyst', '/people', async (page) => {
      await page.getByText('your role may not do this').first().waitFor();
      expect(await page.locator('.nav').getByRole('link', { name: /People|Retention/ }).count()).toBe(0);
    }));
});

describe.skipIf(realUrl)('retention', () => {
  test('says what is kept how long, and what would go when somebody asks', () =>
    visit('senior', '/queue', async (page) => {
      await page.locator('.row').first().waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('h');
      await row(page, 'How long what is kept', 'Mails without a label').getByText('90 days').waitFor();
      await row(page, 'How long what is kept', 'Records that could not be used').getByText('for ever').waitFor();
      await page.getByText('2,348 rows went').waitFor();
      expect(await table(page, 'What would go now').count()).toBe(0);
      await page.keyboard.press('v');
      expect(await row(page, 'What would go now', 'Mails without a label').innerText()).toMatch(/1,204\s+18\.0 MiB/);
      expect(await page.getByRole('button', { name: /New hold/ }).isDisabled()).toBe(true);
      expect(await page.getByRole('button', { name: 'Lift' }).count()).toBe(0);
    }));

  test('an admin places a hold and lifts it, told what that means', () =>
    visit('admin', '/retention', async (page) => {
      await row(page, 'Legal holds', 'works council').waitFor();
      await page.keyboard.press('c');
      await page.getByLabel('Why').fill('matter 2026-31');
      await page.getByRole('button', { name: 'Hold', exact: true }).click();
      await page.getByText('the hold has no scope').waitFor();
      await page.getByLabel('Mailbox').fill('ann@soc.example');
      await page.getByLabel('Came from').fill('2026-11-01');
      await page.getByRole('button', { name: 'Hold', exact: true }).click();
      await row(page, 'Legal holds', 'matter 2026-31').getByText(/^mail from or to ann@soc\.example that came since/).waitFor();
      await row(page, 'Legal holds', 'matter 2026-31').getByRole('button', { name: 'Lift' }).click();
      await page.getByRole('dialog').getByText('cannot be had back').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Lift' }).click();
      await row(page, 'Legal holds', 'matter 2026-31').getByText(/^lifted .* by ann/).waitFor();
    }));
});

describe.skipIf(realUrl)('what is ended', () => {
  test('is ended once, however often it is pressed', () =>
    visit('senior', '/suppressions', async (page, site) => {
      site.mock.delayMs = 300;
      let sent = 0;
      page.on('request', (request) => request.method() === 'DELETE' && sent++);
      const drill = row(page, 'Suppressions', 'phish-drill');
      await drill.getByRole('button', { name: 'Revoke' }).dblclick();
      expect(await drill.getByRole('button', { name: 'Revoke' }).isDisabled()).toBe(true);
      expect(await row(page, 'Suppressions', 'Penetration test').getByRole('button', { name: 'Revoke' }).isDisabled()).toBe(false);
      await drill.getByText(/^revoked/).waitFor();
      expect(sent).toBe(1);
      expect(await page.getByText('Revoke: not done').count()).toBe(0);
    }));

  test('is not taken for done where the list cannot be read again', () =>
    visit('senior', '/suppressions', async (page) => {
      const drill = row(page, 'Suppressions', 'phish-drill');
      await drill.waitFor();
      const fails = (route: Route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"the store is full"}' });
      await page.route('**/v1/suppressions', fails); // the list, not one of them
      await drill.getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('Suppressions could not be read again').waitFor();
      await drill.waitFor(); // as it was, and said to be
      await page.unroute('**/v1/suppressions', fails);
      await page.getByRole('button', { name: 'Try again' }).click();
      await drill.getByText(/^revoked/).waitFor();
      expect(await page.getByText('Suppressions could not be read again').count()).toBe(0);
    }));
});
