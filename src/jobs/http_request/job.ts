// http_request: sends one HTTP request and keeps the answer.
import { defineJob, type JobContext } from '../../core/definition.ts';
import { Discard } from '../../errors.ts';
import type { Resolve } from './addresses.ts';
import { checkStatus, keptBody, keptHeaders } from './answer.ts';
import { configSchema, type HttpRequestConfig, isHeaderValue } from './config.ts';
import { fillIn, fillInJson, fillInUrl, maskOf, type Secrets } from './secrets.ts';
import type { Outgoing } from './send.ts';

export interface HttpRequestDeps {
  /** HTTP_REQUEST_ALLOW_PRIVATE: addresses that are not public may be called */
  allow_private: boolean;
  /** HTTP_REQUEST_SECRETS: names that `${env:NAME}` may read */
  secret_names: string[];
  /** their values */
  secrets: Readonly<Record<string, string>>;
  /** names to addresses; the system's resolver unless given */
  resolve?: Resolve;
}

type Ctx = JobContext<HttpRequestConfig>;

const addressOf = (template: string, secrets: Secrets): URL => {
  const filled = fillInUrl(template, secrets);
  const url = URL.canParse(filled) ? new URL(filled) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Discard(`url: ${template} is not an http: or https: address once it is filled in`);
  }
  return url;
};

const headersOf = (ctx: Ctx, secrets: Secrets): Record<string, string> => {
  const headers = new Map<string, string>();
  const { body } = ctx.config;
  if (body !== undefined) {
    const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
    headers.set('content-type', type);
  }
  headers.set('user-agent', 'cloud-jobs http_request');
  headers.set('idempotency-key', ctx.job.job_id);
  for (const [name, template] of Object.entries(ctx.config.headers)) {
    const value = fillIn(template, secrets);
    if (!isHeaderValue(value)) {
      throw new Discard(`headers.${name}: ${template} is no header value once it is filled in`);
    }
    headers.set(name.toLowerCase(), value);
  }
  return Object.fromEntries(headers);
};

const bodyOf = ({ body }: HttpRequestConfig, secrets: Secrets): string | null => {
  if (body === undefined) return null;
  const filled = fillInJson(body, secrets);
  return typeof filled === 'string' ? filled : JSON.stringify(filled);
};

const outgoing = (ctx: Ctx, secrets: Secrets): Outgoing => {
  const { config } = ctx;
  const method = config.method ?? (config.body === undefined ? 'GET' : 'POST');
  const url = addressOf(config.url, secrets);
  return { url, method, headers: headersOf(ctx, secrets), body: bodyOf(config, secrets) };
};

/** The hidden part of `https://user:password@host`, as the Authorization header spells it. */
const credentialsOf = ({ username, password }: URL): string[] =>
  password === '' ? [] : [`${decodeURIComponent(username)}:${decodeURIComponent(password)}`];

/** Result: what was asked (secrets still as `${env:NAME}`), status, headers and body of the answer. */
export const httpRequest = (deps: HttpRequestDeps) =>
  defineJob({
    type: 'http_request',
    config: configSchema,
    timeout: 300,
    run: async (ctx) => {
      const secrets = { secret_names: deps.secret_names, values: deps.secrets };
      const request = outgoing(ctx, secrets);
      const mask = maskOf(secrets, credentialsOf(request.url));
      const { method } = request;
      const what = `${method} ${ctx.config.url}`;
      // Loaded here because node's client is not needed to pick and record.
      const { exchange } = await import('./exchange.ts');
      const incoming = await exchange({ request, deps, mask, what, signal: ctx.signal });
      checkStatus(incoming, ctx.config.expect_status, what, mask);
      return {
        url: ctx.config.url,
        method,
        status: incoming.status,
        headers: keptHeaders(incoming, mask),
        ...keptBody(incoming, mask),
      };
    },
  });
