// What an engineer and an auditor do: weigh an operating point, compare runs, let another bundle decide, search and verify the log.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Promotion, Role, Status } from '../../src/api/contract';
import { expectQuiet, openBrowser, openPage, realUrl, type Watched } from './browser';
import { openSite, type Site } from './site';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

const open = async (role: Role): Promise<{ site: Site; watched: Watched; page: Page }> => {
  const site = await openSite({ cases: 50, signedIn: true, role });
  const watched = await openPage(browser, site.url);
  return { site, watched, page: watched.page };
};

describe.skipIf(realUrl)('models', () => {
  let site: Site;
  let watched: Watched;
  let page: Page;
  beforeEach(async () => {
    ({ site, watched, page } = await open('engineer'));
    await page.goto(`${site.url}/models`);
    await page.locator('.runs').waitFor();
    return async () => {
      expectQuiet(watched);
      await page.context().close();
      await site.stop();
    };
  });
  const words = () => page.locator('.operating-figures').innerText();
  const threshold = async () => Number(await page.locator('.operating-lead strong').innerText());

  test('the operating point moves by keyboard, says what it means, and can be shared', async () => {
    await page.locator('.runs .link').nth(1).click();
    await page.locator('.plot-handle').waitFor();
    const [chosen, before] = [await threshold(), await words()];
    await page.locator('.plot-handle').focus();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowRight');
    await expect.poll(threshold).toBeLessThan(chosen);
    expect(await words()).not.toBe(before);
    expect(await page.locator('.plot-handle').getAttribute('aria-valuetext')).toContain('alerts a day');
    await page.getByText('Against the policy').waitFor();
    const [shared, url] = [await words(), page.url()];
    await page.goto(url);
    await page.locator('.plot-handle').waitFor();
    expect(await words()).toBe(shared);
    await page.getByRole('button', { name: 'Go back to it' }).click();
    await expect.poll(words).toBe(before);
  });

  test('it is dragged along the curve', async () => {
    await page.locator('.runs .link').nth(1).click();
    await page.locator('.plot-handle').scrollIntoViewIfNeeded();
    const chosen = await threshold();
    const box = await page.locator('.plot-handle').boundingBox();
    if (!box) throw new Error('no handle');
    await page.mouse.move(box.x + 8, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x - 160, box.y + 8, { steps: 8 });
    await expect.poll(threshold).toBeGreaterThan(chosen);
    await page.mouse.up();
    const left = await threshold();
    await page.mouse.move(box.x + 8, box.y + 60);
    expect(await threshold()).toBe(left);
  });

  test('twice the mail is twice the alerts', async () => {
    await page.locator('.runs .link').nth(1).click();
    const alerts = async () => Number((await page.locator('.operating-figures dd').first().innerText()).split(/\s/)[0]?.replace(',', ''));
    await page.locator('.plot-handle').waitFor();
    const before = await alerts();
    await page.getByRole('spinbutton', { name: 'Mails a day' }).fill('8000');
    await expect.poll(alerts).toBeGreaterThan(1.9 * before);
  });

  test('a run of the network speaks of its events', async () => {
    await page.locator('.runs .link').nth(5).click();
    await page.locator('.plot-handle').waitFor();
    const told = await page.locator('.page').innerText();
    expect(told).toContain('content/policies/network.yaml');
    expect(told).toContain('of 1,000 malicious events');
    expect(await page.locator('.page').innerHTML()).not.toMatch(/mail|phish/i);
    const share = page.getByRole('spinbutton', { name: 'Malicious among them' });
    expect(await share.inputValue()).toBe('0.001');
    const alerts = () => page.locator('.operating-figures dd').first().innerText();
    const before = await alerts();
    await share.fill('0.0001');
    await expect.poll(alerts).not.toBe(before);
  });

  test('a run from before curves were kept says so', async () => {
    await page.locator('.runs .link').nth(4).click();
    await page.getByText('recorded before runs kept their curve').waitFor();
  });

  test('two runs are compared', async () => {
    for (const at of [1, 2]) await page.locator('.runs .check').nth(at).check();
    await page.keyboard.press('c');
    await page.getByText('parameters.plan.forest.trees').waitFor();
    await page.getByText('What was different').waitFor();
    const [, , one, other] = new URL(page.url()).pathname.split('/');
    await page.getByRole('link', { name: 'Swap' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/models/${other}/${one}`);
  });

  test('runs of two domains are not compared, and the page says why', async () => {
    const names = await page.locator('.runs tbody tr').allInnerTexts();
    const [network, mail] = [names.findIndex((text) => text.includes('Network')), names.findIndex((text) => text.includes('Mail'))];
    const ids: string[] = [];
    for (const at of [network, mail]) {
      await page.locator('.runs .check').nth(at).check();
      ids.push(((await page.locator('.runs .link').nth(at).getAttribute('href')) ?? '').split('/').at(-1) ?? '');
    }
    await page.getByText('Runs of two domains measured different things').waitFor();
    expect(await page.getByRole('button', { name: 'Compare', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('c');
    expect(new URL(page.url()).pathname).toBe('/models');
    await page.goto(`${new URL(page.url()).origin}/models/${ids.join('/')}`);
    await page.getByText('Runs of two domains cannot be compared').waitFor();
    expect(await page.getByText('What was different').count()).toBe(0);
  });

  test('lineage leads from a run to code and on', async () => {
    await page.locator('.runs .link').nth(1).click();
    await page.getByRole('link', { name: 'Lineage' }).click();
    await page.locator('.node-start').waitFor();
    await page.locator('.node-code').first().waitFor();
    await page.locator('a.node-data_set').click();
    await expect.poll(() => page.locator('.node-start').getAttribute('class')).toContain('node-data_set');
  });

  test('a lineage is walked by arrow keys, which show what belongs together', async () => {
    await page.goto(`${site.url}/lineage/d-45eb74f19a5037c2`);
    await page.locator('a.node-bundle').focus();
    const focused = () => page.evaluate(() => document.activeElement?.className.match(/node-(?!start)\w+/)?.[0]);
    await page.keyboard.press('ArrowDown');
    expect(['node-model', 'node-policy']).toContain(await focused());
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(['node-model', 'node-policy']).toContain(await focused());
    expect(await page.locator('.lineage-label.lineage-marked text').allTextContents()).toContain('holds');
    await page.keyboard.press('ArrowUp');
    expect(['node-bundle', 'node-event']).toContain(await focused()); // side by side
    expect(await page.locator('a.node-event').getAttribute('href')).toBe(`/events?event=${'e'.repeat(64)}`);
    await page.locator('a.node-bundle').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.node-start').getAttribute('class')).toContain('node-bundle');
  });

  test('where there is no room for a graph, the lineage is told in words', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${site.url}/lineage/d-45eb74f19a5037c2`);
    await page.locator('.outline').getByText('decided by').waitFor();
    expect(await page.locator('.lineage-picture').count()).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('.lineage-picture .node-start').waitFor();
  });

  test('an engineer sees who decides, and may not change it', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.locator('.champion').waitFor();
    expect(await page.getByRole('button', { name: /^Promote/ }).first().isDisabled()).toBe(true);
  });
});

