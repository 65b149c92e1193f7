// Who looks after what comes in: search the events, see how sources do, try quarantine again, look at features over history.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/api/contract';
import { expectQuiet, openBrowser, openPage, realUrl } from './browser';
import type { MockOptions } from '../mock/server';
import { openSite, type Site } from './site';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

const visit = async (role: Role, path: string, then: (page: Page, site: Site) => Promise<void>, options: Partial<MockOptions> = {}) => {
  const site = await openSite({ cases: 50, signedIn: true, role, ...options });
  const watched = await openPage(browser, site.url);
  await watched.page.goto(site.url + path);
  await then(watched.page, site);
  expectQuiet(watched);
  await watched.page.context().close();
  await site.stop();
};

describe.skipIf(realUrl)('events', () => {
  test('are walked by keyboard and opened beside the list', () =>
    visit('analyst', '/queue', async (page) => {
      await page.locator('.row').first().waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('e');
      await page.locator('.listed').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.locator('.event-opened .facts').first().waitFor();
      const opened = await page.locator('.listed-current .event-what').innerText();
      await page.keyboard.press('k');
      await expect.poll(() => page.locator('.listed-current .event-what').innerText()).not.toBe(opened);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('.event-opened').count()).toBe(0);
    }));

  test('a search goes on by itself to the beginning of the log where it finds little', () =>
    visit('analyst', '/events', async (page) => {
      await page.locator('.listed').first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('n1111.example');
      await page.getByText(/All 1,200 events|No event has all of this/).first().waitFor();
      expect(new URL(page.url()).searchParams.get('q')).toBe('n1111.example');
    }));

  test('a search is of a time to the minute, kept in the address', () =>
    visit('analyst', '/events?entity=10.20.0.7', async (page) => {
      await page.getByLabel('from', { exact: true }).fill('2026-11-22T18:30');
      await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('2026-11-22T17:30:00.000Z'); // from Berlin
      expect(await page.getByLabel('from', { exact: true }).inputValue()).toBe('2026-11-22T18:30');
      await page.getByLabel('from', { exact: true }).fill('');
      await expect.poll(() => new URL(page.url()).searchParams.has('from')).toBe(false);
    }));

  test('a search that goes on is stopped, and rests when it has found enough', () =>
    visit('analyst', '/events', async (page) => {
      await page.route('**/v1/events?*', async (route) => {
        await new Promise((done) => setTimeout(done, 800));
        await route.continue();
      });
      await page.goto(`${new URL(page.url()).origin}/events?q=nothing-has-this`);
      await page.getByText('Nothing found so far: 400 events').waitFor(); // how far it has looked
      await page.getByRole('button', { name: 'Stop searching' }).click();
      await page.getByText('Nothing found so far: 800 events').waitFor();
      await page.getByRole('button', { name: 'Search further back' }).waitFor();
      await page.unroute('**/v1/events?*');
      await page.goto(`${new URL(page.url()).origin}/events?domain=network`);
      await expect.poll(() => page.locator('.listed').count()).toBe(50);
      await page.getByRole('button', { name: 'Search further back' }).click();
      await expect.poll(() => page.locator('.listed').count()).toBe(100);
      await page.getByRole('button', { name: 'Search further back' }).waitFor();
      await page.keyboard.press('r');
      await expect.poll(() => page.locator('.listed').count()).toBe(50);
    }));

  test('an entity of an event leads to its other events, and a finding to its case', () =>
    visit('analyst', '/events?domain=network', async (page) => {
      await page.locator('.event-button').first().click();
      await page.locator('.event-entity').first().click();
      await expect.poll(() => new URL(page.url()).searchParams.get('entity')).toMatch(/^10\.20\.0\./);
      const address = new URL(page.url()).searchParams.get('entity') ?? '';
      await expect.poll(() => page.locator('.event-actor').allInnerTexts().then((all) => all.length > 0 && all.every((text) => text === address))).toBe(true);
      await page.goto(`${new URL(page.url()).origin}/events`);
      await page.locator('.event-button', { hasText: 'Queued' }).first().click();
      await page.locator('.event-opened').getByRole('link', { name: 'Finding' }).click();
      await page.locator('.decision').waitFor();
    }));
});

describe.skipIf(realUrl)('what a finding names', () => {
  const firstFinding = async (page: Page, site: Site, number: number) => {
    await page.goto(`${site.url}/queue/${site.mock.world.cases[number]?.id}?state=all`);
    await page.locator('.decision').waitFor();
  };
  const asked = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

  test('leads to the events that name it, by keyboard too', () =>
    visit('analyst', '/queue', async (page, site) => {
      await firstFinding(page, site, 0);
      await page.getByRole('link', { name: '198.18.7.9' }).first().focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => asked(page)).toEqual({ entity: '198.18.7.9' });
      await page.goBack();
      await page.locator('.identities').getByRole('link').first().waitFor();
      await page.locator('.facts').getByRole('link', { name: 'master.example' }).first().click();
      await expect.poll(() => asked(page)).toEqual({ entity: 'master.example' });
    }, { events: 'network' }));

  test('a process leads to the event that tells of it, its user to theirs', () =>
    visit('analyst', '/queue', async (page, site) => {
      await firstFinding(page, site, 2);
      await page.locator('.process', { hasText: 'cmd.exe /c whoami' }).getByRole('link', { name: 'cmd.exe' }).click();
      await expect.poll(() => asked(page)).toEqual({ event: '4'.repeat(64) });
      await page.goBack();
      await page.locator('.process-own').getByRole('link', { name: 'ana.brandt' }).click();
      await expect.poll(() => asked(page)).toEqual({ entity: 'ana.brandt' });
    }, { events: 'machines' }));

  test('the decision on what was closed is told with its reasons beside the event', () =>
    visit('analyst', '/events?domain=mail', async (page) => {
      await page.locator('.event-button', { hasText: 'Closed' }).first().click();
      const opened = page.locator('.event-opened');
      await opened.getByText('Why it was closed').waitFor();
      expect(await opened.locator('.decision').innerText()).toContain('its sender has been known for 412 days');
      expect(await opened.locator('.decision time').innerText()).toMatch(/\d\d:\d\d:\d\d (CET|GMT\+1), /);
    }));
});

