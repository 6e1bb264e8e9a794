// One operation of the API: what to send, and what comes back.
import type { Json } from '../../core/json.ts';
import { More } from '../parts/more.tsx';
import { Table } from '../parts/table.tsx';
import { type Body, type JsonObject, type Operation, objectOf, wordsOf } from './document.ts';
import { Prose } from './prose.tsx';
import { kindOf, Schema } from './schema.tsx';

interface BodiesProps {
  document: Json;
  bodies: Body[];
  sent: boolean;
}

const Bodies = ({ document, bodies, sent }: BodiesProps) =>
  bodies.map(({ type, schema }) => (
    <div key={type}>
      <p>
        <code>{type}</code>
      </p>
      <Schema document={document} schema={schema} sent={sent} />
    </div>
  ));

const shape = (parameter: JsonObject): JsonObject => objectOf(parameter.schema);

const Parameters = ({ document, operation }: { document: Json; operation: Operation }) => (
  <Table
    caption={`Parameters of ${operation.method} ${operation.path}`}
    columns={[{ name: 'Parameter' }, { name: 'In' }, { name: 'What it is' }]}
    rows={operation.parameters.map((parameter) => ({
      key: `${wordsOf(parameter.in)} ${wordsOf(parameter.name)}`,
      cells: [
        <code>{wordsOf(parameter.name)}</code>,
        wordsOf(parameter.in),
        <>
          <span class="dim">
            {kindOf(document, shape(parameter))}
            {parameter.required === true && ', required'}
          </span>
          <p>
            <Prose text={wordsOf(parameter.description) || wordsOf(shape(parameter).description)} />
          </p>
        </>,
      ],
    }))}
  />
);

const Answer = ({ document, of }: { document: Json; of: Operation['answers'][number] }) => {
  const line = (
    <>
      <strong>{of.status}</strong> <Prose text={of.description} />
    </>
  );
  return of.body.length === 0 ? (
    <p class="answer">{line}</p>
  ) : (
    <More class="answer" summary={line}>
      {() => <Bodies document={document} bodies={of.body} sent={false} />}
    </More>
  );
};

export const OperationCard = ({
  document,
  operation,
}: {
  document: Json;
  operation: Operation;
}) => (
  <article class="card operation" id={operation.id}>
    <h3>
      <span class={`method method-${operation.method.toLowerCase()}`}>{operation.method}</span>{' '}
      <a href={`#${operation.id}`}>
        <code>{operation.path}</code>
      </a>
    </h3>
    <p>
      <Prose text={operation.summary} />
    </p>
    {operation.description !== '' && (
      <p class="dim">
        <Prose text={operation.description} />
      </p>
    )}
    {operation.parameters.length > 0 && (
      <>
        <h4>Parameters</h4>
        <Parameters document={document} operation={operation} />
      </>
    )}
    {operation.body.length > 0 && (
      <>
        <h4>Body{operation.required ? '' : ' (may be left out)'}</h4>
        <Bodies document={document} bodies={operation.body} sent />
      </>
    )}
    <h4>Answers</h4>
    {operation.answers.map((answer) => (
      <Answer key={answer.status} document={document} of={answer} />
    ))}
  </article>
);
