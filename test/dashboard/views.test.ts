// Every view of the dashboard with the same eyes: hostile text, a narrow screen, the keyboard alone.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeUnless } from '../support/unless.ts';
import { basicFaults } from './basics.ts';
import { hasStatus, missingBrowser, withBrowser } from './browser.ts';
import { openSite, type Site } from './site.ts';

const HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b>';

describeUnless(missingBrowser, 'every view of the dashboard', () => {
  const open = withBrowser();
  let site: Site;
  const views: Record<string, { path: string; ready: string }> = {};

  beforeAll(async () => {
    site = await openSite();
    const { runner } = site;
    const hostile = { name: HOSTILE, description: HOSTILE, metadata: { by: HOSTILE } };
    const { job_id } = await runner.create({
      ...hostile,
      job_type: 'report',
      config: { title: HOSTILE, pages: 1 },
    });
    const failed = await runner.create({ ...hostile, job_type: 'failing', config: { a: HOSTILE } });
    const later = { job_type: 'failing', run_at: new Date('2999-01-01') };
    await runner.create({ ...later, name: 'x'.repeat(200), depends_on: [job_id] });
    const schedule_id = await site.missedSchedule(HOSTILE);
    site.open();
    Object.assign(views, {
      overview: { path: '/', ready: '.counts' },
      month: { path: '/#/?hours=720', ready: '.bar-success' },
      jobs: { path: '/#/jobs', ready: 'tbody tr:nth-child(3)' },
      job: { path: `/#/job/${job_id}`, ready: '.view-head .tone-good' },
      failed: { path: `/#/job/${failed.job_id}`, ready: '.error-text' },
      'new job': { path: '/#/jobs/new?type=report', ready: '.config' },
      schedules: { path: '/#/schedules', ready: 'tbody tr' },
      schedule: { path: `/#/schedule/${schedule_id}`, ready: 'td .tone-bad' },
      'new schedule': { path: '/#/schedules/new', ready: 'form' },
      nowhere: { path: '/#/nowhere', ready: '.notice' },
      docs: { path: '/docs', ready: '.operation' },
    });
  });
  afterAll(() => site.close());

  const names = [
    'overview',
    'month',
    'jobs',
    'job',
    'failed',
    'new job',
    'schedules',
    'schedule',
    'new schedule',
    'nowhere',
    'docs',
  ];
  const visit = async (page: Page, name: string) => {
    const { path, ready } = views[name]!;
    await page.goto(`${site.url}${path}`);
    await page.locator(ready).first().waitFor();
  };

  test('fits on a phone, has names for everything, and shows hostile text as text', async () => {
    const page = await open(site.url, { options: { viewport: { width: 320, height: 640 } } });
    const faults: Record<string, string[]> = {};
    for (const name of names) {
      await visit(page, name);
      await page.evaluate(
        'for (const one of document.querySelectorAll("details")) one.open = true',
      );
      const made = await page.locator('main img, main b, main i, main script').count();
      faults[name] = [
        ...(await basicFaults(page)),
        ...(made > 0 ? [`${made} elements made of text`] : []),
      ];
    }
    expect(faults).toEqual(Object.fromEntries(names.map((name) => [name, []])));
  });

  test('says what it is in the title of the tab, and hostile names as they are', async () => {
    const page = await open(`${site.url}${views.jobs!.path}`);
    expect(await page.title()).toBe('Jobs · Cloud Job Runner');
    const link = page.getByRole('link', { name: HOSTILE }).first();
    await link.click();
    await page.getByRole('heading', { name: HOSTILE, level: 1 }).waitFor();
    expect(await page.title()).toBe(`${HOSTILE} · Cloud Job Runner`);
  });

  test('can be used with the keyboard alone: from the list to a new job, and to a confirmed end', async () => {
    const page = await open(`${site.url}/`);
    await page.locator('.counts').waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    const tabTo = async (text: string) => {
      for (let stops = 0; stops < 60; stops += 1) {
        await page.keyboard.press('Tab');
        if ((await focused()) === text) return;
      }
      throw new Error(`no way to ${text} by the tabulator`);
    };
    await tabTo('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Overview');
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('HTTP API');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    // The heading of the new view has the focus: what follows is one step away.
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
    expect(await focused()).toBe('Jobs');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Create a job' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('option', { name: 'failing' }).waitFor({ state: 'attached' });
    await page.keyboard.type('failing');
    await page.keyboard.press('Tab');
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    // A moment that is typed: month, day, year, hour, minute, half of the day.
    await page.keyboard.type('01012999');
    await page.keyboard.press('Tab');
    await page.keyboard.type('0900AM');
    await tabTo('Create the job');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'By keyboard', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Cancel');
    const ring = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(ring).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    // What changes nothing has the focus at first.
    expect(await focused()).toBe('Let it be');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await hasStatus(page, 'cancelled');
  });

  test('tells the figures of its charts in tables', async () => {
    const page = await open(`${site.url}${views.month!.path}`);
    await page.getByRole('img', { name: /^Executions that ended/ }).waitFor();
    await page.getByText('As a table').first().click();
    const table = page.getByRole('table', { name: 'Executions that ended' });
    const heads = await table.getByRole('columnheader').allTextContents();
    expect(heads.slice(0, 3)).toEqual(['From', 'success', 'failed']);
    const row = table.getByRole('row').last();
    expect((await row.getByRole('cell').allTextContents()).slice(0, 2)).toEqual(['1', '2']);
    const bars = page.locator('.bars').first().locator('rect.bar-failed');
    expect(await bars.count()).toBe(1);
  });

  test('lists the operations of the API, and finds them by words', async () => {
    const page = await open(`${site.url}/docs`);
    await page.locator('.operation').first().waitFor();
    await page.getByLabel('Search').fill('post asked stop');
    const found = page.locator('.operation');
    expect(await found.locator('h3').allTextContents()).toEqual([
      'POST /api/v1/jobs/{job_id}/cancel',
    ]);
    await page.getByLabel('Search').fill('creates a job');
    const create = page.locator('.operation', {
      has: page.getByRole('link', { name: '/api/v1/jobs', exact: true }),
    });
    await create.getByText('run_at', { exact: true }).waitFor();
    await create.getByText('What went wrong').click();
    await create.getByText('request_id', { exact: true }).waitFor();
  });
});
