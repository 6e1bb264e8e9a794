// A job in the dashboard: created, watched, steered.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page, Request } from 'playwright-core';
import { describeUnless } from '../support/unless.ts';
import { hasStatus, missingBrowser, withBrowser } from './browser.ts';
import { openSite, type Site, until } from './site.ts';

describeUnless(missingBrowser, 'the dashboard, of a job,', () => {
  const open = withBrowser();
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  const jobPage = async (page: Page): Promise<string> => {
    await page.waitForURL(/#\/job\//);
    return decodeURIComponent(page.url().split('#/job/')[1] ?? '');
  };
  /** A stream may end at the server first, or at the page, which then hangs up. */
  const streamEnd = (page: Page): Promise<void> =>
    new Promise((resolve) => {
      const look = (request: Request) => request.url().endsWith('/stream') && resolve();
      page.on('requestfinished', look).on('requestfailed', look);
    });
  const create = async (title: string, more: object = {}): Promise<string> => {
    const config = { title, pages: 2 };
    const { job_id } = await site.runner.create({
      name: title,
      job_type: 'report',
      config,
      ...more,
    });
    return job_id;
  };

  test('creates one through its form and shows it live until it is done, step by step', async () => {
    const page = await open(`${site.url}/#/jobs`);
    await page.getByRole('link', { name: 'Create a job' }).click();
    await page.getByLabel('Type').selectOption('report');
    await page.getByLabel('Name').fill('Figures of May');
    await page.getByLabel('Priority').selectOption('high');
    await page.getByLabel('title').fill('May');
    await page.getByLabel('pages').fill('4');
    await page.getByLabel('recipients').fill('ada@example.org\ngrace@example.org');
    await page.getByRole('button', { name: 'Create the job' }).click();

    const job_id = await jobPage(page);
    await page.getByRole('heading', { name: 'Figures of May', level: 1 }).waitFor();
    await hasStatus(page, 'locked');
    await page.locator('.progress', { hasText: 'Step page 1' }).waitFor();
    site.open();
    await page.locator('.progress', { hasText: '25 %' }).waitFor();
    await page.locator('.progress', { hasText: 'Step page 2' }).waitFor();
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    expect(await bar.getAttribute('value')).toBe('25');
    const spoken = page.locator('[aria-live=polite]');
    expect(await spoken.textContent()).toBe('locked, step page 2, about 20 per cent');
    site.open(3);
    await hasStatus(page, 'success');

    const steps = page.getByRole('table', { name: 'Steps' });
    expect(await steps.getByRole('row').count()).toBe(5);
    expect(await steps.getByRole('row').nth(4).textContent()).toMatch(/^page 43success.*400/);
    await page.getByText('info: writes May').waitFor();
    await page.getByText('{"written":"May"}').waitFor();
    const { job } = (await site.runner.store.getJob(job_id))!;
    expect(job).toMatchObject({
      priority: 10,
      config: { title: 'May', pages: 4, recipients: ['ada@example.org', 'grace@example.org'] },
    });
  });

  test('tells at the field what the API found wrong with it, and what was typed stays', async () => {
    const page = await open(`${site.url}/#/jobs/new?type=report`, { refusals: [400] });
    await page.getByLabel('title').fill('x');
    await page.getByLabel('pages').fill('99');
    await page.getByRole('button', { name: 'Create the job' }).click();
    await page.getByRole('alert').waitFor();
    const title = page.getByLabel('title');
    expect(await title.getAttribute('aria-invalid')).toBe('true');
    const described = await title.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${described}"]`).textContent()).toMatch(/3 characters/);
    const pages = page.locator('.field', { has: page.getByLabel('pages') });
    expect(await pages.locator('.fault').textContent()).toMatch(/20/);
    expect(await title.inputValue()).toBe('x');
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('false');
  });

  test('takes the config as JSON as well, and turns one into the other', async () => {
    const page = await open(`${site.url}/#/jobs/new?type=report`);
    await page.getByLabel('title').fill('As JSON');
    await page.getByRole('button', { name: 'Write JSON' }).click();
    const json = page.getByLabel('Config as JSON');
    expect(JSON.parse(await json.inputValue())).toEqual({ title: 'As JSON' });
    await json.fill('{"title": "As JSON", "pages": 1');
    await page.getByRole('button', { name: 'Create the job' }).click();
    await page.getByText('This is not JSON.').waitFor();
    await json.fill('{"title": "As JSON", "pages": 1}');
    await page.getByRole('button', { name: 'Fill in fields' }).click();
    expect(await page.getByLabel('pages').inputValue()).toBe('1');
    await page.getByRole('button', { name: 'Create the job' }).click();
    const job_id = await jobPage(page);
    site.open();
    await hasStatus(page, 'success');
    // Without a name it is called as its type is.
    expect((await site.runner.store.getJob(job_id))!.job).toMatchObject({
      name: 'report',
      config: { title: 'As JSON', pages: 1 },
    });
  });

  test('makes one only, however often its button is pressed after lost answers', async () => {
    const page = await open(`${site.url}/#/jobs`, { cut_off: true });
    await page.clock.install();
    let [sent, lost] = [0, 5];
    await page.route('**/api/v1/jobs', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      sent += 1;
      const response = await route.fetch();
      lost -= 1;
      return lost >= 0 ? route.abort() : route.fulfill({ response });
    });
    await page.getByRole('link', { name: 'Create a job' }).click();
    await page.getByLabel('Type').selectOption('failing');
    await page.getByLabel('Name').fill('Made once');
    const press = page.getByRole('button', { name: 'Create the job' });
    await press.click();
    const alert = page.getByRole('alert');
    await until(async () => {
      await page.clock.fastForward(10_000);
      return (await alert.count()) > 0;
    });
    expect(await alert.textContent()).toContain('was not answered');
    await press.click();
    await hasStatus(page, 'failed');
    expect(sent).toBe(6);
    const jobs = await site.runner.store.listJobs({ limit: 100 });
    expect(jobs.filter(({ name }) => name === 'Made once')).toHaveLength(1);
  });

  test('asks before it cancels one that runs, and shows how it stops', async () => {
    const job_id = await create('To be stopped');
    const page = await open(`${site.url}/#/job/${job_id}`);
    await hasStatus(page, 'locked');
    await page.getByRole('button', { name: 'Cancel' }).click();
    const question = page.getByRole('dialog', { name: 'Cancel this job?' });
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect((await site.runner.store.getJob(job_id))!.job.cancel_requested_at).toBeNull();

    await page.getByRole('button', { name: 'Cancel' }).click();
    await question.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByText('It is told to stop.').waitFor();
    // The next thing that its code writes tells it.
    site.open();
    await hasStatus(page, 'cancelled');
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Retry' }).click();
    await hasStatus(page, 'locked');
    site.open(2);
    await hasStatus(page, 'success');
    await page.getByRole('heading', { name: '2 executions' }).waitFor();
  });

  test('goes on listening when somebody else gives a job that was over another try', async () => {
    const { job_id } = await site.runner.create({ name: 'Retried', job_type: 'failing' });
    const page = await open(`${site.url}/#/jobs`);
    await page.clock.install();
    const over = streamEnd(page);
    await page.goto(`${site.url}/#/job/${job_id}`);
    const failures = page.locator('.lines li', { hasText: 'failed: <b>it broke</b>' });
    await failures.waitFor();
    await over;
    await site.runner.move(job_id, 'retry');
    await until(async () => (await site.runner.store.getJob(job_id))!.job.status === 'failed');
    await page.clock.fastForward(5000);
    await page.getByRole('heading', { name: '2 executions' }).waitFor();
    await failures.nth(1).waitFor();
  });

  test('offers what the status allows, and nothing else', async () => {
    const job_id = await create('Later', { run_at: new Date('2999-01-01') });
    const page = await open(`${site.url}/#/job/${job_id}`);
    const buttons = () => page.getByRole('group', { name: 'Actions' }).getByRole('button');
    await hasStatus(page, 'waiting');
    expect(await buttons().allTextContents()).toEqual(['Cancel', 'Disable', 'Delete']);
    await page.getByRole('button', { name: 'Disable' }).click();
    await hasStatus(page, 'disabled');
    expect(await buttons().allTextContents()).toEqual(['Cancel', 'Enable', 'Delete']);
    // The button that was pressed is gone: the focus is not lost with it.
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'Actions',
    );
  });

  test('asks before it deletes one, and goes back to the list', async () => {
    const job_id = await create('Gone soon', { run_at: new Date('2999-01-01') });
    const page = await open(`${site.url}/#/job/${job_id}`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the job' }).click();
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    expect(await site.runner.store.getJob(job_id)).toBeNull();
  });

  test('says so when somebody else deletes the one that is looked at', async () => {
    const job_id = await create('Gone meanwhile', { run_at: new Date('2999-01-01') });
    const page = await open(`${site.url}/#/job/${job_id}`, { refusals: [404] });
    await page.clock.install();
    await page.reload();
    await hasStatus(page, 'waiting');
    await site.runner.remove(job_id);
    await page.clock.fastForward(5000);
    await page.getByText(`The job ${job_id} is deleted.`).waitFor();
  });

  test('says why the API refused', async () => {
    const job_id = await create('Needed', { run_at: new Date('2999-01-01') });
    await create('Needs it', { depends_on: [job_id] });
    const page = await open(`${site.url}/#/job/${job_id}`, { refusals: [409] });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the job' }).click();
    const refusal = page.getByRole('alert');
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain('depend');
    await hasStatus(page, 'waiting');
  });

  test('shows an error with its message and where it happened, and moments in the zone of the reader', async () => {
    const { job_id } = await site.runner.create({ name: 'Breaks', job_type: 'failing' });
    const page = await open(`${site.url}/#/job/${job_id}`, {
      options: { timezoneId: 'Pacific/Kiritimati' },
    });
    await hasStatus(page, 'failed');
    const row = page.getByRole('table', { name: 'Executions' }).getByRole('row').nth(1);
    expect(await row.textContent()).toContain('<b>it broke</b>');
    await page.getByText('Where it happened').click();
    await page.locator('pre', { hasText: 'Error: <b>it broke</b>' }).waitFor();
    const { job } = (await site.runner.store.getJob(job_id))!;
    const iso = job.created_at.toISOString();
    const there = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone: 'Pacific/Kiritimati',
    });
    const time = page.locator(`time[title="${iso}"]`).first();
    expect(await time.textContent()).toBe(there.format(job.created_at));
  });
});
