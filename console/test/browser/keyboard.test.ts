// A shift without a mouse.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectQuiet, openBrowser, openPage, realUrl, type Watched } from './browser';
import { openSite, type Site } from './site';

let browser: Browser;
let site: Site | undefined;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  if (!realUrl) site = await openSite({ cases: 500, signedIn: true });
  const url = realUrl ?? site?.url ?? '';
  watched = await openPage(browser, url);
  page = watched.page;
  await page.goto(`${url}/queue`);
  await page.locator('.row').first().waitFor();
  return async () => {
    expectQuiet(watched);
    await page.context().close();
    await site?.stop();
  };
});

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const cursorTitle = () => page.locator('.row-cursor .row-title a').innerText();
const rowCount = async () => Number(await page.locator('.queue-list').getAttribute('aria-rowcount'));

describe.skipIf(realUrl)('the whole way', () => {
  // What Tab or Shift+Tab reaches next, by its name; that it is reached must be seen.
  const tab = async (key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<string> => {
    await page.keyboard.press(key);
    return page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return 'nothing';
      if (!at.matches(':focus-visible')) return 'something that does not show it';
      if (getComputedStyle(at).outlineStyle === 'none' && !at.closest(':focus-within:not(html, body, main, div, dialog, form)')) return 'something without an outline';
      return (at.getAttribute('aria-label') ?? (at as HTMLInputElement).labels?.[0]?.textContent ?? at.textContent ?? '').trim();
    });
  };

  test('from a token to a verdict, without a mouse', async () => {
    site?.mock.endSessions();
    await page.goto(`${site?.url}/sign-in`);
    await page.locator('.token-form').waitFor();
    await page.keyboard.type('wnw_demo_token');
    await press('Enter');
    await page.locator('.row').first().waitFor();
    await press('j', 'Enter');
    await page.locator('.decision').waitFor();
    const id = new URL(page.url()).pathname.split('/')[2] ?? '';
    await press('e');
    await page.getByRole('dialog').waitFor();
    await press('2'); // and on to the reason
    await page.keyboard.type('our own exercise');
    expect(await tab('Shift+Tab')).toContain('Keep quiet');
    await page.keyboard.press('ArrowDown');
    expect(await tab()).toContain('For');
    await page.keyboard.press('ArrowUp');
    expect(await tab()).toContain('would be escalated');
    expect(await tab()).toContain('Reason');
    expect(await tab()).toContain('Cancel');
    expect(await tab()).toContain('Give verdict');
    expect(['nothing', 'Close']).toContain(await tab()); // of the page, only the dialog
    expect(await tab('Shift+Tab')).toContain('Give verdict');
    const sent = page.waitForRequest((request) => request.url().endsWith('/verdict'));
    await press('Enter');
    expect((await sent).postDataJSON()).toMatchObject({ verdict: 'benign_positive', reason: 'our own exercise', scope: { kind: 'sender' } });
    await page.getByText('Case resolved as benign positive').waitFor();
    expect(site?.mock.world.byId.get(id)?.state).toBe('resolved');
    await press('u');
    await page.getByText('Case is as it was').waitFor();
    expect(site?.mock.world.byId.get(id)?.state).not.toBe('resolved');
  });

  test('Tab goes through a page from the navigation to the list and its actions, and always shows where it is', async () => {
    await press('j', 'Enter');
    await page.locator('.decision').waitFor();
    const names: string[] = [];
    for (let at = 0; at < 45; at++) names.push(await tab());
    const order = ['Mine', 'Status', 'Sign out', 'Search cases', 'Owner', 'Assign to me', 'Snooze ', 'Verdict'];
    const places = order.map((name) => names.findIndex((other) => other.startsWith(name)));
    expect(places, names.join(' | ')).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(names.filter((name) => name.startsWith('something'))).toEqual([]);
  });
});

