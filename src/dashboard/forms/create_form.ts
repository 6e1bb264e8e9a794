// A form that creates something of a job type: its texts, the type's config, and what was wrong with them.
import { useState } from 'preact/hooks';
import type { Client, WriteOptions } from '../../client/client.ts';
import { useAction } from '../shell/action.ts';
import { go } from '../shell/place.ts';
import { useConfig } from './config_state.ts';
import { faultsOf } from './faults.ts';
import { type Texts, useTexts } from './fields.ts';
import { useSendingKey } from './sending_key.ts';
import { useTypes } from './type_choice.tsx';

interface Creating<Name extends string, Content> {
  first: Texts<Name>;
  /** what is sent, made of the texts and the config */
  contentOf: (texts: Texts<Name>, config: unknown) => Content;
  /** answers where what was created is shown */
  create: (client: Client, content: Content, options: WriteOptions) => Promise<string>;
}

export const useCreateForm = <Name extends string, Content>({
  first,
  contentOf,
  create,
}: Creating<Name | 'job_type', Content>) => {
  const { types, sentence } = useTypes();
  const { texts, bind } = useTexts(first);
  const type = types.find((each) => each.job_type === texts.job_type);
  const config = useConfig(type);
  const [own, setOwn] = useState(new Map<string, string>());
  const { busy, fault, act } = useAction();
  const keyOf = useSendingKey();
  const faults = faultsOf(fault, own, [...Object.keys(first), ...config.paths]);

  const submit = (event: Event) => {
    event.preventDefault();
    const read = config.read();
    setOwn(read.faults);
    if (busy || read.faults.size > 0) return;
    void act(async (client) => {
      const content = contentOf(texts, read.config);
      go(await create(client, content, { idempotency_key: keyOf(content) }));
    });
  };
  /** what the field of that name takes */
  const field = (name: Name | 'job_type') => ({ ...bind(name), fault: faults.at(name) });
  return { types, sentence, type, config, busy, fault, faults, submit, field };
};
