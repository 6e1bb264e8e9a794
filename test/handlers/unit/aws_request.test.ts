// What a Lambda function gets for a request of HTTP, read as one; all else is refused by name.
import { describe, expect, test } from '@jest/globals';
import { readRequest, senderOf } from '../../../handlers/aws/request.ts';
import { InputError } from '../../../src/errors.ts';
import { ruleEvent } from '../hosts/aws.ts';
import { balancerEvent, http, restEvent, urlEvent } from './http_events.ts';

const read = (given: object) => {
  const { event, sender } = senderOf(given);
  return { sender, ...readRequest(event, sender) };
};

const urlOf = (given: object) => {
  const { pathname, search } = new URL(read(given).request.url);
  return `${pathname}${search}`;
};

describe('a request', () => {
  test('of a function URL has its path, its query, its headers and its caller', () => {
    const { request, sender, address } = read(urlEvent());
    expect(sender).toBe('url');
    expect(request.url).toBe(
      'https://abc.lambda-url.eu-central-1.on.aws/api/v1/jobs?limit=2&status=waiting',
    );
    expect(request.method).toBe('GET');
    expect(request.headers.get('x-api-key')).toBe('the-key');
    // Told by X-Forwarded-For already.
    expect(address).toBeNull();
  });

  test('of a REST API has the last word on a header, and every value of its query, decoded', () => {
    const { request, sender, address } = read(restEvent());
    expect({ sender, address }).toEqual({ sender: 'rest', address: '203.0.113.9' });
    expect(new URL(request.url).searchParams.getAll('job_type')).toEqual(['first', 'a b&c']);
    expect(request.headers.get('x-api-key')).toBe('the-key');
    expect(request.headers.get('host')).toBe('api.example.com');
  });

  test('of a REST API asks for no packed answer, which would come as base64', () => {
    expect(read(restEvent()).request.headers.has('accept-encoding')).toBe(false);
    const packed = urlEvent({ headers: { 'accept-encoding': 'gzip' } });
    expect(read(packed).request.headers.get('accept-encoding')).toBe('gzip');
  });

  test('of a load balancer keeps its path and query as they were sent', () => {
    const { sender, address } = read(balancerEvent());
    expect({ sender, address }).toEqual({ sender: 'balancer', address: null });
    expect(urlOf(balancerEvent())).toBe('/api/v1/schedules/every%20hour?after=a%20b');
  });

  test('of a load balancer that sends lists is read from them', () => {
    const lists = balancerEvent({
      headers: undefined,
      queryStringParameters: undefined,
      multiValueHeaders: {
        host: ['lb.example.com'],
        'x-forwarded-for': ['198.51.100.1', '203.0.113.9'],
      },
      multiValueQueryStringParameters: { depends_on: ['one', 'two%26'] },
    });
    expect(read(lists).request.headers.get('x-forwarded-for')).toBe('198.51.100.1, 203.0.113.9');
    expect(urlOf(lists)).toBe('/api/v1/schedules/every%20hour?depends_on=one&depends_on=two%26');
  });

  test('may have nothing: no headers, no query, no body', () => {
    const none = { headers: null, multiValueHeaders: null, queryStringParameters: null };
    const bare = restEvent({ ...none, multiValueQueryStringParameters: null });
    expect(urlOf(bare)).toBe('/api/v1/jobs');
    expect([...read(bare).request.headers]).toEqual([]);
    expect(read(bare).request.body).toBeNull();
  });
});

describe('a body', () => {
  const posted = (more: object) =>
    urlEvent({ requestContext: { http: http('POST') }, rawQueryString: '', ...more });

  test('is taken as text, or from base64, byte by byte', async () => {
    const text = '{"name":"Käse"}';
    expect(await read(posted({ body: text })).request.text()).toBe(text);
    const base64 = Buffer.from(text).toString('base64');
    const request = read(posted({ body: base64, isBase64Encoded: true })).request;
    expect(await request.text()).toBe(text);
  });

  test('of a GET is left out, as every server does', () => {
    expect(read(urlEvent({ body: 'hello' })).request.body).toBeNull();
    expect(read(balancerEvent({ body: 'hello' })).request.body).toBeNull();
  });
});

