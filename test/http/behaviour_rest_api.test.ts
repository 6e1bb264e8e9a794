// The behaviour of the API on one of its hosts.

import { restApiHost } from './behaviour/hosts/clouds.ts';
import { servesOn } from './behaviour.ts';

servesOn(restApiHost('Lambda, whole to a REST API'), {
  'sends each event while the job runs': 'an answer is passed on once it is whole',
  'sends files packed to those who can unpack them': 'bytes would arrive as base64 text',
});
