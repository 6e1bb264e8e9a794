// What Jest does once before a run.
import { openDesk } from './desk.ts';
import { useMemory } from './memory.ts';
import { makers } from './shared.ts';

// biome-ignore lint/style/noDefaultExport: Jest takes the default export and nothing else
export default async (): Promise<void> => {
  useMemory();
  await openDesk(makers);
};
