// The Supabase store on a project of its own, with a clock that stands still until a test moves it.
import { openSupabase } from '../../src/stores/supabase.ts';
import { clocked, clockedData } from './postgres_data.ts';
import { type Project, startProject } from './supabase.ts';

let project: Promise<Project> | undefined;

/** One project a test file, emptied each time. */
export const supabaseData = async () => {
  project ??= startProject(clocked);
  const { url, service_role_key, database } = await project;
  return clockedData(database, () => openSupabase(url, service_role_key));
};
