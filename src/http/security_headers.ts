// What browsers are told with every answer: run nothing but our own files, show it in no frame.
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** Half a year, and nothing of hosts below: they may be somebody else's. */
const STRICT = 'max-age=15552000';

const none = ["'none'"];
const self = ["'self'"];

const headers = (https: boolean) =>
  secureHeaders({
    strictTransportSecurity: https ? STRICT : false,
    contentSecurityPolicy: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      connectSrc: self,
      imgSrc: ["'self'", 'data:'],
      baseUri: none,
      formAction: none,
      frameAncestors: none,
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    crossOriginResourcePolicy: 'same-origin',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  });

/** That a host speaks https is said over https alone: before a proxy of TLS, it is the proxy's to say. */
export const securityHeaders = (): MiddlewareHandler => {
  const [plain, secure] = [headers(false), headers(true)];
  return (context, next) => (context.req.url.startsWith('https:') ? secure : plain)(context, next);
};
