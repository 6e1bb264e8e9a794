// Events of HTTP as Lambda gets them, from each of those who send them.

/** Of a function URL. */
export const urlEvent = (more: object = {}) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/api/v1/jobs',
  rawQueryString: 'limit=2&status=waiting',
  headers: {
    host: 'abc.lambda-url.eu-central-1.on.aws',
    'x-api-key': 'the-key',
    'x-forwarded-for': '203.0.113.9',
  },
  requestContext: {
    domainName: 'abc.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    http: { method: 'GET', path: '/api/v1/jobs', sourceIp: '203.0.113.9' },
  },
  isBase64Encoded: false,
  ...more,
});

export const http = (method: string) => ({ method, sourceIp: '203.0.113.9' });

/** Of a REST API of API Gateway. */
export const restEvent = (more: object = {}) => ({
  resource: '/{proxy+}',
  path: '/api/v1/jobs',
  httpMethod: 'GET',
  headers: { Host: 'api.example.com', 'X-Api-Key': 'the-key', 'Accept-Encoding': 'gzip' },
  multiValueHeaders: {
    Host: ['api.example.com'],
    'X-Api-Key': ['the-key'],
    'Accept-Encoding': ['gzip'],
  },
  queryStringParameters: { job_type: 'a b&c' },
  multiValueQueryStringParameters: { job_type: ['first', 'a b&c'] },
  requestContext: { stage: 'dev', path: '/dev/api/v1/jobs', identity: { sourceIp: '203.0.113.9' } },
  body: null,
  isBase64Encoded: false,
  ...more,
});

/** Of a load balancer that has not been told to send lists. */
export const balancerEvent = (more: object = {}) => ({
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:target' } },
  httpMethod: 'GET',
  path: '/api/v1/schedules/every%20hour',
  queryStringParameters: { after: 'a%20b' },
  headers: { host: 'lb.example.com', 'x-forwarded-for': '203.0.113.9' },
  body: '',
  isBase64Encoded: false,
  ...more,
});
