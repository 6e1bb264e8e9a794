// Requests as the functions framework hands them over, read as the platform's own.
import { describe, expect, test } from '@jest/globals';
import { type FrameworkRequest, readRequest } from '../../../handlers/gcp/request.ts';
import { InputError } from '../../../src/errors.ts';

const read = (more: Partial<FrameworkRequest>) =>
  readRequest({
    method: 'GET',
    originalUrl: '/api/v1/jobs?limit=2',
    headers: { host: 'api.example.com', 'x-forwarded-for': '198.51.100.1, 203.0.113.9' },
    ...more,
  });

describe('a request', () => {
  test('has its path, its query and its headers', () => {
    const request = read({});
    expect(request.url).toBe('https://api.example.com/api/v1/jobs?limit=2');
    expect(request.headers.get('x-forwarded-for')).toBe('198.51.100.1, 203.0.113.9');
  });

  test('has the bytes of its body, whatever type they are said to be', async () => {
    const rawBody = Buffer.from('{"name": "Käse"}');
    const request = read({ method: 'POST', rawBody, headers: { 'content-type': 'text/plain' } });
    expect(await request.text()).toBe('{"name": "Käse"}');
    expect(request.headers.get('content-type')).toBe('text/plain');
    expect(read({ method: 'POST' }).body).toBeNull();
    expect(read({ rawBody }).body).toBeNull();
  });

  test('is for its own host, whatever its path looks like', () => {
    const { host, pathname } = new URL(read({ originalUrl: '//elsewhere.example/x' }).url);
    expect({ host, pathname }).toEqual({
      host: 'api.example.com',
      pathname: '//elsewhere.example/x',
    });
    expect(new URL(read({ headers: { host: '<none>' } }).url).pathname).toBe('/api/v1/jobs');
  });

  test('may have a header more than once', () => {
    const headers = { 'set-cookie': ['a=1', 'b=2'], host: 'api.example.com' };
    expect(read({ headers }).headers.get('set-cookie')).toBe('a=1, b=2');
  });

  test('that cannot be read is refused', () => {
    expect(() => read({ method: 'TRACE' })).toThrow(InputError);
    expect(() => read({ method: 'TRACE' })).toThrow('the request: cannot be read: ');
  });
});
