// Asks for a new job.
import { useState } from 'preact/hooks';
import type { NewJobInput } from '../../client/client.ts';
import { priorities } from '../../core/job.ts';
import { ConfigInput } from '../forms/config_input.tsx';
import { useConfig } from '../forms/config_state.ts';
import { faultsOf } from '../forms/faults.ts';
import { given, momentGiven, numberGiven, onlyGiven, useTexts } from '../forms/fields.ts';
import { FormEnd, FormFaults } from '../forms/form_end.tsx';
import { useSendingKey } from '../forms/sending_key.ts';
import { TypeChoice, useTypes } from '../forms/type_choice.tsx';
import { AreaField, ChoiceField, TextField } from '../parts/field.tsx';
import { Fault } from '../parts/notice.tsx';
import { View } from '../parts/view.tsx';
import { useAction } from '../shell/action.ts';
import { go, hrefOf, jobHref } from '../shell/place.ts';

const empty = {
  name: '',
  job_type: '',
  priority: 'normal',
  run_at: '',
  description: '',
  unique_key: '',
  max_retries: '',
  timeout_seconds: '',
  depends_on: '',
};

const linesOf = (text: string): string[] | undefined => {
  const lines = text.split('\n').map((line) => line.trim());
  const ids = lines.filter((line) => line !== '');
  return ids.length === 0 ? undefined : ids;
};

const jobOf = (texts: typeof empty, config: unknown): NewJobInput => ({
  // Without a name it is called as its type is: what the API does where one is left out.
  name: given(texts.name) ?? texts.job_type,
  job_type: texts.job_type,
  config,
  priority: texts.priority as keyof typeof priorities,
  ...onlyGiven({
    run_at: momentGiven(texts.run_at),
    description: given(texts.description),
    unique_key: given(texts.unique_key),
    max_retries: numberGiven(texts.max_retries),
    timeout_seconds: numberGiven(texts.timeout_seconds),
    depends_on: linesOf(texts.depends_on),
  }),
});

export const JobForm = ({ job_type }: { job_type: string | null }) => {
  const { types, sentence } = useTypes();
  const { texts, bind } = useTexts({ ...empty, job_type: job_type ?? '' });
  const type = types.find((each) => each.job_type === texts.job_type);
  const config = useConfig(type);
  const [own, setOwn] = useState(new Map<string, string>());
  const { busy, fault, act } = useAction();
  const keyOf = useSendingKey();
  const faults = faultsOf(fault, own, [...Object.keys(empty), ...config.paths]);

  const submit = (event: Event) => {
    event.preventDefault();
    const read = config.read();
    setOwn(read.faults);
    if (busy || read.faults.size > 0) return;
    void act(async (client) => {
      const job = jobOf(texts, read.config);
      const { job_id } = await client.jobs.create(job, { idempotency_key: keyOf(job) });
      go(jobHref(job_id));
    });
  };
  const field = (name: keyof typeof empty) => ({ ...bind(name), fault: faults.at(name) });

  return (
    <View title="Create a job">
      <Fault sentence={sentence} />
      <form class="card form" onSubmit={submit}>
        <FormFaults fault={fault} faults={faults} />
        <TypeChoice types={types} {...field('job_type')} />
        <TextField label="Name" help="that of its type unless given" {...field('name')} />
        <div class="pair">
          <ChoiceField
            label="Priority"
            choices={Object.keys(priorities).map((word) => [word, word] as const)}
            {...field('priority')}
          />
          <TextField
            label="Run at"
            type="datetime-local"
            help="in your own zone; as soon as it can unless given"
            {...field('run_at')}
          />
        </div>
        {type && <ConfigInput type={type} state={config} faults={faults} />}
        <details>
          <summary>More</summary>
          <TextField label="Description" {...field('description')} />
          <TextField
            label="Unique key"
            help="at most one unfinished job has a given key"
            {...field('unique_key')}
          />
          <div class="pair">
            <TextField label="Retries at most" type="number" {...field('max_retries')} />
            <TextField label="Timeout in seconds" type="number" {...field('timeout_seconds')} />
          </div>
          <AreaField
            label="Waits for jobs"
            help="their ids, one on each line"
            rows={2}
            {...field('depends_on')}
          />
        </details>
        <FormEnd busy={busy} does="Create the job" back={hrefOf(['jobs'])} />
      </form>
    </View>
  );
};
