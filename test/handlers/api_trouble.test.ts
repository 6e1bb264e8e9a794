// The API's functions where something is wrong: no keys, settings that cannot be used, a store that is away.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cloudRunHost, functionUrlHost, restApiHost } from '../http/behaviour/hosts/clouds.ts';
import type { ApiHost } from '../http/behaviour/hosts/host.ts';
import { tempFile, tempFolder } from '../support/temp.ts';
import { API_KEYS, ask, startApi, withKey } from './api_asking.ts';
import { linesOf } from './behaviour/log.ts';

const hosts: [name: string, host: ApiHost][] = [
  functionUrlHost('Lambda, streamed'),
  restApiHost('Lambda, whole'),
  cloudRunHost('Cloud Functions'),
].map((host) => [host.name, host]);

const fresh = () => ({ DATABASE_URL: `sqlite:${tempFile()}` });

describe.each(hosts)('the API on %s', (_name, host) => {
  test('answers nobody without any key configured, wherever it seems to come from', async () => {
    const served = await startApi(host, fresh());
    const callers: Record<string, string>[] = [
      {},
      withKey,
      { 'x-forwarded-for': '127.0.0.1' },
      { host: 'localhost' },
    ];
    for (const headers of callers) {
      const { status, json } = await ask(served, '/api/v1/jobs', headers);
      expect({ status, json }).toMatchObject({
        status: 403,
        json: {
          code: 'forbidden',
          detail: expect.stringContaining('no API key is configured'),
        },
      });
    }
    const health = await ask(served, '/healthz', {});
    expect(health).toMatchObject({ status: 200, json: { status: 'ok' } });
    const page = await ask(served, '/', {});
    expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    await served.stop();
  });

  test('says in its log, each time, which settings cannot be used, and to nobody else', async () => {
    const hidden = 'hidden-word-of-twenty-characters';
    const wrong = { ...fresh(), API_KEYS: `ops:all:${hidden}`, RATE_LIMIT: 'many' };
    const served = await startApi(host, wrong);
    for (const path of ['/api/v1/jobs', '/healthz']) {
      const { status, type, json, text } = await ask(served, path);
      expect({ status, type }).toEqual({ status: 500, type: 'application/problem+json' });
      expect(json).toMatchObject({ code: 'settings_invalid', request_id: expect.any(String) });
      expect(json?.detail).toContain('the log says why');
      expect(text).not.toMatch(/API_KEYS|RATE_LIMIT|hidden/);
    }
    const stderr = await served.stop();
    expect(stderr).not.toContain(hidden);
    const line = {
      severity: 'ERROR',
      event: 'http.failed',
      reason: expect.stringMatching(
        /API_KEYS in the environment: entry 1 of 1.*RATE_LIMIT in the environment: "many" is not/,
      ),
    };
    expect(linesOf(stderr)).toMatchObject([line, line]);
  });

  test('answers 503 while its store is away, and as ever once it is there', async () => {
    const folder = join(tempFolder(), 'not-yet');
    const DATABASE_URL = `sqlite:${join(folder, 'jobs.db')}`;
    const served = await startApi(host, { API_KEYS, DATABASE_URL });
    const away = await ask(served, '/api/v1/jobs');
    expect(away).toMatchObject({ status: 503, json: { code: 'store_unavailable' } });
    mkdirSync(folder);
    // Several at once find it opened once.
    const [one, other] = await Promise.all([
      ask(served, '/api/v1/jobs'),
      ask(served, '/api/v1/stats'),
    ]);
    expect([one.status, other.status]).toEqual([200, 200]);
    await served.stop();
  });
});
