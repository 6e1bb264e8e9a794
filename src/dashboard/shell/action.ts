// What one does to a job or a schedule: one thing at a time, and what came of it as a sentence.
import { useState } from 'preact/hooks';
import type { Client } from '../../client/client.ts';
import { sentenceOf, useAccess, wantsKey } from './access.ts';

export interface Action {
  busy: boolean;
  /** why the last one was refused */
  fault: unknown;
  sentence: string | null;
  act: (what: (client: Client) => Promise<void>) => Promise<void>;
}

export const useAction = (): Action => {
  const { client, onRefused } = useAccess();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const act = async (what: (client: Client) => Promise<void>) => {
    setBusy(true);
    setFault(null);
    try {
      await what(client);
    } catch (error) {
      if (wantsKey(error)) onRefused();
      else setFault(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, fault, sentence: fault === null ? null : sentenceOf(fault), act };
};