describe.skipIf(realUrl)('sources', () => {
  test('one that writes otherwise says what changed and what nobody reads', () =>
    visit('engineer', '/sources', async (page) => {
      await page.getByRole('button', { name: 'cloud-trail', exact: true }).click();
      await page.locator('.source-view').getByText('31 % of its records cannot be mapped').waitFor();
      await page.locator('summary', { hasText: 'Read by nobody' }).first().click();
      await page.getByText('tlsDetails.cipherSuite').waitFor();
      await page.getByText('Lost since the start: 318 syslog datagrams').waitFor();
      expect(await page.getByRole('link', { name: 'its quarantine' }).getAttribute('href')).toBe('#quarantine');
      expect(await page.locator('#quarantine').count()).toBe(1);
      expect(await page.getByRole('link', { name: 'Its events' }).getAttribute('href')).toBe('/events?source=cloud-trail');
    }));

  test('mappings that decisions do not know are named, with how many records wait and what to do', () =>
    visit('engineer', '/sources', async (page) => {
      const drift = page.getByRole('status', { name: 'Mappings that decisions do not know yet' });
      await drift.waitFor();
      const text = await drift.innerText();
      expect(text).toContain('18,245 records wait to be decided');
      expect(text).toMatch(/zeek is not in the champion.s bundle: what it reads is kept, not decided; 18,204 waiting/);
      expect(text).toContain('suricata has changed since');
      expect(await drift.locator('code').allInnerTexts()).toEqual(['winnow bundles build --domain network, then winnow deployments promote latest']);
    }));

  test('mappings that do not compile are named, with their line and what becomes of their records', () =>
    visit('engineer', '/sources', async (page) => {
      const refused = page.getByRole('status', { name: 'Mappings that do not compile' });
      await refused.waitFor();
      const text = await refused.innerText();
      expect(text).toContain('1 mapping does not compile');
      expect(text).toContain('firewall reads nothing: its records wait in quarantine');
      expect(await refused.locator('code').innerText()).toBe("firewall.yaml:12: unknown key 'titel' (did you mean 'title'?)");
    }));

  test('coverage names the fields that cannot be read, and what each is for', () =>
    visit('engineer', '/sources?source=ids', async (page) => {
      await page.locator('.covered-says', { hasText: 'cannot be read' }).waitFor();
      await page.locator('summary', { hasText: 'Cannot be read' }).first().click();
      await page.locator('.covered-fields', { hasText: 'src_port' }).getByText('for src_endpoint.port').waitFor();
      await page.locator('summary', { hasText: 'In OCSF' }).first().click();
      await page.getByText('for dst_endpoint.ip').first().waitFor();
    }));

  test('an engineer tries quarantine again and is told what became of it', () =>
    visit('engineer', '/sources', async (page) => {
      await page.locator('.quarantine-button').first().click();
      await page.locator('.sample-text').first().waitFor();
      await page.getByRole('button', { name: 'More of them' }).click();
      await expect.poll(() => page.locator('.sample').count()).toBe(10);
      await page.getByRole('button', { name: /Try what cloudtrail refused again/ }).click();
      await page.getByText('212 of 212 records could be used now; 200 of them are kept until a champion reads them').waitFor();
      await expect.poll(() => page.locator('.quarantine-button').count()).toBe(3);
    }));

  test('others see it and may not; what may be mail is not shown to who may not read it', () =>
    visit('auditor', '/sources', async (page) => {
      await page.locator('.quarantine-button').nth(1).click();
      await page.getByText('which your role may not read').first().waitFor();
      expect(await page.getByRole('button', { name: 'Try all again' }).isDisabled()).toBe(true);
    }));
});

describe.skipIf(realUrl)('features', () => {
  test('are looked at over history, the weightiest first', () =>
    visit('engineer', '/features', async (page) => {
      await page.locator('.features').waitFor();
      await page.keyboard.press('v');
      await page.getByText('5,000 events replayed').waitFor();
      await page.getByText('What features remember begins on').waitFor();
      expect(await page.locator('.features tbody code').first().innerText()).toBe('links_to_sender');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.locator('.feature-opened .feature-malicious').first().waitFor();
      expect(await page.locator('.feature-opened .canonical').innerText()).toContain('log1p(total(sender.mails))');
      expect(await page.locator('.quantiles').innerText()).toContain('Malicious');
    }));

  test('of a domain that nothing decides in, the page says how to begin', () =>
    visit('engineer', '/features', async (page) => {
      await page.getByRole('button', { name: 'Cloud' }).click();
      await page.getByText('Nothing decides in this domain').waitFor();
      await page.getByRole('button', { name: 'Network' }).click();
      await page.getByText('decides by rules alone').waitFor();
    }));
});

describe.skipIf(realUrl)('the status', () => {
  test('names the champion of each domain', () =>
    visit('analyst', '/status', async (page) => {
      const champions = page.getByRole('region', { name: 'Champions' });
      await champions.waitFor();
      expect(await champions.innerText()).toContain('rules alone');
      expect(await champions.getByText('nothing decides here').count()).toBe(2);
      await champions.locator('tr', { hasText: 'Network' }).getByRole('link').click();
      await expect.poll(() => new URL(page.url()).search).toBe('?domain=network');
    }));
});
