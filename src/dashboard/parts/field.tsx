// One field of a form: its label, its help, and what is wrong with it.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Control {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}

interface FieldProps {
  label: string;
  help?: ComponentChildren;
  fault?: string | undefined;
  required?: boolean;
  children: (control: Control) => ComponentChildren;
}

const Field = ({ label, help, fault, required = false, children }: FieldProps) => {
  const id = useId();
  const described = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(' ');
  const control: Control = {
    id,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': fault !== undefined,
  };
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required && <span class="dim"> (required)</span>}
      </label>
      {children(control)}
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
};

interface ValueProps extends Omit<FieldProps, 'children'> {
  value: string;
  onValue: (value: string) => void;
}

interface InputProps extends ValueProps {
  type?: 'text' | 'password' | 'number' | 'search' | 'datetime-local';
  /** id of a datalist */
  list?: string;
  inputMode?: 'decimal';
  autocomplete?: 'off';
  placeholder?: string;
}

export const TextField = (props: InputProps) => {
  const { label, help, fault, required = false, value, onValue, type = 'text', ...more } = props;
  return (
    <Field label={label} help={help} fault={fault} required={required}>
      {(control) => (
        <input
          {...control}
          {...more}
          // Which attributes there are depends on the type; those of InputProps are there for each.
          type={type as 'text'}
          step={type === 'number' ? 'any' : undefined}
          required={required}
          value={value}
          onInput={({ currentTarget }) => onValue(currentTarget.value)}
        />
      )}
    </Field>
  );
};

export const AreaField = ({
  rows = 4,
  value,
  onValue,
  ...field
}: ValueProps & { rows?: number }) => (
  <Field {...field}>
    {(control) => (
      <textarea
        {...control}
        rows={rows}
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    )}
  </Field>
);

/** What is chosen, and how it reads. */
export type Choices = readonly (readonly [value: string, words: string])[];

export const ChoiceField = ({
  choices,
  value,
  onValue,
  ...field
}: ValueProps & { choices: Choices }) => (
  <Field {...field}>
    {(control) => (
      <select
        {...control}
        required={field.required}
        value={value}
        onChange={({ currentTarget }) => onValue(currentTarget.value)}
      >
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    )}
  </Field>
);
