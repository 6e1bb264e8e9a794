// The compose file: only what is known here may stand in it, and its variables are filled in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { root } from '../structure/source.ts';

export const folder = join(root, 'infra/docker');

const text = readFileSync(join(folder, 'compose.yaml'), 'utf8');

const seconds = z.string().regex(/^\d+s$/);
const named = z.string().regex(/^[a-z][a-z_-]*$/);

const healthcheck = z.strictObject({
  test: z.tuple([z.literal('CMD')], z.string()),
  interval: seconds,
  timeout: seconds,
  retries: z.int().positive(),
});

const service = z.strictObject({
  image: z.string().regex(/^[a-z/-]+:[a-z0-9.-]*\d[a-z0-9.-]*$/),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  restart: z.literal('unless-stopped').optional(),
  environment: z.record(z.string().regex(/^[A-Z_]+$/), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string().regex(/^[^:]+:\/[^:]+(:ro)?$/)).optional(),
  tmpfs: z.array(z.string().startsWith('/')).optional(),
  read_only: z.literal(true).optional(),
  cap_drop: z.tuple([z.literal('ALL')]).optional(),
  cap_add: z.array(z.string()).optional(),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]).optional(),
  shm_size: z.string().optional(),
  mem_limit: z.string().optional(),
  stop_grace_period: seconds.optional(),
  healthcheck: healthcheck.optional(),
  depends_on: z
    .record(
      named,
      z.strictObject({
        condition: z.enum(['service_healthy', 'service_completed_successfully']),
      }),
    )
    .optional(),
});

const file = z.strictObject({
  name: named,
  'x-confined': z.record(z.string(), z.unknown()),
  services: z.record(named, service),
  volumes: z.record(named, z.null()),
});

export type Service = z.infer<typeof service>;

/** The file itself; throws for what does not belong into one. */
export const compose = file.parse(parse(text, { merge: true, strict: true, uniqueKeys: true }));

/** The names of the variables the file asks for, and of those that must be given. */
export const asked = (which: 'all' | 'required'): string[] => {
  const pattern = which === 'all' ? /\$\{([A-Z_]+)/g : /\$\{([A-Z_]+):\?/g;
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))].toSorted();
};

/** The text with its variables filled in, as compose does: `${A}`, `${A:-default}`, `${A:?reason}`. */
const fillIn = (value: string, variables: Record<string, string>): string =>
  value.replace(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_all, name, sign, rest) => {
    const given = variables[name];
    if (given) return given;
    if (sign === '-') return rest;
    throw new Error(`${name} is not set: ${rest ?? ''}`);
  });

export const serviceOf = (name: string): Service => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
};

export const environmentOf = (
  name: string,
  variables: Record<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(serviceOf(name).environment ?? {}).map(([key, value]) => [
      key,
      fillIn(value, variables),
    ]),
  );

/** What stands before PostgREST: the port it listens on, the prefix it takes off, whom it asks. */
export const proxy = (() => {
  const config = readFileSync(join(folder, 'Caddyfile'), 'utf8');
  const site = /^:(\d+) \{\n\thandle_path (\/\S*)\/\* \{\n\t\treverse_proxy (\S+)\n\t\}\n/m;
  const [, port, prefix, upstream] = site.exec(config) ?? [];
  return { port, prefix, upstream };
})();
