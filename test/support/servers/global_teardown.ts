// What Jest does once after a run.
import { closeDesk } from './desk.ts';
import { leaveMemory } from './memory.ts';
import { endShared } from './shared.ts';

// biome-ignore lint/style/noDefaultExport: Jest takes the default export and nothing else
export default async (): Promise<void> => {
  closeDesk();
  await endShared();
  await leaveMemory();
};
