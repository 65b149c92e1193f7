// Debian's chromium, and pages that remember everything suspicious that happens on them.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

export const openBrowser = (): Promise<Browser> => {
  if (!executable) throw new Error('no chromium: apt-get install chromium');
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] });
};

// The same tests against a real server: WINNOW_URL, and WINNOW_TOKEN of someone who may change cases. It should hold a few dozen
// cases; those tests that need to steer the server are left out.
export const realUrl = process.env['WINNOW_URL']?.replace(/\/$/, '');
const realToken = process.env['WINNOW_TOKEN'] ?? '';

export interface Watched {
  page: Page;
  foreign: string[]; // requests to anywhere but the site
  errors: string[]; // of the console, of the security policy, uncaught
}

export interface PageOptions {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
}

export async function openPage(browser: Browser, site: string, options: PageOptions = {}): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.scheme ?? 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    hasTouch: (options.width ?? 1440) < 500, // a phone
    isMobile: (options.width ?? 1440) < 500,
  });
  const page = await context.newPage();
  const watched: Watched = { page, foreign: [], errors: [] };
  page.on('request', (request) => {
    if (!request.url().startsWith(`${site}/`)) watched.foreign.push(request.url());
  });
  page.on('console', (message) => {
    // What a test provokes on purpose (refusals, an absent server) the browser reports here too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) watched.errors.push(message.text());
  });
  page.on('pageerror', (error) => watched.errors.push(String(error)));
  page.on('dialog', (dialog) => {
    watched.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => watched.errors.push(`window: ${popup.url()}`));
  if (realUrl === site) {
    await page.goto(`${site}/sign-in#${realToken}`);
    await page.locator('.nav').waitFor();
  }
  return watched;
}

// What must be true of every page at the end of every test.
export function expectQuiet({ foreign, errors }: Watched): void {
  expect(foreign, 'requests that left').toEqual([]);
  expect(errors, 'errors in the browser').toEqual([]);
}