describe('by keyboard', () => {
  test('j and k move, Enter opens, the open case follows, Escape closes', async () => {
    await press('j', 'j', 'j', 'k');
    const second = await cursorTitle();
    expect(second).toBe(await page.locator('.row-title a').nth(1).innerText());
    await press('Enter');
    await expect.poll(() => page.locator('.case-title').innerText()).toBe(second);
    expect(new URL(page.url()).pathname).toMatch(/^\/queue\/c-/);
    await press('j');
    await expect.poll(() => page.locator('.case-title').innerText()).toBe(await cursorTitle());
    await press('Escape');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/queue');
    await page.goBack();
    await page.locator('.case-title').waitFor();
  });

  test('a assigns to me, u takes it back', async () => {
    await press('j', 'a');
    await expect.poll(() => page.locator('.row-cursor .row-owner .owner').getAttribute('aria-label')).not.toBe('Nobody');
    await page.getByText('Case assigned to you').waitFor();
    await press('u');
    await page.getByText('Case is as it was').waitFor();
    await expect.poll(() => page.locator('.row-cursor .row-owner .owner').getAttribute('aria-label')).toBe('Nobody');
  });

  test('Shift+A assigns to somebody, whose name is offered also when none of the cases is theirs', async () => {
    await press('j', 'Shift+A');
    const field = page.getByLabel('Someone else');
    await expect.poll(() => page.locator('#people option').evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))).toContain('chris');
    await field.fill('chris');
    await field.press('Enter');
    await page.getByText('Case assigned to chris').waitFor();
    await expect.poll(() => page.locator('.row-cursor .row-owner .owner').getAttribute('aria-label')).toContain('chris');
  });

  test('s and a digit snooze: the case leaves, the next takes its place, u brings it back', async () => {
    const before = await rowCount();
    await press('j', 'j');
    const gone = await cursorTitle();
    const next = await page.locator('.row-title a').nth(2).innerText();
    await press('s', '2');
    await expect.poll(rowCount).toBe(before - 1);
    await page.getByText('Case snoozed until').waitFor();
    expect(await cursorTitle()).toBe(next);
    await press('u');
    await expect.poll(rowCount).toBe(before);
    expect(await page.locator('.row-title a').nth(1).innerText()).toBe(gone);
  });

  test('e gives a verdict: a reason is demanded, Ctrl+Enter sends it, the next case is open', async () => {
    await press('j', 'Enter');
    await page.locator('.decision').waitFor();
    const id = new URL(page.url()).pathname.split('/')[2];
    await press('e', '1', 'Control+Enter');
    await page.getByText('Say why').waitFor();
    await page.keyboard.type('the landing page asks for passwords');
    await press('Control+Enter');
    await page.getByText('Case resolved as true positive').waitFor();
    await expect.poll(() => new URL(page.url()).pathname.split('/')[2]).not.toBe(id);
    if (site) expect(site.mock.world.byId.get(id ?? '')).toMatchObject({ state: 'resolved', verdict: 'true_positive' });
  });

  test('a benign positive can keep its sender quiet for a while', async () => {
    await press('j', 'e', '2');
    await page.getByLabel('Keep quiet').selectOption({ index: 1 });
    await page.getByRole('dialog').getByLabel('For').selectOption('7');
    await page.getByLabel('Reason', { exact: true }).fill('the yearly exercise');
    const sent = page.waitForRequest((request) => request.url().endsWith('/verdict'));
    await press('Control+Enter');
    const body = (await sent).postDataJSON() as { scope: { kind: string; value: string }; expires: string };
    expect(body.scope.kind).toBe('sender');
    expect(body.scope.value).toContain('@');
    expect((Date.parse(body.expires) - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
    await page.getByText('Case resolved as benign positive').waitFor();
  });

  test.skipIf(realUrl)('a verdict that the server refuses stays in its dialog, with its reason', async () => {
    const before = await rowCount();
    await page.route('**/verdict', (route) => route.fulfill({ status: 400, contentType: 'application/problem+json', body: JSON.stringify({ detail: "'system' is no mailbox", hint: 'a mailbox has an @' }) }));
    await press('j', 'e', '2');
    await page.getByLabel('Reason', { exact: true }).fill('the nightly backup');
    await press('Control+Enter');
    await page.getByRole('alert').getByText("'system' is no mailbox").waitFor();
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('the nightly backup');
    expect(await rowCount()).toBe(before);
    await page.unroute('**/verdict');
    await press('Control+Enter');
    await page.getByText('Case resolved as benign positive').waitFor();
    await expect.poll(rowCount).toBe(before - 1);
  });

  test('x, Shift+X and e: a range is selected and judged at once', async () => {
    const before = await rowCount();
    await press('j', 'x', 'j', 'j', 'j', 'Shift+X');
    await page.getByText('4 cases selected').waitFor();
    await press('e', '3');
    await page.getByLabel('Reason', { exact: true }).fill('the newsletter everybody reads');
    await press('Control+Enter');
    await page.getByText('4 cases resolved as false positive').waitFor();
    await expect.poll(rowCount).toBe(before - 4);
    await press('u');
    await expect.poll(rowCount).toBe(before);
  });

  test('/ searches, Enter goes to the results, Escape clears', async () => {
    const before = await rowCount();
    await press('/');
    await page.keyboard.type('invoice');
    await expect.poll(rowCount).toBeLessThan(before);
    await press('Enter');
    await press('j');
    expect((await cursorTitle()).toLowerCase()).toContain('invoice');
    expect(new URL(page.url()).searchParams.get('q')).toBe('invoice');
    await press('/', 'Escape');
    await expect.poll(rowCount).toBe(before);
    await press('Escape', '/');
    await page.keyboard.type('no case says this');
    await page.getByText('No case matches').waitFor();
  });

  test('g and a letter go places, ? tells which', async () => {
    await press('g', 't');
    await page.locator('.figures').waitFor();
    await press('g', 's');
    await page.locator('.table, .notice').first().waitFor();
    await press('g', 'm');
    await expect.poll(() => new URL(page.url()).search).toBe('?owner=me');
    await press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('n writes a note, which is kept while another case is looked at', async () => {
    await press('j', 'Enter');
    await page.locator('#note').waitFor();
    await press('n');
    await page.keyboard.type('asked the user');
    const text = () => page.locator('#note').inputValue();
    await press('Escape', 'j');
    await expect.poll(text).toBe('');
    await press('k');
    await expect.poll(text).toBe('asked the user'); // until then the field is the other case's
    await press('n', 'Control+Enter');
    await page.locator('.history-note').getByText('asked the user').waitFor();
  });

  test('shortcuts do not fire while one types, nor behind a dialog', async () => {
    const before = await rowCount();
    await press('j', 'e', '1');
    await page.keyboard.type('see also: a, s and x');
    await press('Escape');
    expect(await page.getByText('selected').count()).toBe(0);
    expect(await rowCount()).toBe(before);
    expect(await page.locator('.toast').count()).toBe(0);
  });

  test('[ and ] turn the findings of a case', async () => {
    await page.locator('.row', { has: page.locator('.row-findings') }).first().click();
    await page.getByText('Finding 1').waitFor();
    await press(']');
    await page.getByText('Finding 2').waitFor();
    await press('[');
    await page.getByText('Finding 1').waitFor();
  });
});
