// The part of a form that asks for a job's config, by the schema of its type.
import type { JobTypeAnswer } from '../../client/client.ts';
import { AreaField, ChoiceField, TextField } from '../parts/field.tsx';
import { JsonBlock } from '../parts/json_text.tsx';
import { More } from '../parts/more.tsx';
import { Fault } from '../parts/notice.tsx';
import type { ConfigState } from './config_state.ts';
import type { Faults } from './faults.ts';
import type { SchemaField } from './schema_fields.ts';

interface OneProps {
  field: SchemaField;
  value: string;
  fault: string | undefined;
  onValue: (value: string) => void;
}

const ConfigField = ({ field, value, fault, onValue }: OneProps) => {
  const { name, kind, required, help, choices } = field;
  const shared = { label: name, help, fault, required, value, onValue };
  if (kind === 'lines') return <AreaField {...shared} rows={3} />;
  if (kind === 'json') return <AreaField {...shared} rows={2} />;
  if (kind === 'text') return <TextField {...shared} />;
  if (kind === 'number') return <TextField {...shared} inputMode="decimal" />;
  const words: [string, string][] =
    kind === 'yes_no'
      ? [
          ['true', 'yes'],
          ['false', 'no'],
        ]
      : choices.map((choice) => [choice, choice]);
  return <ChoiceField {...shared} choices={[['', required ? 'choose' : 'not given'], ...words]} />;
};

interface Props {
  type: JobTypeAnswer;
  state: ConfigState;
  faults: Faults;
}

export const ConfigInput = ({ type, state, faults }: Props) => (
  <fieldset class="config">
    <legend>Config of {type.job_type}</legend>
    {state.as_json ? (
      <AreaField
        label="Config as JSON"
        rows={8}
        value={state.json}
        fault={faults.at('config')}
        onValue={state.setJson}
      />
    ) : (
      state.fields?.map((field) => (
        <ConfigField
          key={field.name}
          field={field}
          value={state.texts[field.name] ?? ''}
          fault={faults.at(`config.${field.name}`)}
          onValue={(text) => state.setText(field.name, text)}
        />
      ))
    )}
    <Fault sentence={state.stuck} />
    {state.fields !== null && (
      <button type="button" class="quiet" onClick={state.turn}>
        {state.as_json ? 'Fill in fields' : 'Write JSON'}
      </button>
    )}
    {state.as_json && (
      <More summary="Schema of this config">{() => <JsonBlock value={type.config_schema} />}</More>
    )}
  </fieldset>
);
