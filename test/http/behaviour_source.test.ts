// The behaviour of the API on one of its hosts.

import { sourceHost } from './behaviour/hosts/source.ts';
import { servesOn } from './behaviour.ts';

servesOn(sourceHost('its sources'));
