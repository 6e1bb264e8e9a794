// Asks for a new schedule.
import type { Client } from '../../client/client.ts';
import { priorities } from '../../core/job.ts';
import {
  type ConcurrencyPolicy,
  concurrencyPolicies,
  type MissedPolicy,
  missedPolicies,
} from '../../core/schedule.ts';
import { ConfigInput } from '../forms/config_input.tsx';
import { useCreateForm } from '../forms/create_form.ts';
import { given, numberGiven, onlyGiven } from '../forms/fields.ts';
import { FormEnd, FormFaults } from '../forms/form_end.tsx';
import { TypeChoice } from '../forms/type_choice.tsx';
import { ChoiceField, TextField } from '../parts/field.tsx';
import { Fault } from '../parts/notice.tsx';
import { View } from '../parts/view.tsx';
import { hrefOf, scheduleHref } from '../shell/place.ts';
import { concurrencyWords, missedWords } from './rule_words.ts';

const empty = {
  name: '',
  job_type: '',
  schedule_expression: '',
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  missed: 'latest',
  starting_deadline_seconds: '',
  concurrency_policy: 'allow',
  run_on_startup: 'no',
  priority: 'normal',
  description: '',
  unique_key: '',
  max_retries: '',
  timeout_seconds: '',
};

type NewSchedule = Parameters<Client['schedules']['create']>[0];

const scheduleOf = (texts: typeof empty, config: unknown): NewSchedule => ({
  name: texts.name,
  job_type: texts.job_type,
  schedule_expression: texts.schedule_expression,
  config,
  missed: texts.missed as MissedPolicy,
  concurrency_policy: texts.concurrency_policy as ConcurrencyPolicy,
  run_on_startup: texts.run_on_startup === 'yes',
  priority: texts.priority as keyof typeof priorities,
  ...onlyGiven({
    timezone: given(texts.timezone),
    starting_deadline_seconds: numberGiven(texts.starting_deadline_seconds),
    description: given(texts.description),
    unique_key: given(texts.unique_key),
    max_retries: numberGiven(texts.max_retries),
    timeout_seconds: numberGiven(texts.timeout_seconds),
  }),
});

const Zones = () => (
  <datalist id="zones">
    {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
      <option key={zone} value={zone} />
    ))}
  </datalist>
);

const explained = <Word extends string>(words: readonly Word[], meaning: Record<Word, string>) =>
  words.map((word) => [word, `${word}: ${meaning[word]}`] as const);

export const ScheduleForm = () => {
  const { types, sentence, type, config, busy, fault, faults, submit, field } = useCreateForm({
    first: empty,
    contentOf: scheduleOf,
    create: async ({ schedules }, schedule, options) =>
      scheduleHref((await schedules.create(schedule, options)).schedule_id),
  });

  return (
    <View title="Create a schedule">
      <Fault sentence={sentence} />
      <form class="card form" onSubmit={submit}>
        <FormFaults fault={fault} faults={faults} />
        <TextField label="Name" help="its jobs have the same" required {...field('name')} />
        <div class="pair">
          <TextField
            label="Rule"
            help="minute, hour, day, month, weekday: 0 9 * * MON; or @daily"
            required
            {...field('schedule_expression')}
          />
          <TextField label="Time zone" list="zones" {...field('timezone')} />
        </div>
        <Zones />
        <TypeChoice types={types} {...field('job_type')} />
        {type && <ConfigInput type={type} state={config} faults={faults} />}
        <ChoiceField
          label="When nothing woke in time"
          choices={explained(missedPolicies, missedWords)}
          {...field('missed')}
        />
        <ChoiceField
          label="While an earlier job goes on"
          choices={explained(concurrencyPolicies, concurrencyWords)}
          {...field('concurrency_policy')}
        />
        <details>
          <summary>More</summary>
          <TextField label="Description" {...field('description')} />
          <div class="pair">
            <ChoiceField
              label="Priority"
              choices={Object.keys(priorities).map((word) => [word, word] as const)}
              {...field('priority')}
            />
            <ChoiceField
              label="A job on start-up"
              choices={[
                ['no', 'no'],
                ['yes', 'yes'],
              ]}
              {...field('run_on_startup')}
            />
          </div>
          <TextField
            label="Starting deadline in seconds"
            type="number"
            help="what is later is not made up for"
            {...field('starting_deadline_seconds')}
          />
          <TextField label="Unique key" {...field('unique_key')} />
          <div class="pair">
            <TextField label="Retries at most" type="number" {...field('max_retries')} />
            <TextField label="Timeout in seconds" type="number" {...field('timeout_seconds')} />
          </div>
        </details>
        <FormEnd busy={busy} does="Create the schedule" back={hrefOf(['schedules'])} />
      </form>
    </View>
  );
};
