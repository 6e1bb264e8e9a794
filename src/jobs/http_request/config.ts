// http_request's config: what may stand in it.
import * as z from 'zod';
import { hasPlaceholder, placeholdersAreWhole } from './secrets.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** set by the connection itself; a wrong one would smuggle a second request */
const OWN_HEADERS = ['connection', 'content-length', 'host', 'transfer-encoding', 'upgrade'];

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Latin-1 without line breaks and other control characters: what a header can carry. */
export const isHeaderValue = (text: string): boolean => /^[\t -~\u0080-\u00ff]*$/.test(text);

const isHttpUrl = (text: string): boolean => {
  // Where a secret may hold the beginning, the address is checked once it is filled in.
  if (text.startsWith('${env:')) return true;
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
};

const hidesItsCredentials = (text: string): boolean =>
  hasPlaceholder(text) || !URL.canParse(text) || new URL(text).password === '';

// Built when it is first used: most functions that are loaded never do.
export const configSchema = z.lazy(() => {
  const whole = z.string().refine(placeholdersAreWhole, {
    error: `a secret is written \${env:NAME}, with a name of letters, digits and _`,
  });

  const url = whole
    .max(8192)
    .refine(isHttpUrl, { error: 'an http: or https: address is expected, with its scheme' })
    .refine(hidesItsCredentials, { error: `a password is only given as \${env:NAME}` });

  const headerName = z
    .string()
    .refine((name) => HEADER_NAME.test(name), {
      error: ({ input }) => `${JSON.stringify(input)} is not a header name`,
    })
    .refine((name) => !OWN_HEADERS.includes(name.toLowerCase()), {
      error: ({ input }) => `${JSON.stringify(input)} is set by the connection and cannot be given`,
    });

  const headerValue = whole.refine(isHeaderValue, {
    error: 'a header value cannot hold line breaks or other characters outside of Latin-1',
  });

  const body = z.json().refine((value) => placeholdersAreWhole(JSON.stringify(value)), {
    error: `a secret is written \${env:NAME}, with a name of letters, digits and _`,
  });

  const status = z.number().int().min(100).max(599);

  return z
    .strictObject({
      url,
      /** POST when there is a body, else GET */
      method: z
        .string()
        .transform((method) => method.toUpperCase())
        .pipe(z.enum(METHODS))
        .optional(),
      headers: z.record(headerName, headerValue).default({}),
      /** a text goes as it is, anything else as JSON */
      body: body.optional(),
      /** 200 to 299 unless given */
      expect_status: z.union([status, z.array(status).min(1)]).optional(),
    })
    .refine(({ method, body }) => body === undefined || (method !== 'GET' && method !== 'HEAD'), {
      path: ['body'],
      error: 'a GET or HEAD request carries no body',
    });
});
export type HttpRequestConfig = z.output<typeof configSchema>;
