// How a command is joined to the program: its options come from commander and the table of settings,
// its exit code is the number it answers.
import { type Command, Option } from 'commander';
import { type SettingKey, settingKeys, settingRow } from '../settings/table.ts';
import type { Flags } from '../settings.ts';
import type { Desk } from './desk.ts';

export interface Call<Options> {
  desk: Desk;
  flags: Flags;
  options: Options;
}

/** Makes a commander action of a function that answers an exit code. */
export type Act = <Options extends object>(
  run: (call: Call<Options>, ...words: string[]) => Promise<number>,
) => (...args: unknown[]) => Promise<void>;

/** `words`: those of the command line, as far as they are known: what none of them asks for may stay out. */
export type AddCommands = (program: Command, act: Act, words?: string[]) => void;

const asOption = (key: SettingKey, flag: string): Option => {
  const { doc, env } = settingRow(key);
  const plain = doc.replaceAll('`', '').replace(/\.$/, '');
  const option = new Option(flag, `${plain.charAt(0).toLowerCase()}${plain.slice(1)} (${env})`);
  return key === 'log_level'
    ? new Option('-v, --verbose', 'log every detail (LOG_LEVEL=debug)')
    : option;
};

/** Adds the flags of the settings that belong to this command; null = those that all commands take. */
export const addSettingFlags = (command: Command, name: string | null): Command => {
  for (const key of settingKeys) {
    const { flag, commands } = settingRow(key);
    const wanted = name === null ? commands === null : commands?.includes(name);
    if (flag !== null && wanted) command.addOption(asOption(key, flag));
  }
  return command;
};

/** The settings among parsed options. */
export const flagsOf = (options: Record<string, unknown>): Flags => {
  const flags: Flags = { config: options.config };
  for (const key of settingKeys) {
    const { flag, flag_value } = settingRow(key);
    if (flag === null) continue;
    const value = options[new Option(flag).attributeName()];
    if (value === undefined) continue;
    flags[key] = value === true ? flag_value : value;
  }
  return flags;
};
