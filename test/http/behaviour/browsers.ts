// What browsers need: the dashboard's files, leave to call from another page, and what they must not do.
import { gunzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import type { Behaviours } from '../behaviour.ts';
import { ORIGIN, type Stage } from './stage.ts';

const page = async ({ ask }: Stage) => {
  for (const path of ['/', '/docs']) {
    const { status, headers, text } = await ask(path, { key: null });
    expect([path, status]).toEqual([path, 200]);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(text).toMatch(/<html/i);
    const named = [...text.matchAll(/(?:src|href)="([^"]*assets\/[^"]+)"/g)].map(([, at]) => at);
    expect(named.length).toBeGreaterThan(0);
    for (const at of named) {
      const asset = await ask(`/${at?.replace(/^\//, '')}`, { key: null });
      expect([at, asset.status]).toEqual([at, 200]);
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('content-encoding')).toBeNull();
    }
  }
};

const packed = async ({ ask }: Stage) => {
  const path = '/assets/dashboard.js';
  const plain = await ask(path, { key: null });
  const wish = { key: null, headers: { 'accept-encoding': 'gzip, br' } };
  const { headers, bytes } = await ask(path, wish);
  expect(headers.get('content-encoding')).toBe('gzip');
  expect(headers.get('vary')).toContain('Accept-Encoding');
  expect(bytes.length).toBeLessThan(plain.bytes.length);
  expect(gunzipSync(bytes).equals(plain.bytes)).toBe(true);
};

const unchanged = async ({ ask }: Stage) => {
  const etag = (await ask('/', { key: null })).headers.get('etag') ?? '';
  expect(etag).toMatch(/^"\w+"$/);
  const again = await ask('/', { key: null, headers: { 'if-none-match': etag } });
  expect([again.status, again.bytes.length]).toEqual([304, 0]);
};

const head = async ({ ask }: Stage) => {
  for (const path of ['/', '/api/v1/jobs', '/healthz', '/assets/style.css']) {
    const { status, bytes, headers } = await ask(path, { method: 'HEAD' });
    expect([path, status, bytes.length]).toEqual([path, 200, 0]);
    expect(headers.get('content-type')).not.toBeNull();
  }
  expect((await ask('/api/v1/jobs/none', { method: 'HEAD' })).status).toBe(404);
};

const headers = async ({ ask }: Stage) => {
  for (const path of ['/', '/api/v1/jobs', '/nowhere', '/assets/dashboard.js']) {
    const answer = await ask(path);
    const { headers: own } = answer;
    expect(own.get('content-security-policy')).toContain("default-src 'none'");
    expect(own.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(own.get('x-content-type-options')).toBe('nosniff');
    expect(own.get('x-frame-options')).toBe('DENY');
    expect(own.get('referrer-policy')).toBe('no-referrer');
    expect(own.get('x-powered-by')).toBeNull();
  }
  expect((await ask('/api/v1/jobs')).headers.get('cache-control')).toContain('no-store');
};

const allowed = async ({ ask, send }: Stage) => {
  const asked = {
    origin: ORIGIN,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-api-key,content-type',
  };
  const before = await send('/api/v1/jobs', { method: 'OPTIONS', key: null, headers: asked });
  expect(before.status).toBe(204);
  expect(before.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(before.headers.get('access-control-allow-methods')).toContain('POST');
  expect(before.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-api-key');
  const { headers: own } = await ask('/api/v1/jobs', { headers: { origin: ORIGIN } });
  expect(own.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(own.get('vary')).toContain('Origin');
};

const others = async ({ ask, send }: Stage) => {
  const origin = 'https://elsewhere.example.com';
  const { headers: own } = await ask('/api/v1/jobs', { headers: { origin } });
  expect(own.get('access-control-allow-origin')).toBeNull();
  const asked = { origin, 'access-control-request-method': 'POST' };
  const before = await send('/api/v1/jobs', { method: 'OPTIONS', key: null, headers: asked });
  expect(before.headers.get('access-control-allow-origin')).toBeNull();
};

export const browsers: Behaviours = {
  'serves the pages of the dashboard, and all they name, to anybody': page,
  'sends files packed to those who can unpack them': packed,
  'sends a page once, as long as it has not changed': unchanged,
  'answers HEAD as it answers GET, without the body': head,
  'tells browsers with every answer to be careful': headers,
  'lets pages of a configured origin call': allowed,
  'lets pages of no other origin call': others,
};
