// What a child process says to the one that started it: JSON lines on its fourth descriptor, written
// at once, so that nothing said is lost when the process is killed at the next instruction.
import { writeSync } from 'node:fs';

const CHANNEL = 3;

export interface Said {
  said: string;
  [key: string]: unknown;
}

export const announce = (message: Said): void => {
  writeSync(CHANNEL, `${JSON.stringify(message)}\n`);
};
