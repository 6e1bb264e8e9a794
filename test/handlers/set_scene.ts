// Scenes for the tests of one file; they are gone when its last test is over.
import { afterAll } from '@jest/globals';
import { tempFolder } from '../support/temp.ts';
import type { Host } from './hosts/host.ts';
import { createScene, type Scene } from './scene.ts';

const scenes: Scene[] = [];

afterAll(async () => {
  for (const { close } of scenes.splice(0)) await close();
});

/** A new one, on a database of its own. */
export const setScene = async (host: Host): Promise<Scene> => {
  const scene = await createScene(host, tempFolder());
  scenes.push(scene);
  return scene;
};
