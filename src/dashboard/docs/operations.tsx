// All operations of the API, by what they are about, and a search among them.
import { useEffect, useState } from 'preact/hooks';
import type { Json } from '../../core/json.ts';
import { TextField } from '../parts/field.tsx';
import { Fault } from '../parts/notice.tsx';
import { Part, View } from '../parts/view.tsx';
import { fits, type Operation, objectOf, operationsOf, wordsOf } from './document.ts';
import { useDocument } from './load.ts';
import { OperationCard } from './operation.tsx';
import { Prose } from './prose.tsx';

const About = ({ document }: { document: Json }) => {
  const { title, version, description } = objectOf(objectOf(document).info);
  return (
    <>
      <p class="dim">
        {wordsOf(title)} {wordsOf(version)} · <a href="openapi.json">openapi.json</a>
      </p>
      {wordsOf(description) !== '' && (
        <p class="prose">
          <Prose text={wordsOf(description)} />
        </p>
      )}
    </>
  );
};

const Groups = ({ document, shown }: { document: Json; shown: Operation[] }) => {
  const groups = [...new Set(shown.map(({ group }) => group))];
  return groups.map((group) => (
    <Part key={group} title={group}>
      {shown
        .filter((operation) => operation.group === group)
        .map((operation) => (
          <OperationCard key={operation.id} document={document} operation={operation} />
        ))}
    </Part>
  ));
};

export const Operations = () => {
  const { document, sentence } = useDocument();
  const [search, setSearch] = useState('');
  const all = document === null ? [] : operationsOf(document);
  const shown = all.filter((operation) => fits(operation, search));
  // A link to one of them was followed before they were there.
  useEffect(() => {
    const id = location.hash.slice(1);
    if (id !== '') window.document.getElementById(id)?.scrollIntoView();
  }, [document]);
  return (
    <View title="HTTP API">
      <Fault sentence={sentence} />
      {document !== null && (
        <>
          <About document={document} />
          <div class="filters">
            <TextField
              label="Search"
              type="search"
              help={`${shown.length} of ${all.length} operations`}
              value={search}
              onValue={setSearch}
            />
          </div>
          <Groups document={document} shown={shown} />
        </>
      )}
    </View>
  );
};
