// Google Cloud Functions: the HTTP API.
import { http } from '@google-cloud/functions-framework';
import { createApiInstance } from '../../src/api_instance.ts';
import { readPlatform } from '../../src/settings/platform.ts';
import { ownJobs } from '../own_jobs.ts';
import { sendBody } from '../send_body.ts';
import { logFields } from './log_fields.ts';
import { readRequest } from './request.ts';

const api = createApiInstance(ownJobs);

http('api', (request, response) => {
  const { traceparent, 'x-cloud-trace-context': cloud_trace_context } = request.headers;
  const call = {
    // The connection is that of Google's front end, which puts who called it into X-Forwarded-For.
    read: () => ({ request: readRequest(request), peer: { address: null, streams: true } }),
    fields: logFields(traceparent, cloud_trace_context, readPlatform().gcp_project),
  };
  return api.answer(call, async ({ status, headers, body }) => {
    response.writeHead(status, Object.fromEntries(headers));
    if (body === null) response.end();
    else await sendBody(body, response);
  });
});
