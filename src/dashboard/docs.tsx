// The API page's entry: reads openapi.json and shows every operation.
import { render } from 'preact';
import { Operations } from './docs/operations.tsx';
import { Page } from './shell/page.tsx';

const links = [
  { name: 'Overview', href: './#/' },
  { name: 'Jobs', href: './#/jobs' },
  { name: 'Schedules', href: './#/schedules' },
  { name: 'HTTP API', href: 'docs', current: true },
].map((link) => ({ current: false, ...link }));

const root = document.getElementById('app');
if (root !== null) {
  render(
    <Page links={links}>
      <Operations />
    </Page>,
    root,
  );
}