describe.skipIf(realUrl)('deployments', () => {
  test('a senior sees the checks, gives a reason, promotes, and goes back', async () => {
    const { site, watched, page } = await open('senior');
    await page.goto(`${site.url}/deployments`);
    const before = await page.locator('.champion code').first().innerText();
    const promote = page.getByRole('button', { name: /^Promote/ }).first();
    const wanted = (await promote.getAttribute('aria-label'))?.replace('Promote ', '') ?? '';
    await promote.click();
    await page.getByText('compile together').waitFor();
    const dialog = page.locator('dialog');
    expect(await dialog.getByRole('button', { name: 'Promote', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.type('Finds more of the trap');
    await dialog.getByRole('button', { name: 'Promote', exact: true }).click();
    await expect.poll(() => page.locator('.champion code').first().innerText()).toBe(wanted);
    await page.locator('.champion').getByText('Finds more of the trap').waitFor();
    await page.getByRole('button', { name: 'Go back' }).first().click();
    await page.getByText('model lineage').waitFor();
    await page.keyboard.type('It misses invoices');
    await dialog.getByRole('button', { name: 'Go back' }).click();
    await expect.poll(() => page.locator('.champion code').first().innerText()).toBe(before);
    expectQuiet(watched);
    await page.context().close();
    await site.stop();
  });
});

describe.skipIf(realUrl)('a promotion that waits for its entity states', () => {
  const visit = async (domain: string, then: (page: Page, site: Site) => Promise<void>): Promise<void> => {
    const { site, watched, page } = await open('senior');
    await page.goto(`${site.url}/deployments?domain=${domain}`);
    await then(page, site);
    expectQuiet(watched);
    await page.context().close();
    await site.stop();
  };
  const cardOf = (page: Page, heading: string) => page.locator('.section', { has: page.getByRole('heading', { name: heading }) }).locator('.champion');
  const rowOf = (page: Page, label: string, bundle: string) => page.getByRole('region', { name: label }).locator('tr', { hasText: bundle });

  test('follows, while who decided before decides, and neither is offered again', () =>
    visit('network', async (page) => {
      await page.getByText('once its states are filled: 6,204,118 of 9,902,344 events').waitFor();
      const decides = await cardOf(page, 'Decides now').locator('code').first().innerText();
      const follows = await cardOf(page, 'Decides next').locator('code').first().innerText();
      expect(decides).not.toBe(follows);
      expect(await cardOf(page, 'Decides next').innerText()).not.toMatch(/since|decides/i);
      expect(await rowOf(page, 'Bundles', decides).locator('.table-action').innerText()).toBe('decides');
      expect(await rowOf(page, 'Bundles', follows).locator('.table-action').innerText()).toBe('follows');
      expect(await rowOf(page, 'What was promoted, and when', follows).innerText()).toContain('follows');
      expect(await page.getByRole('alert').count()).toBe(0);
    }));

  test('says why it still waits where the last try failed', () =>
    visit('endpoint', async (page) => {
      await page.getByText('once its states are filled: to be tried again').waitFor();
      await page.getByRole('alert').getByText('No space left on device').waitFor();
      await page.getByText('Nothing does yet; what comes is kept.').waitFor();
    }));

  test('is said to decide once it does, without being asked', () =>
    visit('network', async (page) => {
      await cardOf(page, 'Decides next').waitFor();
      const follows = await cardOf(page, 'Decides next').locator('code').first().innerText();
      let readSince = 0; // that it is on record is read later than that it decides
      await page.route('**/v1/deployments/network', async (route) => {
        const response = await route.fetch();
        const { history } = (await response.json()) as { history: Promotion[] };
        if (readSince > 1) Object.assign(history[0] ?? {}, { took_effect: '2026-11-20T10:00:00Z' });
        await route.fulfill({ response, json: { history } });
      });
      await page.route('**/v1/status', async (route) => {
        readSince++;
        const response = await route.fetch();
        const status = (await response.json()) as Status;
        const network = status.domains.find(({ domain }) => domain === 'network');
        Object.assign(network ?? {}, { champion: { ...network?.champion, bundle: network?.next?.bundle }, next: null });
        await route.fulfill({ response, json: status });
      });
      await expect.poll(() => cardOf(page, 'Decides next').count()).toBe(0);
      expect(await cardOf(page, 'Decides now').locator('code').first().innerText()).toBe(follows);
      await expect.poll(() => cardOf(page, 'Decides now').innerText()).toContain('20 Nov 2026');
      await page.getByText('decided from 20 Nov 2026').waitFor();
    }));

  test('is not spoken of where nothing waits', () =>
    visit('mail', async (page) => {
      await cardOf(page, 'Decides now').waitFor();
      expect(await page.getByText('follows').count()).toBe(0);
    }));
});

describe.skipIf(realUrl)('the audit log', () => {
  test('is searched, walked by keyboard, and each entry gives its proof', async () => {
    const { site, watched, page } = await open('auditor');
    await page.goto(`${site.url}/audit`);
    await page.locator('.listed').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: /^Entry/ }).waitFor();
    expect(await page.getByRole('link', { name: 'Proof' }).getAttribute('href')).toMatch(/^\/v1\/audit\/\d+\/proof$/);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Proof' }).click();
    await download;
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('payroll');
    await expect.poll(() => page.locator('.listed').count()).toBeLessThan(40);
    expect(await page.locator('.listed').first().innerText()).toContain('Gave a verdict');
    expect(new URL(page.url()).searchParams.get('q')).toBe('payroll');
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Of what').selectOption('deployment');
    await expect.poll(() => page.locator('.listed').allInnerTexts().then((all) => all.every((text) => text.includes('bundle')))).toBe(true);
    expectQuiet(watched);
    await page.context().close();
    await site.stop();
  });

  test('tells of holds and of what was removed, each with the way to where it began', async () => {
    const { site, watched, page } = await open('auditor');
    await page.goto(`${site.url}/audit?action=retention`);
    await page.getByText('Applied a retention rule').waitFor();
    await page.getByText('Stopped removing, for a new hold').click();
    await page.locator('.entry-opened .facts >> nth=1').getByText('a hold was placed').waitFor();
    await page.locator('.entry-opened').getByRole('link', { name: 'retention.mails: 90d' }).click();
    await page.locator('.entry-opened .facts >> nth=1').getByText('18.0 MiB').waitFor();
    await page.goto(`${site.url}/audit?action=hold`);
    await page.getByText('Released a legal hold').click();
    await page.locator('.entry-opened').getByRole('link', { name: /^h-/ }).click();
    await page.locator('.entry-opened .facts >> nth=1').getByText('matter 2026-17').waitFor();
    expectQuiet(watched);
    await page.context().close();
    await site.stop();
  });

  test('is verified in plain words, also when it does not hold', async () => {
    const { site, watched, page } = await open('auditor');
    await page.goto(`${site.url}/audit`);
    await page.locator('.listed').first().waitFor();
    await page.keyboard.press('v');
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('Nothing in the log was changed').waitFor();
    await page.getByText('each was read and hashed').waitFor();
    await page.getByText('Not checked').waitFor();
    await page.getByLabel(/A checkpoint that you kept/).fill('a log that was cut');
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('The log does not hold').waitFor();
    await page.getByText('were cut off').waitFor();
    await page.getByText('Proven unchanged up to').waitFor();
    expectQuiet(watched);
    await page.context().close();
    await site.stop();
  });

  test('an analyst is told who verifies', async () => {
    const { site, watched, page } = await open('analyst');
    await page.goto(`${site.url}/audit`);
    await page.locator('.listed').first().waitFor();
    await page.keyboard.press('v');
    await page.getByText('An auditor or an admin verifies here').waitFor();
    expectQuiet(watched);
    await page.context().close();
    await site.stop();
  });
});
