// Chromium, and pages of it that tell of whatever goes wrong in them.
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((place) => existsSync(place));

/** Why there is no browser to test with; undefined = there is one. */
export const missingBrowser: string | undefined =
  executablePath === undefined ? `there is no Chromium at ${places.join(', ')}` : undefined;

interface Opened {
  page: Page;
  /** what the page complained of: errors, and what its policy kept it from */
  faults: string[];
}

export interface Opening {
  /** statuses of HTTP that are asked for: a browser tells of each as an error */
  refusals?: number[];
  /** answers get lost: a browser tells of each as an error */
  cut_off?: boolean;
  options?: BrowserContextOptions;
}

const opened: (Opened & Required<Omit<Opening, 'options'>>)[] = [];

const listenTo = async (page: Page): Promise<string[]> => {
  const faults: string[] = [];
  await page.exposeFunction('tellViolation', (what: string) => faults.push(`policy: ${what}`));
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    window.tellViolation(event.violatedDirective + ' ' + event.blockedURI))`);
  page.on('pageerror', (error) => faults.push(`error: ${error.stack}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  return faults;
};

/** Faults that were not asked for. */
const unexpected = ({ faults, refusals, cut_off }: (typeof opened)[number]): string[] =>
  faults.filter((fault) => {
    if (cut_off && fault.includes('net::ERR_FAILED')) return false;
    const [, status] = /responded with a status of (\d+)/.exec(fault) ?? [];
    return status === undefined || !refusals.includes(Number(status));
  });

/** One browser for all tests of a file; after each, no page may have complained. */
export const withBrowser = () => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath: executablePath ?? '', args });
  });
  afterEach(async () => {
    const all = opened.splice(0);
    for (const { page } of all) await page.context().close();
    expect(all.flatMap(unexpected)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });
  /** A tab of its own, without anything that another one left. */
  return async (
    url: string,
    { refusals = [], cut_off = false, options = {} }: Opening = {},
  ): Promise<Page> => {
    if (browser === undefined) throw new Error('the browser is not there yet');
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    opened.push({ page, faults: await listenTo(page), refusals, cut_off });
    await page.goto(url);
    return page;
  };
};

/** Waits until the heading of a job or a schedule says this status. */
export const hasStatus = (page: Page, word: string): Promise<void> =>
  page.locator('.view-head .status', { hasText: word }).waitFor();
