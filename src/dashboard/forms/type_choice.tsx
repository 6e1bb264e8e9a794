// Which type a job is to be of: those this instance has code for.

import { ChoiceField } from '../parts/field.tsx';
import { useLoaded } from '../shell/loaded.ts';

export const useTypes = () => {
  const { value, sentence } = useLoaded(
    (client, signal) => client.job_types.list({ signal }),
    '',
    null,
  );
  return { types: value?.job_types ?? [], sentence };
};

interface Props {
  types: { job_type: string }[];
  value: string;
  fault: string | undefined;
  onValue: (job_type: string) => void;
}

export const TypeChoice = ({ types, ...field }: Props) => (
  <ChoiceField
    {...field}
    label="Type"
    required
    choices={[['', 'choose'], ...types.map(({ job_type }) => [job_type, job_type] as const)]}
  />
);
