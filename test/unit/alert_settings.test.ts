// The settings of alerts, and which texts among all settings are secrets.
import { describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../src/errors.ts';
import { secretTexts } from '../../src/settings/secret_texts.ts';
import { loadSettings } from '../../src/settings.ts';
import { tempFolder } from '../support/temp.ts';

const load = (env: Record<string, string>) => loadSettings({ env, cwd: tempFolder() });

const problemsOf = async (env: Record<string, string>): Promise<string[]> => {
  const error = await load(env).catch((thrown: unknown) => thrown);
  if (!(error instanceof SettingsError)) throw new Error(`expected a SettingsError, got ${error}`);
  return error.problems.map(({ path, message }) => `${path}: ${message}`);
};

describe('the address of a webhook', () => {
  test.each([
    'https://hooks.slack.com/services/T000/B000/XXXX',
    'http://127.0.0.1:8080/hook?key=1',
    'https://us%C3%A9r:p%40ss@alerts.example.com/',
    'https://acme.webhook.office.com/webhookb2/0a@1b/IncomingWebhook/2c/3d',
  ])('may be %s', async (url) => {
    expect((await load({ ALERT_WEBHOOK_URL: ` ${url}\n` })).alert_webhook_url).toBe(url);
  });

  test.each([
    'hooks.slack.com/services/hunter2',
    'ftp://example.com/hunter2',
    '<https://hooks.slack.com/services/hunter2>',
    'https://hooks.slack.com/services/ hunter2',
    'https://',
    'https://user:hunter2/x@example.com/',
  ])('may not be %s, and is not repeated', async (url) => {
    expect(await problemsOf({ ALERT_WEBHOOK_URL: url })).toEqual([
      'ALERT_WEBHOOK_URL in the environment: cannot be read; expected an http or https URL',
    ]);
  });

  test('has its password written as an address needs it', async () => {
    expect(await problemsOf({ ALERT_WEBHOOK_URL: 'https://user:100%@example.com/' })).toEqual([
      expect.stringMatching(
        /^ALERT_WEBHOOK_URL in the environment: holds a % .*; write it as %25$/,
      ),
    ]);
  });
});

test.each([
  ['ALERT_AFTER', '0', 'a whole number of 1 to 1000000'],
  ['ALERT_AFTER', '2.5', 'a whole number of 1 to 1000000'],
  // More than a column of whole numbers holds.
  ['ALERT_AFTER', '3000000000', 'a whole number of 1 to 1000000'],
  ['ALERT_SLOW_TIMES', '1', 'a number above 1'],
  ['ALERT_SLOW_TIMES', 'often', 'a number above 1'],
])('%s=%s is refused', async (name, value, expected) => {
  expect(await problemsOf({ [name]: value })).toEqual([
    `${name} in the environment: "${value}" is not ${expected}`,
  ]);
});

test('numbers of alerts are read', async () => {
  const settings = await load({ ALERT_AFTER: '1', ALERT_SLOW_TIMES: '1.5' });
  expect(settings).toMatchObject({ alert_after: 1, alert_slow_times: 1.5 });
});

describe('secret among the settings', () => {
  const secretsOf = async (env: Record<string, string>) => secretTexts(await load(env));

  test('are keys, and the whole address of a webhook', async () => {
    const project = { SUPABASE_URL: 'https://abcd.supabase.co', SUPABASE_ANON_KEY: 'anon-key' };
    const webhook = { ALERT_WEBHOOK_URL: 'https://a:b%40c@example.com/hook' };
    const secrets = await secretsOf({ ...project, ...webhook, SUPABASE_SERVICE_ROLE_KEY: 'key' });
    expect(new Set(secrets)).toEqual(
      new Set(['key', 'anon-key', webhook.ALERT_WEBHOOK_URL, 'b%40c', 'b@c']),
    );
  });

  test('are passwords of databases with the address around them', async () => {
    const url = 'postgres://user:p%23w@db.example.com/jobs';
    expect(await secretsOf({ DATABASE_URL: url })).toEqual([url, 'p%23w', 'p#w']);
  });

  test.each(['sqlite:./jobs.db', 'postgres://db.example.com/jobs', 'postgres:///jobs?host=/run'])(
    'is nothing in %s',
    async (url) => {
      expect(await secretsOf({ DATABASE_URL: url })).toEqual([]);
    },
  );
});
