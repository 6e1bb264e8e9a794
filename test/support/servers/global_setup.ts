// What Jest does once before a run.
import { openDesk } from './desk.ts';

// biome-ignore lint/style/noDefaultExport: Jest takes the default export and nothing else
export default openDesk;
