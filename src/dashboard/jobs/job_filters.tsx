// Which jobs are listed: by status and type; or one of them, by its id.
import { useState } from 'preact/hooks';
import { type JobStatus, jobStatuses } from '../../core/job.ts';
import { useTypes } from '../forms/type_choice.tsx';
import { ChoiceField, TextField } from '../parts/field.tsx';
import { go, hrefOf, jobHref } from '../shell/place.ts';

interface Props {
  status: JobStatus | null;
  job_type: string | null;
}

export const JobFilters = ({ status, job_type }: Props) => {
  const { types } = useTypes();
  const known = types.map((type) => type.job_type);
  // Jobs may be of types that this instance has no code for.
  const names = job_type === null || known.includes(job_type) ? known : [...known, job_type];
  const [id, setId] = useState('');
  const list = (changed: Record<string, string>) =>
    go(hrefOf(['jobs'], { status, type: job_type, ...changed }));
  const open = (event: Event) => {
    event.preventDefault();
    if (id.trim() !== '') go(jobHref(id.trim()));
  };
  return (
    <div class="filters">
      <ChoiceField
        label="Status"
        value={status ?? ''}
        choices={[['', 'any'], ...jobStatuses.map((each) => [each, each] as const)]}
        onValue={(value) => list({ status: value })}
      />
      <ChoiceField
        label="Type"
        value={job_type ?? ''}
        choices={[['', 'any'], ...names.map((each) => [each, each] as const)]}
        onValue={(value) => list({ type: value })}
      />
      <form onSubmit={open}>
        <TextField label="Job id" value={id} onValue={setId} placeholder="whole id" />
        <button type="submit">Open</button>
      </form>
    </div>
  );
};
