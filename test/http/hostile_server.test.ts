// `serve` in a process of its own, attacked over bare sockets: nothing gets in, nothing piles up.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build, commandsIn } from '../cli/bundle.ts';
import { tempFolder } from '../support/temp.ts';
import { families, sampleOf } from './exposition.ts';
import { type RawConnection, rawConnection } from './raw_http.ts';

const KEY = 'a-key-that-nobody-is-going-to-guess';

let url = '';
let keyless = '';
let slow: RawConnection;
const ends: (() => Promise<void>)[] = [];

const serving = async (more: Record<string, string>): Promise<string> => {
  const env = { DATABASE_URL: 'sqlite:jobs.db', LOG_LEVEL: 'error', ...more };
  const { run, start } = commandsIn(tempFolder(), env);
  await run('init');
  const { child, ended, says } = start('serve', '--no-work', '--port', '0');
  ends.push(async () => {
    child.kill('SIGTERM');
    // Nothing of all this is a fault of ours.
    const { code, err } = await ended;
    expect([code, /.*ERROR.*/.exec(err)?.[0]]).toEqual([0, undefined]);
  });
  const [found = ''] = /http:\/\/[\d.]+:\d+/.exec(await says('Ctrl-C stops.')) ?? [];
  return found;
};

beforeAll(async () => {
  await build();
  url = await serving({ API_KEYS: `ops:write:${KEY}`, RATE_LIMIT: '1000000' });
  keyless = await serving({});
  // The server takes its time with it, too: others go on meanwhile.
  slow = await rawConnection(url);
  slow.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow');
});
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}${path}`, { ...init, headers: { 'x-api-key': KEY, ...init.headers } });

const head = (method: string, path: string, ...lines: string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: localhost', `X-API-Key: ${KEY}`, ...lines, '', ''].join(
    '\r\n',
  );

const bodyOf = (name: string): string =>
  JSON.stringify({ name, job_type: 'maintenance', run_at: '2099-01-01T00:00:00Z' });

const creating = (name: string, ...lines: string[]): string => {
  const body = bodyOf(name);
  const own = ['Content-Type: application/json', `Content-Length: ${body.length}`];
  return `${head('POST', '/api/v1/jobs', ...own, ...lines)}${body}`;
};

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** All that is answered until the other side has had enough. */
const exchange = async (text: string, at = url): Promise<string> => {
  const { send, ended } = await rawConnection(at);
  send(text);
  return ended;
};

/** The same, of one who asks to be done with then. */
const lastly = (text: string): Promise<string> =>
  exchange(`${text}${head('GET', '/healthz', 'Connection: close')}`);

const names = async (): Promise<string[]> => {
  const { jobs } = (await (await ask('/api/v1/jobs?limit=500')).json()) as {
    jobs: { name: string }[];
  };
  return jobs.map(({ name }) => name);
};

describe('a request within a request', () => {
  const type = 'Content-Type: application/json';
  const chunked = 'Transfer-Encoding: chunked';

  test.each([
    ['chunks of a kind that there is not', [type, 'Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['chunks that are not last', [type, 'Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['a blank before the colon', [type, 'Transfer-Encoding : chunked'], '0\r\n\r\n'],
    ['a header that goes on in the next line', [type, 'X: a', ' Transfer-Encoding: chunked'], ''],
    ['a length with a sign', [type, 'Content-Length: +0'], ''],
    ['a header with U+0000', [type, 'X: a\0b'], ''],
    ['a chunk of more bytes than there are numbers', [type, chunked], `${'f'.repeat(17)}\r\n`],
    ['a chunk that is longer than it says', [type, chunked], '2\r\n{}}}\r\n0\r\n\r\n'],
    ['a chunk that is shorter than nothing', [type, chunked], '-1\r\n\r\n0\r\n\r\n'],
  ])('is not found behind %s', async (_what, lines, rest) => {
    const hidden = creating('smuggled');
    const answer = await exchange(`${head('POST', '/api/v1/jobs', ...lines)}${rest}${hidden}`);
    expect(statusesIn(answer).filter((status) => status < 400)).toEqual([]);
    expect(statusesIn(answer).at(-1)).toBe(400);
    expect(await names()).not.toContain('smuggled');
  });

  test('is the body that it is sent as', async () => {
    const hidden = creating('smuggled');
    const text = head('POST', '/api/v1/jobs', type, `Content-Length: ${hidden.length}`);
    expect(statusesIn(await lastly(`${text}${hidden}`))).toEqual([400, 200]);
    const whole = head('GET', '/healthz', `Content-Length: ${hidden.length}`);
    expect(statusesIn(await lastly(`${whole}${hidden}`))).toEqual([200, 200]);
    const chunk = `${hidden.length.toString(16)};a="b"\r\n${hidden}\r\n0\r\nX-Trailer: x\r\n\r\n`;
    const chunks = `${head('POST', '/nowhere', chunked)}${chunk}`;
    expect(statusesIn(await lastly(chunks))).toEqual([404, 200]);
    expect(await names()).not.toContain('smuggled');
  });
});

describe('requests on one connection', () => {
  test('are answered in their order, however many come at once', async () => {
    const paths = [
      '/nowhere',
      '/healthz',
      '/api/v1/jobs/none',
      '/api/v1/stats',
      '/api/v1/jobs?x=1',
    ];
    const many = Array.from({ length: 100 }, (_, at) => head('GET', paths[at % 5] ?? ''));
    const wanted = many.map((_, at) => [404, 200, 404, 200, 400][at % 5]);
    expect(statusesIn(await lastly(many.join('')))).toEqual([...wanted, 200]);
  });

  test('that ask for heads alone get no body that would be taken for the next answer', async () => {
    const asked = ['/healthz', '/api/v1/jobs', '/openapi.json', '/nowhere', '/', '/metrics'];
    const answer = await lastly(asked.map((path) => head('HEAD', path)).join(''));
    expect(statusesIn(answer)).toEqual([200, 200, 200, 404, 200, 200, 200]);
    expect(answer.split('\r\n\r\n').filter((part) => !/^(HTTP|$)/.test(part))).toHaveLength(1);
  });

  test('go on behind one that was refused before its body was read', async () => {
    const strange = 'POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n';
    const answer = await lastly(`${strange}${'x'.repeat(2000)}${creating('behind it')}`);
    expect(statusesIn(answer)).toEqual([401, 201, 200]);
  });

  test('are told to send a body that they announce, and not one of which nobody knows what to expect', async () => {
    expect(statusesIn(await lastly(creating('announced', 'Expect: 100-continue')))).toEqual([
      100, 201, 200,
    ]);
    const other = head('GET', '/healthz', 'Expect: the-unexpected');
    expect(statusesIn(await lastly(other))).toEqual([417, 200]);
  });

  test('ask for no other protocol and for no tunnel', async () => {
    const { send, hears, ended } = await rawConnection(url);
    send(head('GET', '/healthz', 'Connection: Upgrade', 'Upgrade: websocket'));
    await hears('"ok"');
    send(head('GET', '/nowhere', 'Connection: close'));
    expect(statusesIn(await ended)).toEqual([200, 404]);
    expect(await exchange(`CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n`)).toBe('');
    expect(statusesIn(await exchange('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'))).toEqual([400]);
  });

  test('of a sender that says no more than that one are answered', async () => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    socket.end(head('GET', '/api/v1/stats'));
    let came = '';
    socket.on('data', (chunk) => {
      came += chunk;
    });
    await once(socket, 'close');
    expect(statusesIn(came)).toEqual([200]);
    expect(came).toContain('"oldest_seconds"');
  });
});

test.each([
  ['http://elsewhere.example.com/healthz', 200],
  ['file:///etc/passwd', 400],
  ['*', 400],
  ['/api\\v1\\jobs', 400],
  ['/api/v1/%6aobs/%2e%2e/%2e%2e', 404],
])('the address %s leads to nothing but what is here', async (target, status) => {
  const answer = await lastly(head('GET', target));
  expect(statusesIn(answer)).toEqual([status, 200]);
  expect(answer).not.toMatch(/root:|500 /);
});

test('an address as long as the headers may be is read, and refused by a sentence', async () => {
  const long = [`/api/v1/jobs/${'x'.repeat(15_000)}`, `/api/v1/jobs?${'a&'.repeat(5000)}`];
  const answer = await lastly(long.map((path) => head('GET', path)).join(''));
  expect(statusesIn(answer)).toEqual([404, 400, 200]);
});

describe('without a key, a page that has the browser of this machine ask', () => {
  test.each([
    ['by a name that leads here', '/api/v1/jobs', ['Host: rebound.example.com']],
    ['by a name like ours', '/api/v1/jobs', ['Host: localhost.example.com']],
    ['by a whole address', 'http://rebound.example.com/api/v1/jobs', ['Host: localhost']],
    ['from elsewhere', '/api/v1/jobs', ['Host: localhost', 'Sec-Fetch-Site: cross-site']],
    ['from another port', '/metrics', ['Host: localhost', 'Origin: http://localhost:1']],
  ])('%s is refused', async (_how, target, lines) => {
    const text = [`GET ${target} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n');
    expect(statusesIn(await exchange(text, keyless))).toEqual([403]);
  });
});

