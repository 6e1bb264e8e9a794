// The API from its sources, in this very process: nothing between the request and the app.
import { createApi } from '../../../../src/api.ts';
import { systemClock } from '../../../../src/clock.ts';
import { createMetrics } from '../../../../src/http/metrics.ts';
import { packedAssets } from '../../../../src/http/packed_assets.ts';
import { openRunner } from '../../../../src/runner.ts';
import { loadSettings } from '../../../../src/settings.ts';
import type { ApiHost } from './host.ts';

const none = (async function* () {})();

export const sourceHost = (name: string): ApiHost => ({
  name,
  source_ip: '127.0.0.1',
  streams: true,
  start: async ({ env, cwd }) => {
    const settings = await loadSettings({ env, cwd });
    const runner = await openRunner({ settings, init: true });
    const { store, job_types } = runner;
    const stop = new AbortController();
    const lines: string[] = [];
    const api = createApi({
      settings,
      runner,
      log: (event) => lines.push(`${JSON.stringify(event)}\n`),
      metrics: createMetrics({ store, job_types, clock: systemClock }),
      assets: packedAssets,
      stop: stop.signal,
    });
    return {
      send: async (path, { method, headers, body }) => {
        const url = `http://localhost:8080${path}`;
        const request = new Request(url, {
          method,
          headers,
          body: body as Uint8Array<ArrayBuffer> | null,
        });
        const answer = await api.fetch(request, { address: '127.0.0.1', streams: true });
        return { status: answer.status, headers: answer.headers, body: answer.body ?? none };
      },
      stop: async () => {
        stop.abort();
        await runner.close();
        return lines.join('');
      },
    };
  },
});
