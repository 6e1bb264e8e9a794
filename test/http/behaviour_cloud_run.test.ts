// The behaviour of the API on one of its hosts.

import { cloudRunHost } from './behaviour/hosts/clouds.ts';
import { servesOn } from './behaviour.ts';

const framework = 'the functions framework reads bodies before, by what they say they are';

servesOn(cloudRunHost('Cloud Functions'), {
  'answers 400 for a body that says it is JSON, and is none': framework,
  'answers 415 for a body that does not say what it is': framework,
});
