// What Jest does once after a run.
import { closeDesk } from './desk.ts';

// biome-ignore lint/style/noDefaultExport: Jest takes the default export and nothing else
export default closeDesk;
