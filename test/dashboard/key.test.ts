// The dashboard of an API that asks for a key.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeUnless } from '../support/unless.ts';
import { hasStatus, missingBrowser, withBrowser } from './browser.ts';
import { openSite, type Site } from './site.ts';

const WRITE = 'a-key-of-those-who-look-after-jobs';
const READ = 'a-key-of-those-who-only-look-at-them';

describeUnless(missingBrowser, 'the dashboard of an API with keys', () => {
  const open = withBrowser();
  let site: Site;
  beforeAll(async () => {
    site = await openSite(`ops:write:${WRITE},grafana:read:${READ}`);
  });
  afterAll(() => site.close());

  const give = async (page: Page, key: string) => {
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Use this key' }).click();
  };
  const later = () =>
    site.runner.create({ name: 'Later', job_type: 'failing', run_at: new Date('2999-01-01') });

  test('asks for one, says that a wrong one was refused, and goes on where one wanted to go', async () => {
    const { job_id } = await later();
    const page = await open(`${site.url}/#/job/${job_id}`, { refusals: [401] });
    await page.getByRole('heading', { name: 'API key', level: 1 }).waitFor();
    await give(page, 'a-key-that-somebody-has-guessed');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('That key was refused.');
    await give(page, WRITE);
    await page.getByRole('heading', { name: 'Later', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await hasStatus(page, 'disabled');
    expect((await site.runner.store.getJob(job_id))!.job.status).toBe('disabled');
  });

  test('says that a key cannot be used which no header can carry', async () => {
    const page = await open(site.url, { refusals: [401] });
    await give(page, 'a key of ☃');
    await page.getByRole('alert').waitFor();
    await give(page, WRITE);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  });

  test('keeps it in this tab alone, over a reload, until it is told to forget it', async () => {
    const page = await open(site.url, { refusals: [401] });
    await give(page, WRITE);
    await page.locator('.counts').waitFor();
    await page.reload();
    await page.locator('.counts').waitFor();
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, document.cookie])')).toBe(
      '[{},""]',
    );
    await page.getByRole('link', { name: 'HTTP API' }).click();
    await page.getByRole('heading', { name: 'HTTP API', level: 1 }).waitFor();
    await page.locator('.operation').first().waitFor();
    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).toBe('{}');
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });

  test('shows a key that may only read everything, and says why it may do nothing', async () => {
    const { job_id } = await later();
    const page = await open(`${site.url}/#/job/${job_id}`, { refusals: [401, 403] });
    await give(page, READ);
    await page.getByRole('button', { name: 'Disable' }).click();
    const refusal = page.getByRole('alert');
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain('may only read');
    expect((await site.runner.store.getJob(job_id))!.job.status).toBe('waiting');
  });

  test('asks again when the key that was kept is not taken any more', async () => {
    const page = await open(site.url, { refusals: [401] });
    await give(page, WRITE);
    await page.locator('.counts').waitFor();
    await page.evaluate(`sessionStorage.setItem('cloud-jobs.api-key', 'a-key-of-the-year-before')`);
    await page.reload();
    await page.getByRole('heading', { name: 'API key', level: 1 }).waitFor();
  });
});
