// The behaviour of the API on one of its hosts.

import { functionUrlHost } from './behaviour/hosts/clouds.ts';
import { servesOn } from './behaviour.ts';

servesOn(functionUrlHost('Lambda, streamed to a function URL'));
