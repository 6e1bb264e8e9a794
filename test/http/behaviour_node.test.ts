// The behaviour of the API on one of its hosts.

import { nodeHost } from './behaviour/hosts/node.ts';
import { servesOn } from './behaviour.ts';

servesOn(nodeHost('Node, by serve'));
