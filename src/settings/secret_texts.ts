// The texts among the settings that nobody outside may read: keys, the webhook, passwords in addresses.
import type { Settings } from '../settings.ts';
import { settingKeys, settingRow } from './table.ts';

const passwordOf = (address: string): string[] => {
  try {
    const { password } = new URL(address);
    return password === '' ? [] : [address, password, decodeURIComponent(password)];
  } catch {
    return []; // a key, or the path of a file
  }
};

const isStore = (text: string): boolean => /^(sqlite|postgres(ql)?):/i.test(text);

/** An address of a store is a secret only with the password in it; whatever else is secret is so whole. */
export const secretTexts = (settings: Settings): string[] =>
  settingKeys
    .filter((key) => settingRow(key).secret)
    .flatMap((key) => {
      const value = settings[key];
      if (typeof value !== 'string') return [];
      return isStore(value) ? passwordOf(value) : [value, ...passwordOf(value)];
    });
