// The keys of a Supabase project: tokens that name a role, and the newer ones that only look secret.
import { createHmac } from 'node:crypto';

export const JWT_SECRET = 'a-secret-of-the-tests-with-more-than-32-characters';

export type Role = 'anon' | 'authenticated' | 'service_role';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as Supabase signs them; `claims` may overrule, an `exp` of long ago among them. */
export const token = (role: Role, claims: object = {}): string => {
  const issued = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'supabase',
    ref: 'tests',
    role,
    iat: issued,
    exp: issued + 3600,
    ...claims,
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
};

/** Keys of the newer kind. PostgREST would refuse them: the gateway knows whom they mean. */
export const newKeys: Record<string, Role> = {
  'sb_publishable_tests-0123456789abcdef': 'anon',
  'sb_secret_tests-0123456789abcdef': 'service_role',
};

/** What the gateway sends on as `Authorization`; undefined = the key is none of this project's. */
export const authorization = (apikey: string, given: string | undefined): string | undefined => {
  const role = newKeys[apikey];
  if (role === undefined && apikey.split('.').length !== 3) return undefined;
  // Clients repeat the key as a bearer when nobody is logged in.
  const own = given !== undefined && given !== `Bearer ${apikey}`;
  if (own) return given;
  return `Bearer ${role === undefined ? apikey : token(role)}`;
};