describe('a path', () => {
  const at = (rawPath: string, stage: string) =>
    urlOf(urlEvent({ rawPath, rawQueryString: '', requestContext: { stage, http: http('GET') } }));

  test('of an HTTP API has its stage taken off, and nothing that only looks like it', () => {
    expect(at('/dev/api/v1/jobs', 'dev')).toBe('/api/v1/jobs');
    expect(at('/dev', 'dev')).toBe('/');
    expect(at('/develop', 'dev')).toBe('/develop');
    expect(at('/api/v1/jobs', '$default')).toBe('/api/v1/jobs');
  });

  test('stays a path, whatever is in it', () => {
    expect(at('/a?b#c', '$default')).toBe('/a%3Fb%23c');
    expect(at('//elsewhere.example/x', '$default')).toBe('//elsewhere.example/x');
    expect(at('/jobs/', '$default')).toBe('/jobs/');
  });
});

describe('a header', () => {
  test('beyond Latin comes as the bytes that were sent', () => {
    const headers = { host: 'a.example', 'user-agent': 'grün', 'x-name': '→' };
    const { request } = read(urlEvent({ headers }));
    expect(request.headers.get('user-agent')).toBe('grün');
    expect(Buffer.from(request.headers.get('x-name')!, 'latin1').toString('utf8')).toBe('→');
  });

  test('of cookies is one again', () => {
    const { request } = read(urlEvent({ cookies: ['a=1', 'b=2'] }));
    expect(request.headers.get('cookie')).toBe('a=1; b=2');
  });

  test('of the host that is none does no harm', () => {
    const { request } = read(urlEvent({ headers: { host: '<url-id>.example' } }));
    expect(new URL(request.url).pathname).toBe('/api/v1/jobs');
  });
});

describe('the caller', () => {
  const from = (forwarded: string) =>
    read(urlEvent({ headers: { 'x-forwarded-for': forwarded } })).address;

  test('is told beside X-Forwarded-For only where that does not end with the same address', () => {
    expect(from('198.51.100.1, 203.0.113.9')).toBeNull();
    expect(from('203.0.113.9, 198.51.100.1')).toBe('203.0.113.9');
    expect(read(urlEvent({ headers: {} })).address).toBe('203.0.113.9');
  });
});

describe('refused is', () => {
  test.each([
    ['a schedule', ruleEvent('event-1'), 'an object with version, id, detail-type'],
    ['a message', { Records: [{ eventSource: 'aws:sqs' }] }, 'an object with Records'],
    ['an input', { cloud_jobs: 'drain' }, 'an object with cloud_jobs'],
    ['nothing', {}, 'an empty object'],
    ['nothing at all', null, 'nothing'],
    ['a text', 'GET /', 'a string'],
    ['a socket', { requestContext: { connectionId: 'c' }, body: '' }, 'an object with'],
  ])('%s, which is no request', (_what, event, shape) => {
    expect(() => senderOf(event)).toThrow(InputError);
    expect(() => senderOf(event)).toThrow(`Event refused: ${shape}`);
    expect(() => senderOf(event)).toThrow('expected a request of HTTP');
  });

  test.each<[string, object]>([
    ['a method that is none', urlEvent({ requestContext: { http: http('{{method}}') } })],
    ['a header that is none', urlEvent({ headers: { 'a b': '1' } })],
    ['a line break in a header', urlEvent({ headers: { 'x-a': '1\nx-b: 2' } })],
  ])('%s, as a request that cannot be read', (_what, event) => {
    expect(() => read(event)).toThrow(InputError);
    expect(() => read(event)).toThrow('the request: cannot be read: ');
  });
});
