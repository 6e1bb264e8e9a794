// The rows of the table of settings that the HTTP API has.
import * as z from 'zod';
import { keys, keysFault } from './api_keys.ts';
import { numeric, port, whole } from './kinds.ts';
import { origins, originsFault } from './origins.ts';
import type { SettingRow } from './table.ts';

export const httpSettings = {
  api_keys: {
    env: 'API_KEYS',
    flag: null,
    commands: null,
    doc: 'Who may use the HTTP API: `NAME:SCOPE:KEY`, separated by commas; `cloud-jobs api-key NAME` makes one.',
    expected: 'API keys',
    schema: keys,
    fault: keysFault,
    fallback: () => [],
    fallback_doc: 'none: this machine alone, without a key',
    secret: true,
  },
  http_host: {
    env: 'HTTP_HOST',
    flag: '--host <address>',
    commands: ['serve'],
    doc: 'Address `serve` listens on; 0.0.0.0 = every one of this machine, which needs API keys.',
    expected: 'an address or a name of this machine, e.g. 127.0.0.1, ::1 or 0.0.0.0',
    schema: z
      .string()
      .trim()
      .regex(/^[0-9A-Za-z.:%_-]{1,253}$/),
    fallback: () => '127.0.0.1',
  },
  http_port: {
    env: 'PORT',
    flag: '--port <number>',
    commands: ['serve'],
    doc: 'Port it listens on; 0 = any that is free.',
    expected: 'a port, 0 to 65535',
    schema: port,
    fallback: () => 8080,
  },
  trusted_proxies: {
    env: 'TRUSTED_PROXIES',
    flag: null,
    commands: null,
    doc: 'How many proxies stand before the HTTP API, each adding to `X-Forwarded-For` who called it.',
    expected: 'a whole number of 0 to 10',
    schema: numeric.pipe(z.int().min(0).max(10)),
    fallback: () => 0,
  },
  cors_origins: {
    env: 'CORS_ORIGINS',
    flag: null,
    commands: null,
    doc: 'Origins of web pages elsewhere that may use the HTTP API, separated by commas.',
    expected: 'origins of web pages',
    schema: origins,
    fault: originsFault,
    fallback: () => [],
    fallback_doc: 'none',
  },
  rate_limit: {
    env: 'RATE_LIMIT',
    flag: null,
    commands: null,
    doc: 'Requests a minute that one key may make of one process.',
    expected: 'a whole number of 1 to 1000000',
    schema: whole.pipe(z.int().max(1e6)),
    fallback: () => 6000,
  },
} as const satisfies Record<string, SettingRow>;
