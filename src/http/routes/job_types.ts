// The job types this instance has code for, and the shape of their configs.
import { policyOf } from '../../core/definition.ts';
import { answer, route } from '../route.ts';
import type { JobTypeListAnswer } from '../wire/answers.ts';

export const listJobTypes = route({
  method: 'GET',
  path: '/job-types',
  operation: 'listJobTypes',
  summary: 'Lists the job types that are known here, with the shape of their configs',
  scope: 'read',
  answers: { 200: { description: 'All of them, by name', schema: 'JobTypeList' } },
  run: async ({ deps: { runner } }) => {
    const { configSchema } = await import('../openapi/config_schema.ts');
    const job_types = runner.job_types.map((job_type) => {
      const definition = runner.registry.get(job_type);
      return {
        job_type,
        config_schema: configSchema(definition.config),
        ...policyOf(definition),
      };
    });
    return answer({ job_types } satisfies JobTypeListAnswer);
  },
});
