// Pictures of every page, for people to judge and for the docs: SCREENSHOTS=folder npm run browser -- screenshots
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openBrowser, openPage } from './browser';
import { openSite, type Site } from './site';

const folder = process.env['SCREENSHOTS'];

describe.skipIf(!folder)('screenshots', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    mkdirSync(folder ?? '', { recursive: true });
    browser = await openBrowser();
    site = await openSite({ cases: 2_000, signedIn: true, role: 'admin' });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });
  const shoot = async (name: string, path: string, options: Parameters<typeof openPage>[2], then: (page: Page) => Promise<void> = async () => {}) => {
    const { page } = await openPage(browser, site.url, options);
    await page.goto(new URL(path, site.url).href);
    await page.waitForLoadState('load');
    await page.locator(':is(.row, .figures, .table, .entries, .events, .outline, .token-form, .decision):visible').first().waitFor();
    await then(page);
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(folder ?? '', `${name}.png`) });
    await page.context().close();
  };
  const open = async (page: Page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.decision').waitFor();
  };
  const caseAddress = (number: number) => `/queue/${site.mock.world.cases[number]?.id}?state=all`;
  const openRun = async (page: Page) => {
    await page.locator('.runs .link').nth(1).click();
    await page.locator('.plot-handle').waitFor();
  };
  const verified = async (page: Page) => {
    await page.keyboard.press('j');
    await page.keyboard.press('v');
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.locator('.verified').waitFor();
  };
  const ofEvents = async (events: 'network' | 'machines' | 'cloud', name: string, number: number, options: Parameters<typeof openPage>[2], shown: string) => {
    const others = await openSite({ cases: 40, signedIn: true, events });
    const { page } = await openPage(browser, others.url, options);
    await page.goto(`${others.url}/queue/${others.mock.world.cases[number]?.id}?state=all`);
    await page.locator('.decision').waitFor();
    await page.locator(shown).first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(folder ?? '', `${name}.png`), fullPage: true });
    await page.context().close();
    await others.stop();
  };
  for (const scheme of ['light', 'dark'] as const) {
    test(`who it was ${scheme}`, () => ofEvents('network', `who-it-was-${scheme}`, 2, { scheme }, '.identities'));
    test(`connection ${scheme}`, () => ofEvents('network', `connection-${scheme}`, 0, { scheme }, '.pair'));
    test(`connection on a phone ${scheme}`, () => ofEvents('network', `connection-phone-${scheme}`, 0, { scheme, width: 390, height: 844 }, '.pair'));
    test(`cloud identity ${scheme}`, () => ofEvents('cloud', `cloud-identity-${scheme}`, 2, { scheme }, '.cloud-identity'));
    test(`process ${scheme}`, () => ofEvents('machines', `process-${scheme}`, 2, { scheme }, '.process-own'));
    test(`logon ${scheme}`, () => ofEvents('machines', `logon-${scheme}`, 1, { scheme }, '.logon'));
    test(`process on a phone ${scheme}`, () => ofEvents('machines', `process-phone-${scheme}`, 2, { scheme, width: 390, height: 844 }, '.process-own'));
    test(`queue ${scheme}`, async () => {
      const mixed = await openSite({ cases: 400, signedIn: true, events: 'mixed' });
      await shoot(`queue-${scheme}`, `${mixed.url}/queue`, { scheme }, async (page) => page.keyboard.press('j'));
      await mixed.stop();
    });
    test(`case ${scheme}`, () => shoot(`case-${scheme}`, '/queue', { scheme }, open));
    test(`case on hold ${scheme}`, () => shoot(`case-on-hold-${scheme}`, caseAddress(2), { scheme }, async (page) => page.locator('.case-hold').first().waitFor()));
    test(`removed ${scheme}`, async () => {
      site.mock.world.withoutMails.add(site.mock.world.cases[1]?.id ?? '');
      await shoot(`removed-${scheme}`, caseAddress(1), { scheme }, async (page) => page.locator('.mail-withheld').waitFor());
    });
    test(`withheld ${scheme}`, async () => {
      const { person } = site.mock;
      site.mock.person = { name: 'otto', role: 'auditor' };
      const at = site.mock.world.cases.findIndex(({ lure }) => lure.attachment !== null);
      await shoot(`withheld-${scheme}`, caseAddress(at), { scheme, height: 1300 }, async (page) => page.locator('.mail-withheld').waitFor());
      await shoot(`withheld-link-${scheme}`, caseAddress(2), { scheme, height: 1300 }, async (page) => page.locator('.mail-withheld').waitFor());
      site.mock.person = person;
    });
    test(`status ${scheme}`, () => shoot(`status-${scheme}`, '/status', { scheme }));
    test(`events ${scheme}`, () => shoot(`events-${scheme}`, '/events', { scheme }));
    test(`event ${scheme}`, () => shoot(`event-${scheme}`, '/events?domain=network', { scheme }, async (page) => {
      for (const key of ['j', 'j', 'j']) await page.keyboard.press(key);
      await page.locator('.event-opened .facts').first().waitFor();
    }));
    test(`sources ${scheme}`, () => shoot(`sources-${scheme}`, '/sources', { scheme }));
    test(`source ${scheme}`, () => shoot(`source-${scheme}`, '/sources?source=cloud-trail', { scheme, height: 1500 }, async (page) => {
      await page.locator('.covered').first().waitFor();
      await page.locator('.covered summary').nth(1).click();
      await page.locator('.quarantine-button').first().click();
      await page.locator('.sample-text').first().waitFor();
    }));
    test(`features ${scheme}`, () => shoot(`features-${scheme}`, '/features', { scheme }));
    test(`feature ${scheme}`, () => shoot(`feature-${scheme}`, '/features?feature=sender_mails', { scheme, height: 1150 }, async (page) => page.locator('.feature-opened .plot').first().waitFor()));
    test(`models ${scheme}`, () => shoot(`models-${scheme}`, '/models', { scheme }, async (page) => {
      for (const at of [1, 2]) await page.locator('.runs .check').nth(at).check();
    }));
    test(`run ${scheme}`, () => shoot(`run-${scheme}`, '/models', { scheme, height: 1700 }, openRun));
    test(`network run ${scheme}`, () => shoot(`run-network-${scheme}`, '/models', { scheme, height: 1700 }, async (page) => {
      await page.locator('.runs .link').nth(5).click();
      await page.locator('.plot-handle').waitFor();
    }));
    test(`deployments ${scheme}`, () => shoot(`deployments-${scheme}`, '/deployments', { scheme }));
    test(`audit ${scheme}`, () => shoot(`audit-${scheme}`, '/audit', { scheme }, verified));
    test(`audit of retention ${scheme}`, () => shoot(`audit-of-retention-${scheme}`, '/audit?action=retention', { scheme }, async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.locator('.entry-opened .facts >> nth=1').waitFor();
    }));
    test(`lineage ${scheme}`, () => shoot(`lineage-${scheme}`, '/lineage/d-45eb74f19a5037c2', { scheme, width: 1720 }));
    test(`people ${scheme}`, () => shoot(`people-${scheme}`, '/people', { scheme, height: 1100 }));
    test(`retention ${scheme}`, () => shoot(`retention-${scheme}`, '/retention', { scheme, height: 1000 }, async (page) => {
      await page.keyboard.press('v');
      await page.getByRole('region', { name: 'What would go now' }).waitFor();
    }));
    test(`suppressions ${scheme}`, () => shoot(`suppressions-${scheme}`, '/suppressions', { scheme }));
  }
  test('case wide', () => shoot('case-wide', '/queue', { width: 1920, height: 1080 }, open));
  test('case from top to bottom', () =>
    shoot('case-long', '/queue', { width: 1440, height: 1500 }, async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.decision').waitFor();
    }));
  test('case 1280', () => shoot('case-1280', '/queue', { width: 1280, height: 800, scheme: 'dark' }, open));
  test('verdict', () =>
    shoot('verdict', '/queue', { scheme: 'dark' }, async (page) => {
      await open(page);
      await page.keyboard.press('e');
      await page.keyboard.press('2');
    }));
  test('selection', () =>
    shoot('selection', '/queue', {}, async (page) => {
      for (const key of ['j', 'j', 'x', 'j', 'j', 'j', 'Shift+X', 's']) await page.keyboard.press(key);
    }));
  test('help', () => shoot('help', '/queue', {}, async (page) => page.keyboard.press('?')));
  test('phone queue', () => shoot('phone-queue', '/queue', { width: 390, height: 844 }));
  test('phone more', () => shoot('phone-more', '/queue', { width: 390, height: 844 }, async (page) => page.getByRole('button', { name: 'More' }).click()));
  test('phone lineage', () => shoot('phone-lineage', '/lineage/d-45eb74f19a5037c2', { width: 390, height: 1100 }));
  test('lineage 1280', () => shoot('lineage-1280', '/lineage/d-45eb74f19a5037c2', { width: 1280, height: 800 }));
  test('zoomed', () => shoot('zoomed', '/queue', { width: 640, height: 400 }, open));
  test('ended', () => shoot('ended', '/queue', {}, async (page) => {
    await open(page);
    site.mock.endSessions();
    await page.getByRole('dialog').waitFor();
    site.mock.signIn();
  }));
  test('compare', () => shoot('compare', '/models', {}, async (page) => {
    for (const at of [1, 2]) await page.locator('.runs .check').nth(at).check();
    await page.keyboard.press('c');
    await page.locator('.changes').waitFor();
  }));
  test('promote', () => shoot('promote', '/deployments', { scheme: 'dark' }, async (page) => {
    await page.getByRole('button', { name: /^Promote/ }).first().click();
    await page.locator('.checks').waitFor();
  }));
  test('phone events', () => shoot('phone-events', '/events', { width: 390, height: 844 }));
  test('phone event', () => shoot('phone-event', '/events', { width: 390, height: 1400 }, async (page) => {
    await page.locator('.event-button').nth(2).click();
    await page.locator('.event-opened .facts').first().waitFor();
  }));
  test('phone sources', () => shoot('phone-sources', '/sources?source=cloud-trail', { width: 390, height: 2000 }, async (page) => page.locator('.covered').first().waitFor()));
  test('phone feature', () => shoot('phone-feature', '/features?feature=sender_mails', { width: 390, height: 1700 }, async (page) => page.locator('.feature-opened .plot').first().waitFor()));
  test('phone run', () => shoot('phone-run', '/models', { width: 390, height: 2400 }, openRun));
  test('phone audit', () => shoot('phone-audit', '/audit', { width: 390, height: 844 }));
  test('phone deployments', () => shoot('phone-deployments', '/deployments', { width: 390, height: 844, scheme: 'dark' }));
  test('phone case', () =>
    shoot('phone-case', '/queue', { width: 390, height: 844, scheme: 'dark' }, async (page) => {
      await page.locator('.row').nth(2).click();
      await page.locator('.decision').waitFor();
    }));
  test('phone case on hold', () => shoot('phone-case-on-hold', caseAddress(2), { width: 390, height: 844 }, async (page) => page.locator('.case-hold').nth(1).waitFor()));
  test('away', () =>
    shoot('away', '/queue', { scheme: 'dark' }, async (page) => {
      await open(page);
      await page.context().setOffline(true);
      await page.getByText('No connection to the server').waitFor();
      await page.keyboard.press('a');
      await page.locator('.toast').waitFor();
    }));
  test('hostile', async () => {
    const other = await openSite({ cases: 200, signedIn: true, hostile: true });
    await shoot('hostile', `${other.url}/queue`, { height: 1400 }, open);
    await other.stop();
  });
  test('sign in', async () => {
    site.mock.endSessions();
    await shoot('sign-in', '/sign-in', {});
  });
});