test('a thousand wrong keys at once are all answered, and so is whoever has the right one', async () => {
  const guesses = Array.from({ length: 1000 }, async (_, at) => {
    const headers = { 'x-api-key': `a-guess-at-the-key-${at}` };
    const { status, body } = await ask('/api/v1/jobs', { headers });
    await body?.cancel();
    return status;
  });
  const right = Array.from({ length: 50 }, async () => (await ask('/api/v1/jobs?limit=1')).status);
  expect(new Set(await Promise.all(right))).toEqual(new Set([200]));
  expect(new Set(await Promise.all(guesses))).toEqual(new Set([401, 429]));
});

const MIB = 1024 * 1024;

const memory = async (): Promise<number> =>
  sampleOf(families(await (await ask('/metrics')).text()), 'process_resident_memory_bytes') ?? 0;

test('thousands of requests, and streams that are dropped, leave nothing behind', async () => {
  const { job_id } = (await (
    await ask('/api/v1/jobs', {
      method: 'POST',
      body: bodyOf('watched'),
      headers: { 'content-type': 'application/json' },
    })
  ).json()) as { job_id: string };
  const few = [head('GET', `/api/v1/jobs/${job_id}`), head('GET', '/nowhere'), creating('one')];
  const batch = Array.from({ length: 500 }, (_, at) => few[at % 3]).join('');
  // Twenty thousand, asked for by hand, come to the same.
  for (let sent = 0; sent < Number(process.env.HOSTILE_REQUESTS ?? 4000); sent += 1000) {
    const answers = await Promise.all([lastly(batch), lastly(batch)]);
    expect(answers.map((answer) => statusesIn(answer).length)).toEqual([501, 501]);
  }
  // The last do not all find a place unless those before have given theirs back.
  for (const many of [50, 450]) {
    const readers = await Promise.all(Array.from({ length: many }, () => rawConnection(url)));
    for (const { send } of readers) send(head('GET', `/api/v1/jobs/${job_id}/stream`));
    for (const { hears } of readers) await hears('event: status');
    for (const { hangUp } of readers) hangUp();
  }
  expect(await memory()).toBeLessThan(400 * MIB);
});

test('headers that do not come to an end are cut off', async () => {
  expect(statusesIn(await slow.ended)).toEqual([408]);
});
