// Schedules in the dashboard: created, paused, triggered, deleted, and their ledger.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { ScheduleInput } from '../../src/core/schedule_input.ts';
import { describeUnless } from '../support/unless.ts';
import { hasStatus, missingBrowser, withBrowser } from './browser.ts';
import { openSite, type Site } from './site.ts';

describeUnless(missingBrowser, 'the dashboard, of schedules,', () => {
  const open = withBrowser();
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  const create = async (input: Partial<ScheduleInput> & { name: string }): Promise<string> => {
    const whole = { job_type: 'failing', schedule_expression: '0 9 * * *', ...input };
    return (await site.runner.schedules.create(whole)).schedule_id;
  };
  const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

  test('creates one through its form and tells its next times in both zones', async () => {
    const options = { timezoneId: 'Asia/Kolkata' };
    const page = await open(`${site.url}/#/schedules`, { options });
    await page.getByRole('link', { name: 'Create a schedule' }).click();
    await page.getByLabel('Name').fill('Every morning');
    await page.getByLabel('Rule').fill('15 6 * * *');
    expect(await page.getByLabel('Time zone').inputValue()).toMatch(/Kolkata|Calcutta/);
    await page.getByLabel('Time zone').fill('UTC');
    await page.getByLabel('Type').selectOption('report');
    await page.getByLabel('title').fill('Morning');
    await page.getByLabel('While an earlier job goes on').selectOption('forbid');
    await press(page, 'Create the schedule');
    await page.getByRole('heading', { name: 'Every morning', level: 1 }).waitFor();
    const first = page.getByRole('table', { name: 'Next times' }).getByRole('row').nth(1);
    expect(await first.textContent()).toMatch(/11:45.*06:15 UTC/);
    await page.locator('.facts').getByText('at 06:15 every day').waitFor();
    const { schedule } = await site.runner.schedules.get('Every morning');
    expect(schedule).toMatchObject({
      job_type: 'report',
      config: { title: 'Morning' },
      concurrency_policy: 'forbid',
      missed: 'latest',
      timezone: 'UTC',
    });
  });

  test('tells at the field what is wrong with a rule', async () => {
    const page = await open(`${site.url}/#/schedules/new`, { refusals: [400] });
    await page.getByLabel('Name').fill('Never');
    await page.getByLabel('Rule').fill('61 * * * *');
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await page.getByLabel('Type').selectOption('failing');
    await press(page, 'Create the schedule');
    await page.getByRole('alert').waitFor();
    for (const label of ['Rule', 'Time zone']) {
      expect(await page.getByLabel(label).getAttribute('aria-invalid')).toBe('true');
    }
    const rule = page.locator('.field', { has: page.getByLabel('Rule') });
    expect(await rule.locator('.fault').textContent()).toContain('61');
  });

  test('pauses one and resumes it, and the button keeps the focus', async () => {
    const schedule_id = await create({ name: 'To be paused' });
    const page = await open(`${site.url}/#/schedule/${schedule_id}`);
    await hasStatus(page, 'active');
    await press(page, 'Pause');
    await hasStatus(page, 'paused');
    expect(await page.getByRole('heading', { name: /times will come|Next times/ }).count()).toBe(0);
    expect((await site.runner.schedules.get(schedule_id)).schedule.status).toBe('paused');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Resume');
    await press(page, 'Resume');
    await hasStatus(page, 'active');
  });

  test('triggers one and leads to the job that was made', async () => {
    const schedule_id = await create({ name: 'To be triggered' });
    const page = await open(`${site.url}/#/schedule/${schedule_id}`);
    await press(page, 'Trigger now');
    const made = page.getByRole('status').getByRole('link');
    const job_id = (await made.textContent()) ?? '';
    await made.click();
    await page.getByRole('heading', { name: 'To be triggered', level: 1 }).waitFor();
    const { job } = (await site.runner.store.getJob(job_id))!;
    expect(job.schedule_id).toBe(schedule_id);
    await page.locator('.facts').getByRole('link', { name: 'To be triggered' }).waitFor();
  });

  test('tells what became of each of its times, in words', async () => {
    const schedule_id = await site.missedSchedule('With a past');
    const page = await open(`${site.url}/#/schedule/${schedule_id}`);
    const ledger = page.getByRole('table', { name: 'Ledger' });
    const fired = ledger.getByRole('row', { name: /fired/ });
    await fired.locator('.status', { hasText: 'failed' }).waitFor();
    expect(await fired.textContent()).toMatch(/late/);
    const missed = ledger.getByRole('row', { name: /missed/ }).first();
    expect(await missed.textContent()).toContain(
      'nothing woke in time: a later time was made up for',
    );
    await fired.getByRole('link').click();
    await page.getByRole('table', { name: 'Executions' }).waitFor();
  });

  test('says what is wrong with a rule that someone wrote into the table by hand', async () => {
    const schedule_id = await create({ name: 'By hand' });
    site.sql('UPDATE cloud_job_schedules SET timezone = ? WHERE schedule_id = ?', [
      'Mars/Olympus',
      schedule_id,
    ]);
    const page = await open(`${site.url}/#/schedule/${schedule_id}`);
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('Mars/Olympus');
  });

  test('asks before it deletes one; the list shows it only when it is asked for', async () => {
    const schedule_id = await create({ name: 'Gone soon' });
    const page = await open(`${site.url}/#/schedule/${schedule_id}`);
    await press(page, 'Delete');
    await press(page, 'Delete the schedule');
    await page.getByRole('heading', { name: 'Schedules', level: 1 }).waitFor();
    await page.getByLabel('Status').selectOption('deleted');
    await page.getByRole('link', { name: 'Gone soon' }).waitFor();
    await page.getByLabel('Status').selectOption('active');
    await page.getByRole('link', { name: 'Gone soon' }).waitFor({ state: 'detached' });
  });
});
