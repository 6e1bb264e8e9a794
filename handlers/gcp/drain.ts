// Google Cloud Functions: Cloud Scheduler by HTTP (`drain`), or Pub/Sub (`drainEvent`), wakes one drain.
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { warmUp } from '../../src/invocation.ts';
import { ownJobs } from '../own_jobs.ts';
import { invokeEvent, invokeRequest } from './invoke.ts';

void warmUp(ownJobs);

http('drain', async (request, response) => {
  const closed = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) closed.abort('a closed request');
  });
  const answer = await invokeRequest(request, closed.signal, ownJobs);
  response.status(answer.status).json(answer);
});

// What is thrown makes Pub/Sub deliver the message once more, where its trigger asks for that.
cloudEvent('drainEvent', (event: unknown) => invokeEvent(event, ownJobs));
