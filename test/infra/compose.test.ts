// The compose file: closed to the outside, in the right order, and one with the rest of the project.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { settingKeys, settingRow } from '../../src/settings/table.ts';
import { asked, compose, environmentOf, folder, proxy, serviceOf } from './compose_file.ts';
import { image } from './dockerfile.ts';
import { containers } from './manifests.ts';
import { newKeys, variablesOf } from './project.ts';

const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('cloud-jobs:'));

describe('the compose file', () => {
  test('has the services of a Supabase project as far as jobs need them, a worker, and the API', () => {
    const names = services.map(([name]) => name);
    expect(names).toEqual(['database', 'init', 'rest', 'gateway', 'worker', 'serve']);
  });

  test('uses the image that Kubernetes uses, built from the same Dockerfile', () => {
    expect(ours.map(([name]) => name)).toEqual(['init', 'worker', 'serve']);
    for (const [, { image }] of ours) expect(image).toBe(containers[0]?.image);
    const { context, dockerfile } = serviceOf('init').build!;
    const path = join(folder, context, dockerfile);
    expect(path).toBe(join(folder, 'Dockerfile'));
    expect(readFileSync(path, 'utf8')).toContain('ENTRYPOINT');
  });

  test('starts each service when what it needs is ready', () => {
    const needs = services.map(([name, { depends_on }]) => [name, depends_on ?? {}]);
    expect(Object.fromEntries(needs)).toEqual({
      database: {},
      init: { database: { condition: 'service_healthy' } },
      rest: { init: { condition: 'service_completed_successfully' } },
      gateway: { rest: { condition: 'service_healthy' } },
      worker: { gateway: { condition: 'service_healthy' } },
      serve: { gateway: { condition: 'service_healthy' } },
    });
    const waitedFor = ['database', 'rest', 'gateway'];
    for (const name of waitedFor) expect(serviceOf(name).healthcheck).toBeDefined();
  });

  test('restarts all but the one that is to end', () => {
    const restarted = services.filter(([, { restart }]) => restart === 'unless-stopped');
    expect(restarted.map(([name]) => name)).toEqual([
      'database',
      'rest',
      'gateway',
      'worker',
      'serve',
    ]);
  });

  test('opens two ports, to programs of the same machine alone', () => {
    const open = services.filter(([, { ports }]) => ports !== undefined);
    const ports = open.map(([name, { ports }]) => [name, ports]);
    const { PORT } = variablesOf('serve', newKeys());
    expect(ports).toEqual([
      ['gateway', [`127.0.0.1:\${GATEWAY_PORT:-54321}:${proxy.port}`]],
      ['serve', [`127.0.0.1:\${HTTP_PORT:-8080}:${PORT}`]],
    ]);
  });

  test('confines everything but the database, which keeps what the server needs', () => {
    const free = services.filter(([, { read_only, cap_drop, security_opt }]) => {
      return !(read_only && cap_drop && security_opt);
    });
    expect(free.map(([name]) => name)).toEqual(['database']);
    const more = services.flatMap(([, { cap_add }]) => cap_add ?? []);
    expect(more).toEqual(['NET_BIND_SERVICE']);
  });

  test('keeps the data, and what jobs write, in volumes', () => {
    const used = services.flatMap(([, { volumes }]) => volumes ?? []);
    const [named, bound] = [true, false].map((wanted) =>
      used.map((each) => each.split(':')).filter(([from]) => /^[a-z]/.test(from!) === wanted),
    );
    expect(named!.map(([from]) => from).toSorted()).toEqual(
      Object.keys(compose.volumes).toSorted(),
    );
    const home = image.instructions.findLast(({ name }) => name === 'WORKDIR')!.words.join('');
    expect(named!.map(([, to]) => to)).toContain(home);
    for (const [from, , mode] of bound!) {
      expect(readFileSync(join(folder, from!), 'utf8')).not.toBe('');
      expect(mode).toBe('ro');
    }
  });

  test('asks for exactly the secrets that keys.mjs makes, which are new each time', () => {
    const first = newKeys();
    expect(Object.keys(first).toSorted()).toEqual(asked('required'));
    const ports = ['GATEWAY_PORT', 'HTTP_PORT'];
    expect(asked('all')).toEqual([...asked('required'), ...ports].toSorted());
    const second = newKeys();
    for (const [name, value] of Object.entries(first)) {
      expect(value).toMatch(/^[\w.-]{48,}$/);
      expect(second[name]).not.toBe(value);
    }
    // None of them may come to be by itself.
    for (const name of Object.keys(first)) {
      const { [name]: _left_out, ...others } = first;
      expect(() => services.map(([service]) => environmentOf(service, others))).toThrow(name);
    }
  });

  test('gives the program settings that it knows', () => {
    const known = settingKeys.map((key) => settingRow(key).env);
    for (const [name] of ours) {
      expect(known).toEqual(expect.arrayContaining(Object.keys(variablesOf(name, newKeys()))));
    }
  });

  test('has one address for each service, the same wherever it is named', () => {
    const { PGRST_SERVER_PORT, PGHOST } = environmentOf('rest', newKeys());
    expect(proxy).toEqual({
      port: '8000',
      prefix: '/rest/v1',
      upstream: `rest:${PGRST_SERVER_PORT}`,
    });
    for (const name of ['worker', 'serve']) {
      expect(variablesOf(name, newKeys()).SUPABASE_URL).toBe(`http://gateway:${proxy.port}`);
    }
    const { hostname } = new URL(variablesOf('init', newKeys()).DATABASE_URL!);
    expect([hostname, PGHOST]).toEqual(['database', 'database']);
    expect(serviceOf('gateway').healthcheck?.test.at(-1)).toBe(
      `http://127.0.0.1:${proxy.port}${proxy.prefix}/`,
    );
    const { PORT } = variablesOf('serve', newKeys());
    const asks = serviceOf('serve').healthcheck?.test.at(-1);
    expect(asks).toContain(`'http://127.0.0.1:${PORT}/healthz'`);
  });
});
