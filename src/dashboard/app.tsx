// Which view stands at which place.
import { JobForm } from './jobs/job_form.tsx';
import { JobList } from './jobs/job_list.tsx';
import { JobView } from './jobs/job_view.tsx';
import { Overview } from './overview/overview.tsx';
import { Notice } from './parts/notice.tsx';
import { View } from './parts/view.tsx';
import { ScheduleForm } from './schedules/schedule_form.tsx';
import { ScheduleList } from './schedules/schedule_list.tsx';
import { ScheduleView } from './schedules/schedule_view.tsx';
import { Page } from './shell/page.tsx';
import { hrefOf, type Place, placeOf, useHash } from './shell/place.ts';

const viewOf = ({ path, query }: Place) => {
  const [what, id] = path;
  if (what === undefined) return <Overview hours={query.get('hours')} />;
  if (what === 'jobs' && id === undefined) return <JobList query={query} />;
  if (what === 'jobs' && id === 'new') return <JobForm job_type={query.get('type')} />;
  if (what === 'job' && id !== undefined) return <JobView key={id} job_id={id} />;
  if (what === 'schedules' && id === undefined) return <ScheduleList query={query} />;
  if (what === 'schedules' && id === 'new') return <ScheduleForm />;
  if (what === 'schedule' && id !== undefined) return <ScheduleView key={id} schedule_id={id} />;
  return (
    <View title="Nothing here">
      <Notice kind="plain">
        There is no such view. The <a href={hrefOf([])}>overview</a> leads to all there are.
      </Notice>
    </View>
  );
};

const sections = [
  { name: 'Overview', path: [], within: [''] },
  { name: 'Jobs', path: ['jobs'], within: ['jobs', 'job'] },
  { name: 'Schedules', path: ['schedules'], within: ['schedules', 'schedule'] },
];

export const App = () => {
  const place = placeOf(useHash());
  const links = sections.map(({ name, path, within }) => ({
    name,
    href: hrefOf(path),
    current: within.includes(place.path[0] ?? ''),
  }));
  return (
    <Page links={[...links, { name: 'HTTP API', href: 'docs', current: false }]}>
      {viewOf(place)}
    </Page>
  );
};
