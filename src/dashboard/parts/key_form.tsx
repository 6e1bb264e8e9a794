// Asks for the API key; a key is kept once the API has taken it.
import { useState } from 'preact/hooks';
import { clientOf, sentenceOf, wantsKey } from '../shell/access.ts';
import { keepKey } from '../shell/key.ts';
import { TextField } from './field.tsx';
import { Fault } from './notice.tsx';
import { View } from './view.tsx';

export const KeyForm = ({ onKey }: { onKey: (key: string) => void }) => {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFault(null);
    try {
      await clientOf(key.trim()).job_types.list();
      keepKey(key.trim());
      onKey(key.trim());
    } catch (error) {
      setFault(wantsKey(error) ? 'That key was refused.' : sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <View title="API key">
      <form class="card form narrow" onSubmit={submit}>
        <p>The API asks for a key. It is kept in this tab only, and gone when the tab is closed.</p>
        <Fault sentence={fault} />
        <TextField
          label="API key"
          type="password"
          autocomplete="off"
          required
          value={key}
          onValue={setKey}
        />
        <div class="buttons">
          <button type="submit" class="primary" aria-disabled={busy}>
            Use this key
          </button>
        </div>
      </form>
    </View>
  );
};
