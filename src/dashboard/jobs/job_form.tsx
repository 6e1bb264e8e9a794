// Asks for a new job.
import type { NewJobInput } from '../../client/client.ts';
import { priorities } from '../../core/job.ts';
import { ConfigInput } from '../forms/config_input.tsx';
import { useCreateForm } from '../forms/create_form.ts';
import { given, momentGiven, numberGiven, onlyGiven } from '../forms/fields.ts';
import { FormEnd, FormFaults } from '../forms/form_end.tsx';
import { TypeChoice } from '../forms/type_choice.tsx';
import { AreaField, ChoiceField, TextField } from '../parts/field.tsx';
import { Fault } from '../parts/notice.tsx';
import { View } from '../parts/view.tsx';
import { hrefOf, jobHref } from '../shell/place.ts';

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
  const { types, sentence, type, config, busy, fault, faults, submit, field } = useCreateForm({
    first: { ...empty, job_type: job_type ?? '' },
    contentOf: jobOf,
    create: async ({ jobs }, job, options) => jobHref((await jobs.create(job, options)).job_id),
  });

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
