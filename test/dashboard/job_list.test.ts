// The list of jobs in the dashboard: chosen, read on, looked at again.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeUnless } from '../support/unless.ts';
import { missingBrowser, withBrowser } from './browser.ts';
import { openSite, type Site } from './site.ts';

describeUnless(missingBrowser, 'the list of jobs', () => {
  const open = withBrowser();
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  /** One that nobody picks. */
  const create = async (name: string): Promise<string> => {
    const config = { title: name };
    const run_at = new Date('2999-01-01');
    const { job_id } = await site.runner.create({ name, job_type: 'report', config, run_at });
    return job_id;
  };

  test('filters by status and type, opens one by its id, and the back button leads back', async () => {
    const job_id = await create('To be found');
    const page = await open(`${site.url}/#/jobs`);
    await page.getByLabel('Status').selectOption('waiting');
    await page.waitForURL(/status=waiting/);
    await page.getByLabel('Type').selectOption('report');
    await page.waitForURL(/type=report/);
    const statuses = page.locator('tbody .status');
    await page.getByRole('link', { name: 'To be found' }).waitFor();
    expect(new Set(await statuses.allTextContents())).toEqual(new Set(['waiting']));
    await page.getByLabel('Job id').fill(job_id);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: 'To be found', level: 1 }).waitFor();
    await page.goBack();
    await page.waitForURL(/status=waiting&type=report/);
    expect(await page.getByLabel('Status').inputValue()).toBe('waiting');
  });

  test('reads on to older ones, page by page', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      name: `One of many ${index}`,
      job_type: 'maintenance',
      run_at: new Date('2999-01-01'),
    }));
    await site.runner.createMany(many);
    const page = await open(`${site.url}/#/jobs?type=maintenance&status=waiting`);
    await page.getByRole('link', { name: 'Older' }).click();
    await page.waitForURL(/before=/);
    await page.getByRole('link', { name: 'Older' }).waitFor({ state: 'detached' });
    const names = page.locator('tbody th a');
    expect(await names.count()).toBe(10);
    expect(await names.last().textContent()).toMatch(/^One of many/);
    await page.getByRole('link', { name: 'Newest' }).click();
    await names.nth(49).waitFor();
  });

  test('shows by itself what has changed in the list', async () => {
    const job_id = await create('Changes');
    const page = await open(`${site.url}/#/jobs`);
    await page.clock.install();
    await page.reload();
    const row = page.getByRole('row', { name: /^Changes/ });
    await row.locator('.status', { hasText: 'waiting' }).waitFor();
    await site.runner.move(job_id, 'disable');
    await page.clock.fastForward(5000);
    await row.locator('.status', { hasText: 'disabled' }).waitFor();
  });

  test('asks nothing while nobody looks, and at once when somebody does again', async () => {
    const page = await open(`${site.url}/#/jobs`);
    await page.clock.install();
    await page.reload();
    await page.locator('.filters').waitFor();
    const look = (state: 'hidden' | 'visible') =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState',
        { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    const lists = () => page.waitForResponse((response) => response.url().includes('/jobs?limit'));
    const first = lists();
    await page.clock.fastForward(5000);
    await first;
    await look('hidden');
    let asked = 0;
    page.on('request', () => {
      asked += 1;
    });
    for (let minute = 0; minute < 10; minute += 1) await page.clock.fastForward(60_000);
    expect(asked).toBe(0);
    const again = lists();
    await look('visible');
    await again;
    expect(asked).toBe(1);
  });
});
