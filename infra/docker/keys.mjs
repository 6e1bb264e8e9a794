// Prints new secrets for compose.yaml:  node infra/docker/keys.mjs > infra/docker/.env
import { createHmac, randomBytes } from 'node:crypto';

const TEN_YEARS_SECONDS = 10 * 365 * 24 * 3600;

const secret = randomBytes(32).toString('hex');
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What PostgREST takes for a proof that the caller is `role`. */
const keyOf = (role) => {
  const issued = Math.floor(Date.now() / 1000);
  const claims = { iss: 'cloud-jobs', role, iat: issued, exp: issued + TEN_YEARS_SECONDS };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};

// Digits and letters alone, as passwords also stand in addresses.
console.log(`POSTGRES_PASSWORD=${randomBytes(24).toString('hex')}
AUTHENTICATOR_PASSWORD=${randomBytes(24).toString('hex')}
JWT_SECRET=${secret}
SUPABASE_SERVICE_ROLE_KEY=${keyOf('service_role')}
API_KEY=${randomBytes(32).toString('hex')}`);
